"""The search page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.platform.event_log import run_reactions
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory
from tests.support.sql_count import statements


def test_tabs_results_and_ways(
    client: FlaskClient, member: MemberFactory, signed_in: Callable[[FlaskClient, str], FlaskClient]
) -> None:
    ana, bo = member("ana"), member("bo", name="Bo Lampe")
    vouch(ana, bo, "trust_fully")
    publish_listing(bo, ListingDraft(kind="give", title="Straßenlampe", condition="fair"))
    run_reactions()
    page = signed_in(client, "ana").get("/search?q=lampe").text
    assert "Straßenlampe" in page
    assert "You know Bo Lampe" in page
    assert "kind=member" in page
    people = client.get("/search?q=lampe&kind=member").text
    assert 'href="/m/bo"' in people


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?q=",
        "?q=%20",
        "?q=%00%FF",
        "?q=<script>alert(1)</script>",
        "?q=x&kind=y",
        "?distance=7&max_price=NaN&sort=zoo&category=%00&near=%E2%80%AE",
        "?q=x&cursor=zz",
    ],
)
def test_odd_questions_get_a_page(client: FlaskClient, query: str) -> None:
    page = client.get(f"/search{query}")
    refused = "cursor" in query or "%00" in query  # no text of ours has a NUL
    assert page.status_code == (422 if refused else 200)
    assert "<script>alert" not in page.text


def test_a_slip_is_mended_and_can_be_taken_back(client: FlaskClient, member: MemberFactory) -> None:
    bo = member("bo")
    for title in ("Fahrradlampe", "Brass <b>lamp</b>", "Lamp"):
        publish_listing(bo, ListingDraft(kind="give", title=title, condition="fair"))
    page = client.get("/search?q=lmap").text
    assert "Showing results for “lamp”" in page
    assert "Fahrradlampe" in page
    assert "<b>lamp" not in page
    exact = client.get("/search?q=lmap&exact=1").text
    assert "No results" in exact
    assert "Showing results" not in exact


def test_filters_say_what_they_hide_and_the_page_costs_little(
    client: FlaskClient, member: MemberFactory, signed_in: Callable[[FlaskClient, str], FlaskClient]
) -> None:
    ana, bo, cem = member("ana"), member("bo"), member("cem")
    vouch(ana, bo, "trust_fully")
    for seller in (bo, cem, cem):
        publish_listing(seller, ListingDraft(kind="give", title="Lamp", condition="fair", place="Lund"))
    signed_in(client, "ana")
    client.get("/search?q=lamp")
    with statements() as sent:
        page = client.get("/search?q=lamp&distance=1&near=lund&kind=listing").text
    # One of them asks whether any listing here is for chosen people only.
    assert len(sent) <= 9, "\n".join(sent)
    assert "Listings · 1" in page
    assert "2 more from people outside this distance" in page
    assert "/search?q=lamp&amp;kind=listing&amp;near=lund" in page
    nobody = client.get("/search?q=lamp&distance=1&near=Malmö").text
    assert "No results with these filters" in nobody
    with statements() as sent:
        client.get("/search?q=lmap")
    assert len(sent) <= 11, "\n".join(sent)


def test_each_filter_can_be_removed(
    client: FlaskClient, member: MemberFactory, signed_in: Callable[[FlaskClient, str], FlaskClient]
) -> None:
    member("ana")
    page = signed_in(client, "ana").get("/search?q=lamp&kind=listing&category=home&offer=give&sort=newest").text
    chips = re.findall(r'filter-chip on"\s+href="([^"]+)".*?<bdi>([^<]+)</bdi>', page, re.DOTALL)
    assert {text: html.unescape(address) for address, text in chips} == {
        "Home": "/search?q=lamp&kind=listing&offer=give&sort=newest",
        "Give away": "/search?q=lamp&kind=listing&category=home&sort=newest",
        "Newest": "/search?q=lamp&kind=listing&category=home&offer=give",
    }
    # What cannot be asked of people is not offered for them.
    assert 'data-filters="s-category"' not in client.get("/search?q=lamp&kind=member").text
