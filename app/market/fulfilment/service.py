"""Meetings, codes and parcels. Who may do it, and when, the order decides: each is called inside its transaction."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select, update

from app.kernel.clock import clock
from app.kernel.errors import N_, Conflict, Invalid
from app.kernel.ids import MemberId, OrderId
from app.market.fulfilment.models import HandoverCode, Meeting, Parcel
from app.market.fulfilment.queries import secret
from app.market.fulfilment.rules import check_time, code_of, is_same, scanned_order, typed_code
from app.market.fulfilment.values import (
    CODE_LENGTH,
    MAX_CARRIER_LENGTH,
    MAX_PLACE_LENGTH,
    MAX_TRACKING_LENGTH,
    MAX_TRIES,
)
from app.platform.database import db, unit_of_work
from app.platform.markup import clean_line
from app.platform.sql import transition, upsert


class WrongCode(Invalid):
    """Another code, or another order's."""

    code = "wrong_code"

    def __init__(self) -> None:
        super().__init__(N_("This code is wrong. Check it and try again."))


class OtherOrder(Invalid):
    """The picture that was scanned is another order's."""

    code = "other_order"

    def __init__(self) -> None:
        super().__init__(N_("This code belongs to another order. Open that order to hand it over."))


def propose_within(order_id: OrderId, by: MemberId, at: datetime | None, place: str) -> None:
    """Say when and where; it takes the place of what was proposed or agreed before."""
    when, where = check_time(at, clock.now()), clean_line(place, MAX_PLACE_LENGTH)
    if not where:
        raise Invalid("Enter where to meet.", code="place_missing")
    with unit_of_work():
        row = {"order_id": order_id, "at": when, "place": where, "proposed_by": by, "agreed_at": None}
        upsert(Meeting, row, keys=("order_id",))


def book_within(order_id: OrderId, by: MemberId, at: datetime, place: str, cancel_by: datetime) -> None:
    """A time that was opened and taken: both have agreed to it."""
    with unit_of_work():
        row = {
            "order_id": order_id,
            "at": at,
            "place": place,
            "proposed_by": by,
            "agreed_at": clock.now(),
            "cancel_by": cancel_by,
        }
        upsert(Meeting, row, keys=("order_id",))


def agree_within(order_id: OrderId, by: MemberId) -> None:
    """The other side's proposal stands."""
    with unit_of_work():
        other = select(Meeting.proposed_by).where(Meeting.order_id == order_id, Meeting.proposed_by != by)
        proposer = db.session.scalar(other)
        if proposer is None or not transition(
            Meeting,
            {"order_id": order_id, "proposed_by": proposer, "agreed_at": None},
            {"agreed_at": clock.now()},
        ):
            raise Conflict("No time has been suggested.", code="not_now")


def new_code_within(order_id: OrderId) -> None:
    """A code for the meeting; a new one takes the place of the old, with all its tries."""
    with unit_of_work():
        upsert(HandoverCode, {"order_id": order_id, "salt": secrets.token_hex(8), "tries": 0}, keys=("order_id",))


def check_whose(order_id: OrderId, typed: str) -> None:
    """Raises `OtherOrder` for another order's picture: nobody guesses with it, so it is no try."""
    if scanned_order(typed) not in {None, order_id}:
        raise OtherOrder


def count_try(order_id: OrderId) -> None:
    """Before a code is looked at, and kept whether it is right or wrong: a million codes are not many.

    A use case of its own: what is refused afterwards must not undo it. Raises `Conflict` after too many.
    """
    with unit_of_work():
        tried = db.session.execute(
            update(HandoverCode)
            .where(HandoverCode.order_id == order_id, HandoverCode.tries < MAX_TRIES)
            .values(tries=HandoverCode.tries + 1)
            .returning(HandoverCode.tries)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if tried is None:
            raise Conflict("Too many wrong codes. The buyer can show a new one.", code="code_locked")


def check_code_within(order_id: OrderId, typed: str) -> None:
    """Raises `WrongCode` when it is not this order's code of now."""
    digits = typed_code(typed)
    salt = db.session.scalar(select(HandoverCode.salt).where(HandoverCode.order_id == order_id))
    if len(digits) != CODE_LENGTH or salt is None or not is_same(code_of(secret(), order_id, salt), digits):
        raise WrongCode


def ship_within(order_id: OrderId, carrier: str, tracking: str) -> None:
    """The parcel is given to a carrier."""
    with unit_of_work():
        row = {
            "order_id": order_id,
            "carrier": clean_line(carrier, MAX_CARRIER_LENGTH),
            "tracking": clean_line(tracking, MAX_TRACKING_LENGTH),
            "shipped_at": clock.now(),
        }
        upsert(Parcel, row, keys=("order_id",))
