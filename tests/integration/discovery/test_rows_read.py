"""What the market, the feed and the search read does not grow with the town."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import text

from app.discovery.feed.tastes import taste
from app.discovery.search.service import rebuild_search
from app.platform.database import db, unit_of_work
from app.trust.circle.service import rebuild
from tests.bench.large_town import Sizes, build_town
from tests.support.people import sign_in
from tests.support.rows_read import Readings, reads

TOWN = Sizes().scaled(0.02)
BIG = {"listing", "recommendation", "member", "item", "search_document", "vouch"}
# SQLite: steps. A walk through all listings takes several times as many, one through what is said twenty times. Each
# listing that is counted asks whether it is for chosen people.
MAX_STEPS = 77_000
# PostgreSQL: rows of one table; there are 4,000 listings and 20,000 recommendations. Of 2,000 members it
# makes a table on the way, which is right for so few.
MAX_ROWS = 2_200
GROWING = {"listing", "recommendation", "search_document", "vouch"}
# Three counts up to the bound in the place of one: near, near as it is shown, and everywhere.
NEARBY_STEPS = 3 * MAX_STEPS
NEARBY_ROWS = 3_600
PAGES = (
    "/market",
    "/market?distance=1",
    "/market?category=music",
    "/market?kind=auction",
    "/market?sort=price",
    "/market?sort=price&category=music",
    "/market?near=Lund&max_km=25",  # nearly all
    "/market?near=Kiruna&max_km=50",  # hardly any
    "/market?near=Lund&max_km=10&distance=1",
    "/market?near=Kiruna&max_km=50&sort=price",
    "/?mode=circle",
    "/explore",
    "/search?q=lamp",
)


def test_a_page_reads_no_more_than_it_shows_and_counts(app: Flask) -> None:
    town = build_town(TOWN)
    rebuild()
    rebuild_search(lambda _done, _total: None)
    taste().build()
    db.session.remove()
    if db.engine.dialect.name == "postgresql":
        # It reads and joins tables of this size whole, and is right; the question is how a large one would be read.
        with unit_of_work():
            for way in ("seqscan", "hashjoin", "mergejoin"):
                db.session.execute(text(f'ALTER DATABASE "{db.engine.url.database}" SET enable_{way} = off'))
        db.engine.dispose()
    for handle in (town.viewer, None):
        client = app.test_client()
        if handle:
            sign_in(app, client, handle)
        for page in PAGES:
            client.get(page)
            with reads() as found:
                answer = client.get(page)
            assert answer.status_code == 200
            _check(f"{page} as {handle}", found)
    assert "1,000+ listings" in app.test_client().get("/market").text


def _check(page: str, found: Readings) -> None:
    nearby = "max_km" in page
    most_rows = NEARBY_ROWS if nearby else MAX_ROWS
    if found.rows:
        rows = {table: count for table, count in found.rows.items() if table in GROWING and count > most_rows}
        assert not rows, f"{page}: {rows}\n\n{found}"
    else:
        # Where most are in the town, SQLite goes through the listings as they lie until it has counted enough.
        assert not found.scanned & (BIG - {"listing"} if nearby else BIG), f"{page}\n\n{found}"
        most = NEARBY_STEPS if nearby else MAX_STEPS
        assert found.amount <= most, f"{page}\n\n{found}"
