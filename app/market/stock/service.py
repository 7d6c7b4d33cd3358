"""Taking from the stock and giving back, each by one conditional statement."""

from __future__ import annotations

from sqlalchemy import ColumnElement, update

from app.kernel.errors import N_, Conflict, Invalid
from app.kernel.subjects import Subject
from app.market.stock.models import Stock
from app.platform.database import db, unit_of_work
from app.platform.sql import insert_or_ignore, upsert

HIGHEST_TOTAL = 1_000_000


class SoldOut(Conflict):
    """There are not as many left as are wanted."""

    code = "sold_out"

    def __init__(self) -> None:
        super().__init__(N_("This is no longer available."))


def open_within(subject: Subject, total: int) -> None:
    """Begin to count a thing of which there are `total`; one that is counted already stays as it is."""
    with unit_of_work():
        insert_or_ignore(Stock, {"thing_kind": subject.kind, "thing_id": subject.id, "total": total, "taken": 0})


def set_total_within(subject: Subject, total: int) -> None:
    """There are so many in all, what was taken among them; raises `Invalid` when more are taken already."""
    if not 0 <= total <= HIGHEST_TOTAL:
        raise Invalid("Enter a number from 0 to %(most)s.", code="bad_quantity", most=HIGHEST_TOTAL)
    with unit_of_work():
        row = {"thing_kind": subject.kind, "thing_id": subject.id, "total": total, "taken": 0}
        if not upsert(Stock, row, keys=("thing_kind", "thing_id"), news=("total",), where=Stock.taken <= total):
            raise Invalid("More than %(total)s are sold already.", code="bad_quantity", total=total)


def take_within(subject: Subject, quantity: int) -> None:
    """So many are spoken for; of two who want the last one, one gets `SoldOut`."""
    _check(quantity)
    with unit_of_work():
        if not _moved(subject, quantity, Stock.taken + quantity <= Stock.total):
            raise SoldOut


def give_back_within(subject: Subject, quantity: int) -> None:
    """So many can be had again."""
    _check(quantity)
    with unit_of_work():
        if not _moved(subject, -quantity, Stock.taken >= quantity):
            raise RuntimeError(f"{subject}: {quantity} given back that were not taken")


def _check(quantity: int) -> None:
    if not 0 < quantity <= HIGHEST_TOTAL:
        raise Invalid("Enter a quantity of at least 1.", code="bad_quantity")


def _moved(subject: Subject, by: int, possible: ColumnElement[bool]) -> bool:
    moved = db.session.execute(
        update(Stock)
        .where(Stock.thing_kind == subject.kind, Stock.thing_id == subject.id, possible)
        .values(taken=Stock.taken + by)
        .returning(Stock.taken)
        .execution_options(synchronize_session=False)
    )
    return moved.one_or_none() is not None
