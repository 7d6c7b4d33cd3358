"""Keeping a search, and hearing once of each thing that fits."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from app.discovery.saved_searches import queries, service
from app.discovery.saved_searches.models import SavedSearch, SavedSearchHit
from app.discovery.saved_searches.values import MOST, NOTICE, Cadence
from app.discovery.search.values import Wanted
from app.kernel.clock import clock
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.ids import new_id
from app.kernel.money import Money
from app.market.listings.events import ListingPublished
from app.market.listings.service import edit_listing, publish_listing, remove_listing
from app.market.listings.values import ListingDraft
from app.notifications.inbox.models import NotificationRow
from app.people.blocks.service import block
from app.platform.database import db, unit_of_work
from app.platform.event_log import run_reactions
from app.reactions import saved_searches
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory
from tests.support.sql_count import statements


@pytest.fixture
def people(member: MemberFactory) -> dict[str, int]:
    """Ana trusts Bo; nobody knows Cem."""
    found = {name: member(name) for name in ("ana", "bo", "cem")}
    vouch(found["ana"], found["bo"], "trust_fully")
    return found


def lamp(title: str = "Brass lamp", price: int = 20, **more: Any) -> ListingDraft:
    return ListingDraft(kind="sale", title=title, condition="good", price=Decimal(price), **more)


def told(member_id: int) -> list[str]:
    db.session.rollback()
    mine = NotificationRow.member_id == member_id, NotificationRow.kind == NOTICE
    return list(db.session.scalars(select(NotificationRow.subject_id).where(*mine).order_by(NotificationRow.at)))


FITS = [
    (Wanted(q="lamp"), True),
    (Wanted(q="lam"), True),
    (Wanted(q="brass LÁMP"), True),
    (Wanted(q="lampshade"), False),
    (Wanted(q="茶壺"), False),
    (Wanted(q="lamp", category="home"), True),
    (Wanted(category="home"), True),
    (Wanted(q="lamp", category="art"), False),
    (Wanted(q="lamp", offer="give"), False),
    (Wanted(q="lamp", max_price=Money(2000, "EUR"), currency="EUR"), True),
    (Wanted(q="lamp", max_price=Money(1999, "EUR"), currency="EUR"), False),
    (Wanted(q="lamp", near="lun"), True),
    (Wanted(near="Lund"), True),
    (Wanted(q="lamp", near="Malmö"), False),
    (Wanted(q="lamp", hops=1), True),
]


@pytest.mark.databases("sqlite")
def test_words_and_filters_decide(people: dict[str, int]) -> None:
    kept = {service.save_search(people["ana"], wanted, Cadence.WEEKLY): fits for wanted, fits in FITS}
    publish_listing(people["bo"], lamp(category="home", place="Lund"))
    run_reactions()
    assert {one.id: one.found == 1 for one in queries.mine(people["ana"])} == kept


def test_each_find_is_told_once_whatever_runs_again(people: dict[str, int]) -> None:
    for q in ("lamp", "brass"):
        service.save_search(people["ana"], Wanted(q=q))
    listing = publish_listing(people["bo"], lamp())
    run_reactions()
    assert told(people["ana"]) == [listing]
    edit_listing(people["bo"], listing, lamp("Brass lamp, polished"))
    run_reactions()
    with unit_of_work():
        saved_searches.react(ListingPublished(listing_id=listing, seller_id=people["bo"], kind="sale"), 1)
    assert told(people["ana"]) == [listing]
    assert [one.found for one in queries.mine(people["ana"])] == [1, 1]


def test_a_lower_price_is_news(people: dict[str, int]) -> None:
    service.save_search(people["ana"], Wanted(q="lamp", max_price=Money(1500, "EUR"), currency="EUR"))
    listing = publish_listing(people["bo"], lamp(price=20))
    run_reactions()
    assert told(people["ana"]) == []
    edit_listing(people["bo"], listing, lamp(price=15))
    run_reactions()
    assert told(people["ana"]) == [listing]


def test_own_blocked_distant_and_removed_things_are_no_finds(people: dict[str, int]) -> None:
    ana, bo, cem = people["ana"], people["bo"], people["cem"]
    service.save_search(ana, Wanted(q="lamp", hops=2))
    service.save_search(bo, Wanted(q="lamp"))
    publish_listing(cem, lamp())
    publish_listing(ana, lamp())
    block(bo, cem)
    gone = publish_listing(bo, lamp("Short lamp"))
    remove_listing(bo, gone)
    run_reactions()
    assert told(ana) == []
    assert len(told(bo)) == 1


def test_the_day_and_the_week_are_summed_up(people: dict[str, int], fixed_clock: Any) -> None:
    ana = people["ana"]
    daily = service.save_search(ana, Wanted(q="lamp"), Cadence.DAILY)
    service.save_search(ana, Wanted(q="lamp", near="Lund"), Cadence.OFF)
    listings = [publish_listing(people["bo"], lamp(f"Lamp {n}", place="Lund")) for n in range(3)]
    run_reactions()
    assert service.tell_due() == 0
    assert told(ana) == []
    fixed_clock.advance(timedelta(hours=25))
    assert service.tell_due() == 1
    assert told(ana) == [daily]
    assert sorted(queries.found_by(daily)) == sorted(listings)
    fixed_clock.advance(timedelta(hours=25))
    assert service.tell_due() == 0
    service.set_cadence(ana, daily, Cadence.WEEKLY)
    publish_listing(people["bo"], lamp("Last lamp"))
    run_reactions()
    assert service.tell_due() == 0
    # Who wants to hear at once does not wait for the week to be over.
    service.set_cadence(ana, daily, Cadence.INSTANT)
    assert service.tell_due() == 1
    assert told(ana) == [daily, daily]


def test_two_summaries_at_once_send_one(app: Flask, people: dict[str, int], fixed_clock: Any) -> None:
    ana = people["ana"]
    service.save_search(ana, Wanted(q="lamp"), Cadence.DAILY)
    publish_listing(people["bo"], lamp())
    run_reactions()
    fixed_clock.advance(timedelta(days=2))
    assert _at_once(app, service.tell_due) == [0, 0, 0, 1]
    assert len(told(ana)) == 1


def test_two_reactions_at_once_tell_once_and_a_careless_one_would_not(app: Flask, people: dict[str, int]) -> None:
    """The row is the right to tell: who looks first and then writes tells twice."""
    saved = service.save_search(people["ana"], Wanted(q="lamp"), Cadence.DAILY)
    listing = publish_listing(people["bo"], lamp())
    assert sorted(_at_once(app, lambda: service.look_for("listing", listing))) == [0, 0, 0, 1]
    all_looked = threading.Barrier(4)

    def careless() -> int:
        hits = select(func.count()).select_from(SavedSearchHit).where(SavedSearchHit.subject_id == "other")
        there = db.session.scalar(hits)
        all_looked.wait(10)
        return 0 if there else 1

    assert _at_once(app, careless) == [1, 1, 1, 1]
    assert queries.found_by(saved) == [listing]


def _at_once(app: Flask, work: Any) -> list[int]:
    answers: list[int] = []
    ready = threading.Barrier(4)

    def run() -> None:
        with app.app_context():
            ready.wait(10)
            answers.append(work())
            db.session.remove()

    db.session.rollback()
    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_a_search_is_ones_own_and_there_are_not_too_many(people: dict[str, int]) -> None:
    ana, bo = people["ana"], people["bo"]
    saved = service.save_search(ana, Wanted(q="lamp"))
    assert service.save_search(ana, Wanted(q="lamp", exact=True)) == saved
    for act in (
        lambda: queries.get_mine(bo, saved),
        lambda: service.set_cadence(bo, saved, Cadence.OFF),
        lambda: service.remove_search(bo, saved),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Invalid):
        service.save_search(ana, Wanted(q="  "))
    with pytest.raises(Invalid):
        service.save_search(ana, Wanted(q="ana", kind="member"))
    with unit_of_work():
        db.session.execute(insert(SavedSearch), [_row(ana, f"old {n}", f"zz{n}") for n in range(MOST - 1)])
    with pytest.raises(Conflict):
        service.save_search(ana, Wanted(q="one more"))
    service.remove_search(ana, saved)
    assert service.save_search(ana, Wanted(q="one more"))


def _row(member_id: int, q: str, anchor: str) -> dict[str, Any]:
    return {
        "id": new_id(), "member_id": member_id, "address": f"q={q}", "asked": {"kind": "listing", "q": q},
        "anchor": anchor, "cadence": "daily", "created_at": clock.now(), "told_at": clock.now(),
    }  # fmt: skip


def test_among_ten_thousand_searches_one_publication_costs_few_statements(people: dict[str, int]) -> None:
    with unit_of_work():
        rows = [_row(people["ana"], f"word{n:05} thing", f"word{n:05}") for n in range(10_000)]
        db.session.execute(insert(SavedSearch), rows)
    long = " ".join(f"other{n}" for n in range(600))
    listing = publish_listing(people["bo"], lamp("Thing word00077 and word04321", description=long))
    with statements() as sent:
        assert service.look_for("listing", listing) == 2
    # One of them asks whom the listing is for.
    assert len(sent) <= 5, sent
