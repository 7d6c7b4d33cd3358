"""Distances in kilometres: on cards, as a filter and as an order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.kernel.ids import ListingId, MemberId
from app.market.listings import queries, service
from app.market.listings.models import Listing
from app.market.listings.values import ListingDraft, MarketFilter, MarketPage, Sort
from app.people.profiles.service import edit_profile
from app.platform.database import db, unit_of_work
from app.platform.places.lookup import known_town
from app.platform.places.tables import KnownPlace, KnownTown
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

PLACES = {"here": "Lund", "near": "Malmö", "far": "Stockholm", "odd": "Somewhere nice", "none": ""}


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> MemberId:
    """Lives in Lund, and trusts nobody."""
    ident = MemberId(member("ana"))
    edit_profile(ident, name="Ana", bio="", place="Lund", discreet=False)
    return ident


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> MemberId:
    ident = MemberId(member("bo"))
    for title, place in PLACES.items():
        post(ident, title, place)
    return ident


def post(seller: MemberId, title: str, place: str) -> ListingId:
    draft = ListingDraft(kind="sale", title=f"{title} lamp", condition="good", price=Decimal(20), place=place)
    return service.publish_listing(seller, draft)


def market(viewer: MemberId | None, **wanted: Any) -> MarketPage:
    return queries.browse(viewer, MarketFilter(**wanted))


def shown(page: MarketPage) -> list[str]:
    return [card.title.removesuffix(" lamp") for card in page.items]


def test_a_card_says_how_far_it_is_where_both_have_a_place(ana: MemberId, bo: MemberId) -> None:
    far = dict(zip(shown(page := market(ana)), [card.kilometres for card in page.items], strict=True))
    assert far == {"here": 0, "near": 16, "far": 497, "odd": None, "none": None}
    assert {card.kilometres for card in market(None).items} == {None}
    assert {card.kilometres for card in market(bo).items} == {None}
    listing_id = page.items[-1].id
    assert queries.get_listing(ana, listing_id).card.kilometres == 0
    assert queries.cards_by_id(ana, [listing_id])[listing_id].kilometres == 0


def test_a_radius_leaves_what_is_near_and_says_how_much_is_farther(ana: MemberId, bo: MemberId) -> None:
    own = market(ana, max_km=25)
    assert own.centre is not None
    assert own.centre.name == "Lund"
    assert (shown(own), own.shown, own.farther.number, own.farther.more) == (["near", "here"], 2, 3, False)
    assert shown(market(ana, max_km=5)) == ["here"]
    assert shown(market(None, near="malmo", max_km=5)) == ["near"]
    assert shown(market(ana, near="Stockholm, Sweden", max_km=50)) == ["far"]
    assert shown(market(ana, near="Kiruna", max_km=50)) == []
    assert shown(market(ana, max_km=25, category="books")) == []


def test_a_radius_keeps_to_the_trust_distance_too(ana: MemberId, bo: MemberId, member: MemberFactory) -> None:
    cem = MemberId(member("cem"))
    post(cem, "trusted", "Lund")
    post(cem, "trusted far", "Stockholm")
    vouch(ana, cem, "trust_fully")
    page = market(ana, max_km=25, hops=1)
    assert (shown(page), page.shown, page.hidden, page.farther.number) == (["trusted"], 1, 2, 1)


def test_a_place_that_no_gazetteer_has_stays_a_word(ana: MemberId, bo: MemberId) -> None:
    page = market(ana, near="somewhere", max_km=25)
    assert (shown(page), page.centre) == (["odd"], None)
    assert market(None, max_km=25).centre is None
    assert len(market(None, max_km=25).items) == len(PLACES)


def test_nearest_come_first_and_page_by_page(ana: MemberId, bo: MemberId) -> None:
    found, cursor = [], None
    for _page in range(5):
        page = queries.browse(ana, MarketFilter(sort=Sort.NEAREST), limit=1, cursor=cursor)
        found += shown(page)
        cursor = page.next
    assert found == ["here", "near", "far", "none", "odd"]
    assert cursor is None
    assert shown(market(None, sort=Sort.NEAREST)) == ["none", "odd", "far", "near", "here"]
    assert shown(market(ana, sort=Sort.NEAREST, max_km=25)) == ["here", "near"]
    assert shown(market(ana, sort=Sort.CHEAPEST, max_km=25)) == ["near", "here"]


def test_many_are_read_newest_first_and_few_by_their_towns(
    ana: MemberId, bo: MemberId, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = shown(market(ana, max_km=25))
    monkeypatch.setattr("app.market.listings.nearby.FEW", 1)
    assert shown(market(ana, max_km=25)) == few == ["near", "here"]


def test_what_a_place_means_is_kept_and_so_is_that_it_means_nothing(ana: MemberId, bo: MemberId) -> None:
    known = dict(db.session.execute(select(KnownPlace.key, KnownTown.name).outerjoin(KnownTown)).all())
    assert known == {"lund": "Lund", "malmo": "Malmö", "stockholm": "Stockholm", "somewhere nice": None}
    assert [known_town(text) for text in ("", "somewhere  NICE", "Not yet looked up")] == [0, 0, None]


def test_a_reader_who_asks_writes_nothing(ana: MemberId) -> None:
    market(ana, near="Kiruna", max_km=50)
    assert db.session.scalars(select(KnownPlace.key)).all() == ["lund"]


def test_listings_from_before_are_located_by_the_job(ana: MemberId, bo: MemberId) -> None:
    with unit_of_work():
        db.session.execute(update(Listing).values(town_id=None))
    assert shown(market(ana, max_km=25)) == []
    assert service.locate_listings() == len(PLACES)
    assert service.locate_listings() == 0
    assert shown(market(ana, max_km=25)) == ["near", "here"]


def test_another_place_is_another_town(ana: MemberId, bo: MemberId) -> None:
    listing_id = market(ana, max_km=5).items[0].id
    service.edit_listing(bo, listing_id, ListingDraft(kind="give", title="here lamp", condition="good", place="Kiruna"))
    assert shown(market(ana, max_km=5)) == []
    service.locate_listings()
    assert shown(market(ana, near="Kiruna", max_km=5)) == ["here"]
