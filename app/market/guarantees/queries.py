"""Who stands in for whom."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ScalarSelect, func, select

from app.kernel.ids import MemberId, OrderId
from app.kernel.money import Money
from app.kernel.viewer import Viewer
from app.market.guarantees.models import Guarantee
from app.market.guarantees.values import SHOWN, GuaranteeView, State
from app.people.profiles.queries import cards
from app.platform.database import db


def of_order(order_id: OrderId) -> GuaranteeView | None:
    """The newest one, for the people of the order: whoever calls has looked who asks."""
    query = select(Guarantee).where(Guarantee.order_id == order_id).order_by(Guarantee.id.desc()).limit(1)
    found = _views(db.session.scalars(query).all())
    return found[0] if found else None


def of_guarantor(member_id: MemberId) -> list[GuaranteeView]:
    """What the member is asked for and stands in for, the newest first."""
    query = select(Guarantee).where(Guarantee.guarantor_id == member_id).order_by(Guarantee.id.desc()).limit(SHOWN)
    return _views(db.session.scalars(query).all())


def to_answer(viewer: Viewer) -> ScalarSelect[int]:
    """How many friends wait for the viewer's answer."""
    asked = (Guarantee.guarantor_id == viewer.id, Guarantee.state == State.ASKED.value)
    return select(func.count()).select_from(Guarantee).where(*asked).scalar_subquery()


def _views(rows: Sequence[Guarantee]) -> list[GuaranteeView]:
    faces = cards({one for row in rows for one in (row.buyer_id, row.guarantor_id)}) if rows else {}
    return [
        GuaranteeView(
            id=row.id,
            order_id=row.order_id,
            buyer=faces[row.buyer_id],
            guarantor=faces[row.guarantor_id],
            amount=row.amount,
            state=State(row.state),
            at=row.created_at,
            called=Money(row.called_minor, row.currency) if row.called_minor else None,
        )
        for row in rows
    ]
