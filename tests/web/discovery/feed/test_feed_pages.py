"""Pages of the feed: what its reader can tell it, with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import update

from app.community.items.service import add_item
from app.community.recommendations.service import recommend
from app.discovery.feed.queries import feed
from app.discovery.feed.service import choose_topics
from app.discovery.feed.tastes import taste
from app.people.accounts.models import Member
from app.people.accounts.service import add_member, issue_token
from app.platform.database import db, unit_of_work
from app.platform.event_log import run_reactions
from app.platform.files import store_photo
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

SignIn = Callable[..., FlaskClient]


def token(client: FlaskClient) -> dict[str, str]:
    """What every form of this session carries."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/settings/feed").text)
    assert found
    return {"csrf_token": found[1]}


@pytest.fixture
def street(member: MemberFactory) -> dict[str, int]:
    """Ana trusts Bo; Bo and Fay recommend things."""
    ids = {one: member(one) for one in ("ana", "bo", "fay")}
    vouch(ids["ana"], ids["bo"], "trust")
    for who, title in (("bo", "Kettle"), ("bo", "Pan"), ("fay", "Toaster")):
        thing = add_item(ids["fay"], kind="product", title=title, category="Kitchen")
        recommend(ids[who], thing, "recommend", text="good")
    return ids


def test_an_entry_is_hidden_and_taken_back(
    app: Flask, client: FlaskClient, street: dict[str, int], signed_in: SignIn
) -> None:
    signed_in(client, "ana")
    entry = feed(street["ana"]).items[0]
    assert entry.said is not None
    answer = client.post(f"/feed/hide/recommendation/{entry.id}", data=token(client), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Hidden" in answer.text
    assert entry.said.item_title not in client.get("/").text
    assert entry.said.item_title in client.get("/settings/feed").text
    back = client.post("/feed/take-back", data={**token(client), "choice": "hide", "target": entry.target})
    assert back.location == "/settings/feed"
    assert entry.said.item_title in client.get("/").text


def test_a_choice_without_javascript_comes_back_to_the_page(
    client: FlaskClient, street: dict[str, int], signed_in: SignIn
) -> None:
    signed_in(client, "ana")
    entry = feed(street["ana"]).items[0]
    answer = client.post(f"/feed/less/recommendation/{entry.id}", data={**token(client), "next": "/explore"})
    assert (answer.status_code, answer.location) == (302, "/explore")
    assert "Less of:" in client.get("/settings/feed").text
    evil = client.post(f"/feed/taste/recommendation/{entry.id}", data={**token(client), "next": "//evil.example"})
    assert evil.location == "/"
    assert "Different taste:" in client.get("/settings/feed").text


def test_a_choice_about_nothing_is_a_clear_error(
    client: FlaskClient, street: dict[str, int], signed_in: SignIn
) -> None:
    assert street
    signed_in(client, "ana")
    assert client.post("/feed/hide/recommendation/nothing", data=token(client)).status_code == 404
    assert client.post("/feed/love/recommendation/nothing", data=token(client)).status_code == 422
    assert client.post("/feed/hide/castle/nothing", data=token(client)).status_code == 422


def test_the_tab_is_remembered(client: FlaskClient, street: dict[str, int], signed_in: SignIn) -> None:
    assert street
    signed_in(client, "ana")
    assert "From your circle" in client.get("/").text
    client.get("/explore")
    assert "<h1>Explore</h1>" in client.get("/").text
    assert "From your circle" in client.get("/?mode=circle").text
    assert "From your circle" in client.get("/").text


def test_personalisation_is_switched_off_and_on(client: FlaskClient, street: dict[str, int], signed_in: SignIn) -> None:
    assert street
    signed_in(client, "ana")
    client.post("/settings/feed", data={**token(client), "personal_asked": "1"})
    page = client.get("/").text
    assert "Personalisation is off" in page
    assert page.index("Toaster") < page.index("Pan") < page.index("Kettle")
    assert "Not connected yet" in page
    client.post("/settings/feed", data={**token(client), "personal_asked": "1", "personal": "on"})
    assert "From your circle" in client.get("/?mode=circle").text


def test_a_newcomer_chooses_topics_and_gets_a_first_feed(
    client: FlaskClient, street: dict[str, int], signed_in: SignIn, member: MemberFactory
) -> None:
    assert street
    member("new")
    signed_in(client, "new")
    assert 'value="kitchen"' in client.get("/welcome").text
    answer = client.post(
        "/settings/feed", data={**token(client), "topics_asked": "1", "topic": ["kitchen"], "next": "/"}
    )
    assert answer.location == "/"
    page = client.get("/").text
    assert page.index("Beyond your circle") < page.index("Your topic: Kitchen")
    assert 'value="kitchen" checked' in client.get("/welcome").text


def test_the_api_gives_the_same_entries_with_the_same_reasons(client: FlaskClient, street: dict[str, int]) -> None:
    taste().build()
    headers = {"Authorization": f"Bearer {issue_token(street['ana'])}"}
    twice = [client.get("/api/v1/feed?mode=explore", headers=headers).get_json()["items"] for _time in range(2)]
    assert twice[0] == twice[1]
    assert [one["title"] for one in twice[0]] == [
        entry.said.item_title for entry in feed(street["ana"], "explore").items if entry.said
    ]
    first = twice[0][0]["why"]
    assert (first["reason"], first["path"], first["endorsers"]) == ("circle", ["ana", "bo"], ["bo"])
    assert twice[0][-1]["why"] == {
        "reason": "new",
        "because": None,
        "score": 0.0,
        "distance": None,
        "path": None,
        "endorsers": ["fay"],
    }


def test_a_card_says_who_recommends_it_with_their_words_and_ways(
    client: FlaskClient, street: dict[str, int], signed_in: SignIn, member: MemberFactory
) -> None:
    cem = member("cem", name="Cem <b>")
    vouch(street["bo"], cem, "trust_fully")
    thing = add_item(street["fay"], kind="product", title="Teapot", category="Kitchen")
    recommend(cem, thing, "recommend", text="pours well")
    recommend(street["bo"], thing, "recommend", text="keeps warm")
    signed_in(client, "ana")
    card = next(one for one in client.get("/").text.split("<article")[1:] if "Teapot" in one)
    names = re.search(r'<span class="feed-names">(.*?)</span>', card, re.DOTALL)
    assert names
    assert re.sub(r"<[^>]+>", "", names[1]) == "Bo and Cem &lt;b&gt; recommend this"
    assert "keeps warm" in card
    assert "pours well" in card
    assert card.count('class="trail"') == 2
    assert card.count('alt="" width="480"') <= 1
    # The sentence has said it of both.
    assert "thumbs-up" not in card.split('class="say-actions"')[0]
    assert "knows them" in card


def test_a_recommendation_is_saved_on_its_card(client: FlaskClient, street: dict[str, int], signed_in: SignIn) -> None:
    signed_in(client, "ana")
    entry = feed(street["ana"]).items[0]
    data = {**token(client), "keep": "1", "next": "/"}
    assert f'formaction="/recommendations/{entry.id}/save"' in client.get("/").text
    assert client.post(f"/recommendations/{entry.id}/save", data=data).location == "/"
    card = next(one for one in client.get("/").text.split("<article")[1:] if f"/{entry.id}/save" in one)
    assert 'name="keep" value="0" aria-pressed="true"' in card


def test_explore_shows_things_and_the_circle_words(
    client: FlaskClient, street: dict[str, int], signed_in: SignIn
) -> None:
    assert street
    signed_in(client, "ana")
    circle, explore = client.get("/?mode=circle").text, client.get("/explore").text
    assert ("feed-entry" in circle, "feed-tile" in circle, "<p>good</p>" in circle) == (True, False, True)
    assert ("feed-entry" in explore, "feed-tile" in explore, "<p>good</p>" in explore) == (False, True, False)
    assert "recommends this" in explore


def test_a_newcomer_meets_people_whom_the_inviter_knows(
    client: FlaskClient, street: dict[str, int], signed_in: SignIn
) -> None:
    assert street
    add_member("new", name="New", inviter_id=street["ana"])
    run_reactions()
    signed_in(client, "new")
    page = client.get("/welcome").text
    met = page[page.index("People you may know") :]
    assert 'href="/vouch/bo"' in met
    assert "fay" not in met
    client.post("/people/bo/not-now", data={**token(client), "next": "/welcome"})
    assert 'href="/vouch/bo"' not in client.get("/welcome").text


def test_first_steps_are_listed_until_they_are_done(
    client: FlaskClient, street: dict[str, int], signed_in: SignIn
) -> None:
    signed_in(client, "ana")
    steps = client.get("/").text.split("Get started")[1].split("</ul>")[0]
    assert steps.count("(done)") == 1, "she vouches for Bo"
    thing = add_item(street["ana"], kind="product", title="Bowl", category="Kitchen")
    recommend(street["ana"], thing, "recommend")
    choose_topics(street["ana"], ["kitchen"])
    assert client.get("/").text.split("Get started")[1].split("</ul>")[0].count("(done)") == 3
    drawn = BytesIO()
    Image.new("RGB", (60, 60), "teal").save(drawn, "PNG")
    face = store_photo(BytesIO(drawn.getvalue()), street["ana"]).id
    with unit_of_work():
        db.session.execute(update(Member).where(Member.id == street["ana"]).values(avatar_id=face))
    assert "Get started" not in client.get("/").text


def test_first_steps_are_dismissed(client: FlaskClient, street: dict[str, int], signed_in: SignIn) -> None:
    assert street
    signed_in(client, "ana")
    assert "Get started" not in client.get("/explore").text
    client.get("/?mode=circle")
    for _time in range(2):
        assert client.post("/feed/checklist/dismiss", data=token(client)).location == "/"
    assert "Get started" not in client.get("/").text
    assert "Nothing yet. Use the menu" in client.get("/settings/feed").text
