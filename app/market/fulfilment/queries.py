"""What is known of the way of a thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import select, union_all

from app.kernel.ids import OrderId
from app.kernel.later import Later
from app.market.fulfilment.models import HandoverCode, Meeting, Parcel
from app.market.fulfilment.rules import code_of, scan_path, tracking_url
from app.market.fulfilment.values import MAX_TRIES, Handing, MeetingView, ParcelView
from app.platform.addresses import absolute
from app.platform.database import db

if TYPE_CHECKING:
    import segno
else:
    segno = Later("segno")


def handings(ids: Sequence[OrderId]) -> Mapping[OrderId, Handing]:
    """Meeting and parcel of each order, in one statement; of which nothing is known is left out."""
    if not ids:
        return {}
    every = union_all(*(select(table.order_id) for table in (Meeting, Parcel, HandoverCode))).subquery()
    wanted = select(every.c.order_id).where(every.c.order_id.in_(ids)).distinct().subquery()
    query = (
        select(wanted.c.order_id, Meeting, Parcel, HandoverCode.tries)
        .outerjoin(Meeting, Meeting.order_id == wanted.c.order_id)
        .outerjoin(Parcel, Parcel.order_id == wanted.c.order_id)
        .outerjoin(HandoverCode, HandoverCode.order_id == wanted.c.order_id)
    )
    return {
        row.order_id: Handing(
            meeting=_meeting(row.Meeting), parcel=_parcel(row.Parcel), locked=(row.tries or 0) >= MAX_TRIES
        )
        for row in db.session.execute(query)
    }


def handing_of(order_id: OrderId) -> Handing:
    """What is known of one."""
    return handings([order_id]).get(order_id, Handing())


def shown_code(order_id: OrderId) -> str | None:
    """The code that the buyer shows at the meeting; who may see it is decided by who asks."""
    salt = db.session.scalar(select(HandoverCode.salt).where(HandoverCode.order_id == order_id))
    return code_of(secret(), order_id, salt) if salt else None


def code_picture(order_id: OrderId, code: str) -> str:
    """The code as a picture for the seller's camera: the address where it is typed in, with the code."""
    told = absolute(scan_path(order_id)) + "#" + code
    return str(segno.make(told, error="m", micro=False).svg_data_uri(scale=4, border=3, light="white"))


def secret() -> bytes:
    """The installation's own."""
    return str(current_app.config["SECRET_KEY"]).encode()


def _meeting(row: Meeting | None) -> MeetingView | None:
    if row is None:
        return None
    return MeetingView(
        at=row.at,
        place=row.place,
        proposed_by=row.proposed_by,
        agreed=row.agreed_at is not None,
        cancel_by=row.cancel_by,
    )


def _parcel(row: Parcel | None) -> ParcelView | None:
    if row is None:
        return None
    url = tracking_url(row.carrier, row.tracking)
    return ParcelView(carrier=row.carrier, tracking=row.tracking, url=url, shipped_at=row.shipped_at)
