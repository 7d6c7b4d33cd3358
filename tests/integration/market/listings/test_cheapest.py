"""The cheapest first: from an index where much matches, sorted where little does, and always the same."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from app.kernel.clock import clock
from app.kernel.ids import new_id
from app.market.listings import queries
from app.market.listings.models import Listing
from app.market.listings.values import MarketFilter, Sort
from app.platform.database import db, unit_of_work
from app.trust.circle.service import rebuild
from tests.bench.large_town import Sizes, build_town
from tests.support.databases import Kind
from tests.support.people import MemberFactory
from tests.support.rows_read import reads

pytestmark = pytest.mark.databases("sqlite", "postgres")

CURRENCIES = ("CHF", "DKK", "EUR", "SEK")
WANTED: tuple[dict[str, Any], ...] = (
    {"currency": "EUR"},
    {"currency": "CHF"},
    {"currency": "SEK"},
    {"currency": "JPY"},
    {"currency": "DKK", "category": "home"},
    {"currency": "EUR", "kind": "sale", "near": "lund"},
)
# Of 6,000 listings: steps of SQLite's machine, rows of listings on PostgreSQL.
MAX_READ = {"sqlite": 90_000, "postgres": 1_500}


def offer(seller: int, price: int | None, currency: str, number: int) -> dict[str, Any]:
    now = clock.now()
    return {
        "id": new_id(), "seller_id": seller, "kind": "give" if price is None else "sale", "title": f"Lamp {number}",
        "description": "", "category": ("home", "music")[number % 2], "condition": "good", "price_minor": price,
        "currency": currency, "place": "Lund", "place_key": "lund", "status": ("active", "active", "sold")[number % 3],
        "created_at": now, "updated_at": now,
    }  # fmt: skip


@pytest.fixture
def offers(app: Flask, member: MemberFactory) -> None:
    """Gifts, free things and equal prices in each of four currencies."""
    people = member("ana"), member("bo")
    prices = (None, 0, 500, 500, 900, 0, None, 500)
    rows = [
        offer(people[n % 2], price, currency, n)
        for n, (price, currency) in enumerate(product(prices, CURRENCIES * 2))
    ]  # fmt: skip
    with unit_of_work():
        db.session.execute(insert(Listing), rows)


def pages(limit: int, **wanted: Any) -> list[str]:
    seen: list[str] = []
    cursor = None
    while True:
        page = queries.browse(None, MarketFilter(sort=Sort.CHEAPEST, **wanted), limit=limit, cursor=cursor)
        seen += [card.id for card in page.items]
        cursor = page.next
        if cursor is None:
            return seen


@pytest.mark.usefixtures("offers")
@pytest.mark.parametrize("wanted", WANTED, ids=str)
def test_both_ways_give_the_same_pages(wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    sorted_here = pages(100, **wanted)
    assert len(sorted_here) == len(set(sorted_here)) > 9
    for limit in (1, 3, 7):
        assert pages(limit, **wanted) == sorted_here
    monkeypatch.setattr(queries, "MAX_COUNTED", 0)
    for limit in (1, 3, 7, 100):
        assert pages(limit, **wanted) == sorted_here


def test_a_page_is_not_picked_out_of_all(app: Flask, database_kind: Kind) -> None:
    """Neither the first page nor one far behind it."""
    assert app
    build_town(Sizes(60, 100, 20, 60, 20, 6_000, 20))
    rebuild()
    cursor = None
    for _page in range(3):
        wanted = MarketFilter(sort=Sort.CHEAPEST, currency="EUR")
        with reads() as found:
            page = queries.browse(None, wanted, limit=100, cursor=cursor)
        assert len(page.items) == 100
        # PostgreSQL counts up to its bound by reading the table, and is right: so much of it matches.
        assert database_kind == "postgres" or "listing" not in found.scanned, found
        assert (found.rows["listing"] or found.amount) <= MAX_READ[database_kind], found
        cursor = page.next
    cheapest = select(Listing.price_minor).order_by(Listing.price_minor).limit(300)
    assert page.items[-1].price is not None
    assert page.items[-1].price.minor == db.session.scalars(cheapest).all()[-1]
