"""One listing on top of a profile: who may put it there, who sees it, and when it goes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.kernel.errors import Conflict, Forbidden, NotFound
from app.market.listings import service as listings
from app.market.listings.models import Listing
from app.market.listings.queries import of_seller
from app.market.listings.values import ListingDraft
from app.market.pins import checks, privacy, queries, service
from app.market.pins.models import PinnedListing
from app.people.blocks.service import block
from app.platform.database import EventRow, db, unit_of_work
from app.platform.event_log import run_reactions
from tests.support.people import MemberFactory


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> int:
    return member("bo")


def offer(seller: int, title: str) -> str:
    return listings.publish_listing(seller, ListingDraft(kind="give", title=title, category="home", condition="good"))


def recorded(name: str) -> list[str]:
    rows = db.session.scalars(select(EventRow.payload).where(EventRow.name == name).order_by(EventRow.id))
    return [row["listing_id"] for row in rows]


def on_page(viewer: int | None, seller: int, *, limit: int = 8) -> tuple[str | None, list[str]]:
    shown, rest = queries.on_top(viewer, seller, of_seller(viewer, seller, limit=limit))
    return shown.title if shown else None, [card.title for card in rest]


def test_a_second_pin_takes_the_place_of_the_first_and_the_same_again_is_no_news(bo: int) -> None:
    lamp, chair = offer(bo, "Lamp"), offer(bo, "Chair")
    assert on_page(None, bo) == (None, ["Chair", "Lamp"])
    service.pin_listing(bo, lamp)
    service.pin_listing(bo, lamp)
    assert on_page(None, bo) == ("Lamp", ["Chair"])
    service.pin_listing(bo, chair)
    assert on_page(None, bo) == ("Chair", ["Lamp"])
    assert recorded("ListingPinned") == [lamp, chair]
    service.unpin_listing(bo, lamp)
    assert queries.pinned_by(bo) == chair
    service.unpin_listing(bo, chair)
    assert on_page(None, bo) == (None, ["Chair", "Lamp"])
    assert recorded("ListingUnpinned") == [chair]
    assert checks.run() == []


def test_an_old_one_is_fetched_from_behind_the_newest(bo: int, member: MemberFactory) -> None:
    old = offer(bo, "Old")
    service.pin_listing(bo, old)
    offer(bo, "New")
    assert on_page(member("ana"), bo, limit=1) == ("Old", ["New"])


def test_only_what_is_ones_own_and_can_be_had(bo: int, member: MemberFactory) -> None:
    lamp = offer(bo, "Lamp")
    with pytest.raises(Forbidden):
        service.pin_listing(member("ana"), lamp)
    with pytest.raises(NotFound):
        service.pin_listing(bo, "nothing")
    listings.mark_sold(bo, lamp)
    with pytest.raises(Conflict):
        service.pin_listing(bo, lamp)
    assert queries.pinned_by(bo) is None


def test_who_may_not_see_a_listing_does_not_see_it_on_top(bo: int, member: MemberFactory) -> None:
    ana = member("ana")
    service.pin_listing(bo, offer(bo, "Lamp"))
    block(bo, ana)
    assert on_page(ana, bo) == (None, [])
    assert on_page(bo, bo) == ("Lamp", [])


@pytest.mark.parametrize("end", [listings.mark_sold, listings.remove_listing])
def test_what_is_gone_stands_on_no_profile(bo: int, end: object) -> None:
    run_reactions()
    lamp = offer(bo, "Lamp")
    service.pin_listing(bo, lamp)
    assert callable(end)
    end(bo, lamp)
    assert on_page(None, bo)[0] is None, "at once, before any reaction"
    run_reactions()
    assert queries.pinned_by(bo) is None
    assert recorded("ListingUnpinned") == [lamp]


def test_of_many_at_once_one_stays(app: Flask, bo: int) -> None:
    offers = [offer(bo, f"Chair {number}") for number in range(6)]
    gate = Barrier(len(offers))

    def pin(listing_id: str) -> None:
        with app.app_context():
            gate.wait(timeout=30)
            service.pin_listing(bo, listing_id)

    with ThreadPoolExecutor(len(offers)) as pool:
        list(pool.map(pin, offers))
    db.session.rollback()
    assert [row.listing_id for row in db.session.scalars(select(PinnedListing))] == [recorded("ListingPinned")[-1]]


def test_what_is_kept_of_a_person(bo: int) -> None:
    lamp = offer(bo, "Lamp")
    service.pin_listing(bo, lamp)
    assert privacy.export(bo) == {"listing": lamp}
    with unit_of_work():
        privacy.erase(bo)
    assert privacy.export(bo) == {"listing": None}


def test_the_check_sees_somebody_elses_listing(bo: int, member: MemberFactory) -> None:
    lamp = offer(bo, "Lamp")
    service.pin_listing(bo, lamp)
    ana = member("ana")
    with unit_of_work():
        db.session.execute(update(Listing).where(Listing.id == lamp).values(seller_id=ana))
    assert checks.run() == [f"member {bo}: the pinned listing is somebody else's"]
