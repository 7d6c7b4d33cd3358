"""One vocabulary at every door: what is posted, filtered, searched, vouched, asked and chosen, in any language."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.community.items.queries import get_item
from app.community.items.service import add_item
from app.community.questions.queries import get_question
from app.community.questions.service import publish_question
from app.community.questions.values import QuestionDraft
from app.discovery.feed.service import choose_topics
from app.discovery.feed.wishes import wishes_of
from app.kernel.errors import Invalid
from app.market.listings.queries import browse
from app.market.listings.service import edit_listing, publish_listing
from app.market.listings.values import ListingDraft, MarketFilter
from app.people.accounts.models import Member
from app.people.accounts.service import issue_token
from app.platform.database import db
from app.platform.event_log import run_reactions
from app.platform.vocabulary import reading
from app.platform.vocabulary.tables import Category
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

Call = Callable[..., Any]
BIKE = {"kind": "give", "title": "Crescent, 1974", "condition": "good"}


@pytest.fixture
def call(app: Flask, client: FlaskClient, member: MemberFactory) -> Call:
    """`call("get", "/listings")` as Ana."""
    token = issue_token(member("ana"))

    def send(method: str, path: str, **more: Any) -> Any:
        return getattr(client, method)(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"}, **more)

    return send


def test_the_api_gives_keys_and_reads_names_and_former_words(call: Call) -> None:
    listed = {one["key"]: one for one in call("get", "/categories").json["items"]}
    bikes = listed["bikes"]
    assert (bikes["parent"], bikes["name"], bikes["names"]["sv"]) == ("sport", "Bicycles", "Cyklar")
    for word in ("bikes", "Bicycles", "Cykler", "bike"):
        made = call("post", "/listings", json={**BIKE, "category": word})
        assert (made.status_code, made.json["category"]) == (201, "bikes")
    refused = call("post", "/listings", json={**BIKE, "category": "zeppelins"})
    assert (refused.status_code, refused.json["code"]) == (422, "bad_category")
    for word in ("bikes", "Bicycles", "sport"):
        assert len(call("get", f"/listings?category={word}").json["items"]) == 4
    run_reactions()
    found = call("get", "/search?q=cyklar&category=Sport").json["items"]
    assert len(found) == 4, "by its category's name in Swedish, and within what is above it"


def test_what_is_none_of_them_stays_as_it_was_written(app: Flask, call: Call, member: MemberFactory) -> None:
    made = call("post", "/items", json={"title": "Kettle", "category": " KÖK "})
    assert made.json["category"] == "kitchen"
    odd = call("post", "/items", json={"title": "Stalker", "category": "Slow cinema"})
    assert odd.json["category"] == "Slow cinema"
    member("bo")
    given = call("post", "/vouches", json={"member": "bo", "strength": "trust", "topic": "Bicycles"})
    assert given.json["topic"] == "bikes"
    given = call("post", "/vouches", json={"member": "bo", "strength": "trust", "topic": "Bread ovens"})
    assert given.json["topic"] == "Bread ovens"
    asked = call("post", "/asks", json={"text": "Who mends wheels?", "topic": "cyklar", "reach": 1})
    assert asked.json["topic"] == "bikes"


def test_a_retired_category_stays_where_it_is(
    app: Flask, member: MemberFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its things keep it and can be edited; nothing new gets it."""
    ana = member("ana")
    draft = ListingDraft(kind="give", title="Rug", category="vintage", condition="good")
    old = publish_listing(ana, draft)
    with db.engine.begin() as elsewhere:
        gone = update(Category).where(Category.key == "vintage")
        elsewhere.execute(gone.values(retired=True, version=Category.version + 1))
    monkeypatch.setattr(reading, "LOOK_EVERY", -1.0)
    with pytest.raises(Invalid):
        publish_listing(ana, draft)
    edit_listing(ana, old, replace(draft, title="Rug, red"))
    with pytest.raises(Invalid):
        edit_listing(ana, publish_listing(ana, replace(draft, category="home")), draft)
    assert [one.title for one in browse(ana, MarketFilter(category="hobbies")).items] == ["Rug, red"]


def test_an_interest_is_for_what_is_below_it_too(app: Flask, member: MemberFactory) -> None:
    ana = member("ana")
    choose_topics(ana, ["Sport", "sports", "slow cinema"])
    wishes = wishes_of(ana)
    assert wishes.ticked == ("sport", "slow cinema")
    assert wishes.topics == {"sport", "bikes", "outdoor", "slow cinema"}


def test_pages_show_names_in_the_readers_language(
    client: FlaskClient, member: MemberFactory, signed_in: Callable[[FlaskClient, str], FlaskClient]
) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust", topic="bikes")
    item_id = add_item(bo, kind="product", title="Brooks B17", category="Bicycles")
    listing_id = publish_listing(bo, ListingDraft(kind="give", title="Saddle", category="bikes", condition="good"))
    assert get_item(item_id).category == "bikes"
    signed_in(client, "ana")
    with db.engine.begin() as elsewhere:
        elsewhere.execute(update(Member).values(locale="sv"))
    for address in (
        *(
            "/m/bo",
            f"/items/{item_id}",
            "/items",
            f"/market/{listing_id}",
            "/market?category=bikes",
            "/search?q=saddle",
        ),
        *("/search?q=saddle", "/market/new", "/items/new", "/asks/new", "/welcome", "/settings/feed"),
    ):
        page = html.unescape(client.get(address, follow_redirects=True).text)
        text = re.sub(r"<[^>]*>", " ", page)
        shown = text + " ".join(re.findall(r'value="([^"]*)"', page))
        assert "Cyklar" in shown, address
        assert "Bicycles" not in shown, address


def test_a_topic_is_edited_by_its_name(
    client: FlaskClient, member: MemberFactory, signed_in: Callable[[FlaskClient, str], FlaskClient]
) -> None:
    """The form shows the reader's word, takes any language's, and keeps the key."""
    ana = member("ana")
    ask_id = publish_question(ana, QuestionDraft(text="Who mends wheels?", topic="Cykler"))
    page = signed_in(client, "ana").get(f"/asks/{ask_id}/edit").text
    assert 'value="Bicycles"' in page
    assert '<option value="Outdoors">' in page
    assert get_question(ana, ask_id).card.topic == "bikes"
