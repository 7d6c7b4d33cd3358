"""A merchant opens a store, a member speaks for it, a visitor follows the link and joins."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.community.items.service import add_item
from app.community.recommendations.service import recommend
from app.marketing.advocates.models import AdvocateTally
from app.marketing.advocates.queries import report
from app.marketing.advocates.values import Tally
from app.merchants.stores.queries import find_store_of
from app.platform.database import db
from app.platform.event_log import run_reactions
from app.trust.vouches.service import vouch
from tests.support.people import PASSWORD, MemberFactory

SignIn = Callable[[FlaskClient, str], FlaskClient]
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def send(client: FlaskClient, page: str, path: str, form: dict[str, str]) -> str:
    """Fills in the form of `page` and follows the answer."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert token, page
    answer = client.post(path, data={**form, "csrf_token": token[1]}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.fixture
def open_store(app: Flask, member: MemberFactory, signed_in: SignIn) -> int:
    """Mira's store with beans in it; answers her id. All of it through the pages."""
    mira = member("mira", role="merchant")
    client = signed_in(app.test_client(), "mira")
    send(client, "/store", "/store", {"name": "Bean Bar", "slug": "bean-bar", "about": "Coffee & cake"})
    thing = add_item(mira, kind="product", title="Beans")
    form = {"item": f"http://localhost/items/{thing}", "price": "12.50", "currency": "EUR"}
    desk = send(client, "/store", "/store/products", form)
    assert "Beans" in desk
    return mira


def test_from_the_link_to_the_figures(app: Flask, member: MemberFactory, signed_in: SignIn, open_store: int) -> None:
    bo = member("bo")
    vouch(bo, open_store, "trust")
    advocate = signed_in(app.test_client(), "bo")
    page = send(advocate, "/s/bean-bar", "/s/bean-bar/advocate", {"consent": "1"})
    assert "Mira" in page
    assert "Coffee &amp; cake" in page
    link = re.search(r"/r/[a-z0-9]+", page)
    assert link
    advocate.get(link[0], headers=FIREFOX)  # one's own visit is none

    robot = app.test_client()
    assert robot.get(link[0], headers={"User-Agent": "Twitterbot/1.0"}).location == "/s/bean-bar"
    visitor = app.test_client()
    for _time in range(3):
        arrived = visitor.get(link[0], headers=FIREFOX)
        assert arrived.location == "/s/bean-bar"
        look_at(visitor)
    form = {"handle": "newt", "name": "Newt", "email": "newt@example.org", "password": PASSWORD}
    send(visitor, "/register", "/register", form)

    run_reactions()
    db.session.rollback()
    store = find_store_of(open_store)
    assert store
    assert [(row.member.handle, row.tally) for row in report(store.id).named] == [("bo", Tally(1, 1, 0))]
    merchant = signed_in(app.test_client(), "mira")
    figures = merchant.get("/store/advocates").text
    row = re.search(r"<tr><td>.*?/m/bo.*?</tr>", figures, re.DOTALL)
    assert row
    assert re.findall(r'class="num">(\d+)<', row[0]) == ["1", "1", "0"]


def test_a_sign_up_without_a_link_or_with_a_forged_one_counts_for_nobody(
    app: Flask, member: MemberFactory, signed_in: SignIn, open_store: int
) -> None:
    member("bo")
    send(signed_in(app.test_client(), "bo"), "/s/bean-bar", "/s/bean-bar/advocate", {"consent": "1"})
    visitor = app.test_client()
    visitor.set_cookie("kin_came_through", "forged")
    form = {"handle": "newt", "name": "Newt", "email": "newt@example.org", "password": PASSWORD}
    send(visitor, "/register", "/register", form)
    run_reactions()
    db.session.rollback()
    store = find_store_of(open_store)
    assert store
    assert report(store.id).total == Tally()


def test_a_visitor_of_the_store_sees_whom_to_trust(
    app: Flask, member: MemberFactory, signed_in: SignIn, open_store: int
) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust_fully")
    vouch(bo, open_store, "trust")
    client = signed_in(app.test_client(), "ana")
    before = client.get("/s/bean-bar").text
    thing = re.search(r"/items/([0-9a-z]{26})", before)
    assert thing
    assert "Bo knows Mira" in before
    recommend(bo, thing[1], "recommend")
    assert "1 person you trust recommends it" in client.get("/s/bean-bar").text
    assert "recommended by 1 person" in app.test_client().get("/s/bean-bar").text


def test_the_desk_is_the_merchants(
    app: Flask, client: FlaskClient, member: MemberFactory, signed_in: SignIn, open_store: int
) -> None:
    member("bo")
    assert open_store
    assert client.get("/store").status_code in {302, 401}
    signed_in(client, "bo")
    assert client.get("/store").status_code == 403
    assert client.get("/store/advocates").status_code == 403
    assert client.get("/s/nowhere").status_code == 404
    assert client.get("/r/nowhere").status_code == 404
    member("otto", role="merchant")
    other = signed_in(app.test_client(), "otto")
    assert other.get("/store/advocates").status_code == 404
    assert "Open your store" in other.get("/store").text


def look_at(visitor: FlaskClient) -> None:
    """Somebody comes to the store's page; no script runs."""
    page = visitor.get("/s/bean-bar", headers=FIREFOX).text
    assert "Beans" in page
    assert "/r/" not in page, "the page asks for nothing that counts"


AHEAD = [
    *({"Sec-Purpose": one} for one in ("prefetch", "prefetch;prerender")),
    *({"Purpose": "prefetch"}, {"X-Moz": "prefetch"}, {"X-Purpose": "preview"}),
]
PREVIEWS = [
    *("Twitterbot/1.0", "WhatsApp/2.23.20.0", "facebookexternalhit/1.1", "TelegramBot (like TwitterBot)"),
    *("Slackbot-LinkExpanding 1.0", "Mozilla/5.0 (compatible; Discordbot/2.0)", "LinkedInBot/1.0", "SkypeUriPreview"),
    *("http.rb/5 (Mastodon/4.2)", "", "curl/8"),
]


def test_only_people_who_look_at_the_page_are_counted(
    app: Flask, member: MemberFactory, signed_in: SignIn, open_store: int
) -> None:
    bo, eva = member("bo"), member("eva")
    vouch(bo, open_store, "trust")
    page = send(signed_in(app.test_client(), "bo"), "/s/bean-bar", "/s/bean-bar/advocate", {"consent": "1"})
    found = re.search(r"/r/[a-z0-9]+", page)
    assert found
    link = found[0]

    def visits() -> int:
        run_reactions()
        return db.session.scalar(select(func.sum(AdvocateTally.visits))) or 0

    for headers in [*({"User-Agent": one} for one in PREVIEWS), *({**FIREFOX, **one} for one in AHEAD)]:
        visitor = app.test_client()
        assert visitor.get(link, headers=headers).location == "/s/bean-bar"
        look_at(visitor)
    visitor = app.test_client()
    assert visitor.head(link, headers=FIREFOX).status_code == 302
    look_at(visitor)
    unseen = app.test_client()
    unseen.get(link, headers=FIREFOX)
    assert visits() == 0, "nobody has looked at the page"
    for ahead in AHEAD:
        unseen.get("/s/bean-bar", headers={**FIREFOX, **ahead})
    unseen.head("/s/bean-bar", headers=FIREFOX)
    assert visits() == 0, "fetched ahead of somebody who may never look"
    look_at(unseen)
    assert visits() == 1
    look_at(unseen)
    assert visits() == 1, "the page again is no further visit"
    unseen.get(link, headers=FIREFOX)
    look_at(unseen)
    assert visits() == 1, "the same person, the same day"
    for _browser in range(2):
        client = signed_in(app.test_client(), "eva")
        client.get(link, headers=FIREFOX)
        look_at(client)
    assert visits() == 2, "a member is one person in two browsers"
    assert eva


@pytest.mark.parametrize(
    "change",
    [{"price": "-1"}, {"price": "1.234"}, {"price": "free"}, {"currency": "XXX"}, {"item": "nothing"}],
)
def test_a_bad_product_is_refused_in_place(
    app: Flask, signed_in: SignIn, open_store: int, change: dict[str, str]
) -> None:
    client = signed_in(app.test_client(), "mira")
    thing = add_item(open_store, kind="product", title="Cake")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/store").text)
    assert token
    form = {"item": thing, "price": "3", "currency": "EUR", "csrf_token": token[1]}
    answer = client.post("/store/products", data={**form, **change})
    assert answer.status_code == 422
    assert "Cake" not in client.get("/store").text
