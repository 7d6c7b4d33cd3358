"""Words and prices as readers compare them, through every door: market, search, saved searches."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.discovery.saved_searches import service as saved
from app.discovery.saved_searches.models import SavedSearch
from app.discovery.search.queries import search
from app.discovery.search.service import bring_up_to_date, is_outdated
from app.discovery.search.values import Order, Wanted
from app.kernel.clock import clock
from app.kernel.money import Money
from app.market.listings.queries import browse
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft, MarketFilter, Sort
from app.platform.database import db, unit_of_work
from app.platform.search import index as search_index
from app.platform.search.tables import SearchDocument, SearchState
from app.platform.search.words import question
from tests.support.people import MemberFactory
from tests.support.word_pairs import DOES_NOT_FIND, FINDS, SLIPS

pytestmark = pytest.mark.databases("sqlite", "postgres")


def post(who: int, title: str, price: str | None = "5", currency: str = "EUR", kind: str = "sale") -> str:
    draft = ListingDraft(kind=kind, title=title, condition="good", price=price, currency=currency)
    return publish_listing(who, draft)


def test_pairs_find_each_other_in_the_market_and_in_the_search(app: Flask, member: MemberFactory) -> None:
    ana = member("ana")
    titles = dict.fromkeys(title for title, _typed in FINDS + SLIPS + DOES_NOT_FIND)
    ids = {title: post(ana, title) for title in titles}
    wrong = []
    for title, typed in FINDS + SLIPS:
        there = ids[title] in {card.id for card in browse(None, MarketFilter(q=typed), limit=100).items}
        found = ids[title] in {card.id for card in search(None, Wanted(q=typed, kind="listing"), limit=100).listings}
        if not (there and found):
            wrong.append((title, typed, there, found))
    for title, typed in DOES_NOT_FIND:
        page = browse(None, MarketFilter(q=typed), limit=100)
        # Where nothing is found, a word that is near is searched, and that is said.
        if page.corrected is None and ids[title] in {card.id for card in page.items}:
            wrong.append((title, typed, "found"))
    assert wrong == []
    # The walk through the newest, which PostgreSQL takes for common words, answers alike.
    asked = question("lamps")
    plain, walked = (search_index.find("listing", asked, limit=200, common=common) for common in (False, True))
    assert plain == walked


@pytest.fixture
def prices(member: MemberFactory) -> dict[str, int]:
    people = {"ana": member("ana"), "bo": member("bo"), "eva": member("eva")}
    post(people["bo"], "Lamp euro", "12,50")
    post(people["bo"], "Lamp yen", "900", "JPY")
    post(people["bo"], "Lamp krone", "11", "DKK")
    post(people["bo"], "Lamp given", None, kind="give")
    post(people["ana"], "Chair", "700", "SEK")
    return people


def test_prices_are_compared_within_a_currency_and_to_the_cent(prices: dict[str, int]) -> None:
    for limit, expected in [
        (Money(1250, "EUR"), {"Lamp euro", "Lamp given"}),
        (Money(1249, "EUR"), {"Lamp given"}),
        (Money(900, "JPY"), {"Lamp yen", "Lamp given"}),
        (Money(899, "JPY"), {"Lamp given"}),
        (Money(10**9, "SEK"), {"Lamp given", "Chair"}),
    ]:
        market = browse(None, MarketFilter(max_price=limit)).items
        assert {card.title for card in market} == expected, limit
        found = search(None, Wanted(max_price=limit, currency=limit.currency, kind="listing")).listings
        assert {card.title for card in found} == expected, limit


def test_the_cheapest_stand_by_currency_and_pages_follow_each_other(prices: dict[str, int]) -> None:
    for currency, expected in [
        ("EUR", ["Lamp given", "Lamp euro", "Lamp krone", "Lamp yen", "Chair"]),
        ("JPY", ["Lamp given", "Lamp yen", "Lamp krone", "Lamp euro", "Chair"]),
    ]:
        wanted = MarketFilter(sort=Sort.CHEAPEST, currency=currency)
        seen, cursor = [], None
        while True:
            page = browse(None, wanted, limit=2, cursor=cursor)
            seen += [card.title for card in page.items]
            cursor = page.next
            if cursor is None:
                break
        assert seen == expected
        best = search(None, Wanted(q="lamp", order=Order.PRICE, currency=currency, kind="listing")).listings
        titles = [card.title for card in best]
        assert titles[:2] == expected[:2]
        assert len(titles) == 4


def test_a_saved_search_tells_within_its_currency(prices: dict[str, int]) -> None:
    saved.save_search(prices["eva"], Wanted(q="desks", max_price=Money(5000, "EUR"), currency="EUR"))
    assert saved.look_for("listing", post(prices["bo"], "Desk one", "50,01")) == 0
    assert saved.look_for("listing", post(prices["bo"], "Desk two", "50", "DKK")) == 0
    assert saved.look_for("listing", post(prices["bo"], "Desk three", "50,00")) == 1
    assert saved.look_for("listing", post(prices["bo"], "Desk four", None, kind="give")) == 1


def test_after_an_upgrade_every_document_is_made_anew(app: Flask, member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    kept = post(ana, "A large berry")
    saved.save_search(bo, Wanted(q="berries"))
    bring_up_to_date()
    assert not is_outdated()
    with unit_of_work():  # as an older release left it
        db.session.execute(update(SearchDocument).values(tokens="berry ¤is¤listing"))
        db.session.execute(update(SearchState).values(folding="1"))
        db.session.execute(update(SavedSearch).values(anchor="old"))
    order = db.session.scalars(select(SearchDocument.id).order_by(SearchDocument.id)).all()
    assert browse(None, MarketFilter(q="large")).items == []
    assert bring_up_to_date()
    saved.file_again()
    assert [card.id for card in browse(None, MarketFilter(q="large berries")).items] == [kept]
    assert db.session.scalars(select(SearchDocument.id).order_by(SearchDocument.id)).all() == order
    assert saved.look_for("listing", kept) == 1
    assert not bring_up_to_date(), "once"


def test_only_one_makes_it_anew_at_a_time(app: Flask, member: MemberFactory) -> None:
    post(member("ana"), "A lamp", str(Decimal(5)))
    bring_up_to_date()
    with unit_of_work():
        db.session.execute(update(SearchState).values(folding="1", claimed_at=clock.now()))
    assert not bring_up_to_date()
    assert is_outdated()
