"""Two items become one: what stands behind each pair of records of the same purchase, answer × answer."""

from __future__ import annotations

from itertools import product

import pytest
from sqlalchemy import func, insert, select

from app.community.items.service import add_item
from app.community.purchases.models import PurchaseEvidence
from app.community.purchases.service import follow_merge
from app.community.purchases.values import IN_FORCE, PurchaseState
from app.kernel.clock import clock
from app.platform.database import db, unit_of_work
from tests.support.people import MemberFactory

pytestmark = pytest.mark.databases("sqlite", "postgres")

# What a record says, and whether whoever made it has taken it back; None: there is no record.
RECORDS = [None, *product(PurchaseState, (False, True))]
Record = tuple[PurchaseState, bool] | None


def in_force(record: Record) -> bool:
    return record is not None and record[0] in IN_FORCE and not record[1]


def refused(record: Record) -> bool:
    return record is not None and record[0] == PurchaseState.DECLINED and not record[1]


def test_a_buyers_yes_outlives_the_merging_of_what_was_bought(member: MemberFactory) -> None:
    ana = member("ana")
    kept = add_item(ana, kind="product", title="Kettle")
    gone = add_item(ana, kind="product", title="A kettle of copper")
    cases = {f"store:{number}": pair for number, pair in enumerate(product(RECORDS, RECORDS))}
    with unit_of_work():
        for occasion, pair in cases.items():
            for item, record in zip((gone, kept), pair, strict=True):
                if record is not None:
                    db.session.execute(insert(PurchaseEvidence).values(
                        member_id=ana, item_id=item, occasion=occasion, state=record[0].value,
                        withdrawn_at=clock.now() if record[1] else None,
                    ))  # fmt: skip
    follow_merge(gone, kept)
    rows = db.session.execute(
        select(PurchaseEvidence.occasion, PurchaseEvidence.state, PurchaseEvidence.withdrawn_at)
    ).all()
    left = {row.occasion: (PurchaseState(row.state), row.withdrawn_at is not None) for row in rows}
    assert len(left) == len(rows) == sum(any(pair) for pair in cases.values()), "one record of each purchase"
    assert db.session.scalar(select(func.count()).where(PurchaseEvidence.item_id != kept)) == 0
    for occasion, pair in cases.items():
        assert in_force(left.get(occasion)) == any(map(in_force, pair)), pair
        if any(map(refused, pair)) and not any(map(in_force, pair)):
            assert refused(left[occasion]), pair
