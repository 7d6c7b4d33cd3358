"""The search page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.platform.event_log import run_reactions
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory


def test_tabs_results_and_ways(
    client: FlaskClient, member: MemberFactory, signed_in: Callable[[FlaskClient, str], FlaskClient]
) -> None:
    ana, bo = member("ana"), member("bo", name="Bo Lampe")
    vouch(ana, bo, "trust_fully")
    publish_listing(bo, ListingDraft(kind="give", title="Straßenlampe", condition="fair"))
    run_reactions()
    page = signed_in(client, "ana").get("/search?q=lampe").text
    assert "Straßenlampe" in page
    assert "Bo Lampe, direct" in page
    assert "kind=member" in page
    people = client.get("/search?q=lampe&kind=member").text
    assert 'href="/m/bo"' in people


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=%00%FF", "?q=<script>alert(1)</script>", "?q=x&kind=y"])
def test_odd_questions_get_a_page(client: FlaskClient, query: str) -> None:
    page = client.get(f"/search{query}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
