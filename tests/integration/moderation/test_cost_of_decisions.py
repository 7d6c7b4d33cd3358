"""What one decision costs, and what recommending somebody's thing does: few write transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from sqlalchemy import event

from app.community.recommendations.service import recommend_subject
from app.kernel.subjects import Subject
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.moderation.decisions.service import decide
from app.moderation.reports.service import file_report
from app.platform.database import WRITE, db
from app.platform.event_log import run_reactions
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

pytestmark = pytest.mark.databases("sqlite", "postgres")

LAMP = ListingDraft(kind="sale", title="A stolen lamp", condition="good", price=Decimal(18))


@contextmanager
def writes() -> Iterator[list[str]]:
    """The write transactions that begin meanwhile."""
    begun: list[str] = []

    def note(connection: object) -> None:
        if connection.get_execution_options().get(WRITE):  # type: ignore[attr-defined]
            begun.append("write")

    engine = db.engine
    event.listen(engine, "begin", note)
    try:
        yield begun
    finally:
        event.remove(engine, "begin", note)


# Write transactions and statements of the reactions, until nothing is left to do. One ends the offers for what is gone.
@pytest.mark.parametrize(("decision", "transactions", "most"), [("dismiss", 3, 30), ("remove", 11, 77)])
def test_a_decision_is_acted_on_in_few_transactions(
    member: MemberFactory, decision: str, transactions: int, most: int
) -> None:
    ana, bo, mo = member("ana"), member("bo"), member("mo", role="moderator")
    listing = publish_listing(bo, LAMP)
    report = file_report(ana, Subject("listing", listing), "scam")
    while run_reactions():
        pass
    decide(mo, report, decision, "Looked into it.")
    with writes() as begun, statements() as sent:
        while run_reactions():
            pass
    assert len(begun) == transactions
    assert len(sent) <= most, sent


def test_recommending_a_listing_does_not_ask_its_page(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    listing = publish_listing(bo, LAMP)
    with writes() as begun, statements() as sent:
        recommend_subject(ana, Subject("listing", listing), "recommend")
    assert len(begun) == 1
    assert len(sent) <= 12, sent
