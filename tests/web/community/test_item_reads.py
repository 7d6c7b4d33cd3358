"""What the pages of a popular item, of the circle and of people read does not grow with the town."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.community.recommendations.queries import glances
from app.platform.database import db
from app.trust.circle.service import rebuild
from tests.bench.large_town import Sizes, Town, build_town
from tests.support.databases import Kind
from tests.support.rows_read import reads

# In the virtual machine's steps on SQLite, in rows on PostgreSQL.
MAX_READ = {"sqlite": {"item": 250_000, "list": 230_000}, "postgres": {"item": 8_000, "list": 28_000}}
# PostgreSQL reads tables of this size whole where it has to join them.
LARGE = {"recommendation", "member", "item", "message", "vouch"}

pytestmark = pytest.mark.databases("sqlite", "postgres")


@pytest.fixture
def town(app: Flask) -> Town:
    """Two thousand people, of whom each has a say on the same item."""
    found = build_town(Sizes(2_000, 12_000, 300, 12_000, 2_000, 50, 200))
    rebuild()
    db.session.remove()
    return found


def test_pages_do_not_read_all_that_is_said(
    client: FlaskClient, signed_in: Callable[..., FlaskClient], town: Town, database_kind: Kind
) -> None:
    most = MAX_READ[database_kind]
    for who in (None, town.viewer):
        if who is not None:
            signed_in(client, who)
        for path, bound in ((f"/items/{town.popular}", most["item"]), ("/circle", 9_000), ("/people", 9_000)):
            if who is None and path in {"/circle", "/people"}:
                continue
            client.get(path)
            with reads() as found:
                assert client.get(path).status_code == 200
            assert database_kind == "postgres" or not found.scanned & LARGE, found
            assert found.amount <= bound, (path, who, found)
    with reads() as found:
        glances(town.viewer_id, [f"{n:025d}I" for n in range(20)])
    assert database_kind == "postgres" or not found.scanned & LARGE, found
    assert found.amount <= most["list"], found


def test_a_popular_items_page_says_so(client: FlaskClient, town: Town) -> None:
    page = client.get(f"/items/{town.popular}").get_data(as_text=True)
    assert "1,000+" in page
