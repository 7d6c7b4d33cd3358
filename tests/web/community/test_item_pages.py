"""Adding, looking and recommending with plain forms, and the same over JSON."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.community.items.service import add_item
from app.community.recommendations.service import recommend
from app.people.accounts.service import issue_token
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

SignIn = Callable[[FlaskClient, str], FlaskClient]


def send(client: FlaskClient, page: str, path: str, form: dict[str, str]) -> str:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert token, page
    answer = client.post(path, data={**form, "csrf_token": token[1]}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_add_say_change_and_take_back(client: FlaskClient, member: MemberFactory, signed_in: SignIn) -> None:
    member("ana")
    signed_in(client, "ana")
    form = {"title": "Kettle <1>", "kind": "product", "category": "Kitchen", "description": "Iron"}
    page = send(client, "/items/new", "/items/new", form)
    assert "Kettle &lt;1&gt;" in page
    thing = re.search(r"/items/([0-9a-z]{26})", page)
    assert thing
    path = f"/items/{thing[1]}"
    words = {"stance": "recommend", "text": "Heavy & good", "rating": "4", "disclosure": "none"}
    page = send(client, f"{path}/recommend", f"{path}/recommend", words)
    assert "Edit your recommendation" in page
    page = client.get(f"{path}/recommend").text
    # What was said stands in the form, so that changing the stance loses no word.
    assert re.search(r"<textarea[^>]*>Heavy &amp; good</textarea>", page)
    remove = re.search(r"/recommendations/[0-9a-z]+/remove", page)
    assert remove
    page = send(client, f"{path}/recommend", remove[0], {})
    assert "Edit your recommendation" not in page
    assert "Kettle" in client.get("/items?q=kettle&category=Kitchen").text


@pytest.mark.parametrize("change", [{"stance": "love"}, {"rating": "9"}, {"rating": "x"}, {"disclosure": ""}])
def test_a_bad_word_is_refused_with_a_message(
    client: FlaskClient, member: MemberFactory, signed_in: SignIn, change: dict[str, str]
) -> None:
    path = f"/items/{add_item(member('ana'), kind='place', title='Bath')}"
    signed_in(client, "ana")
    good = {"stance": "recommend", "rating": "3", "disclosure": "none"}
    client.application.config["WTF_CSRF_ENABLED"] = False
    answer = client.post(f"{path}/recommend", data={**good, "text": "Hot & cold", **change})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "Hot &amp; cold</textarea>" in answer.text
    page = client.get(path).text
    assert "No other recommendations yet." in page
    assert "Edit your recommendation" not in page


def test_the_page_draws_the_way_to_each(client: FlaskClient, member: MemberFactory, signed_in: SignIn) -> None:
    ana, bo, cem, fay = (member(one) for one in ("ana", "bo", "cem", "fay"))
    vouch(ana, bo, "trust_fully")
    vouch(bo, cem, "trust")
    thing = add_item(fay, kind="product", title="Kettle")
    for who, stance in ((bo, "recommend"), (cem, "recommend"), (fay, "avoid")):
        recommend(who, thing, stance, text="<script>alert(1)</script> *fine*", disclosure="none")
    signed_in(client, "ana")
    page = client.get(f"/items/{thing}").text
    assert "2 people you trust recommend this, all through Bo" in page
    assert page.count('class="trail-through"') == page.count('class="vh">All through Bo<') == 2
    assert "knows Cem" in page
    assert "0 recommend · 0 neutral · 1 avoid" in page
    assert "<script>alert" not in page
    assert "<em>fine</em>" in page
    assert 'itemtype="https://schema.org/Product"' in page
    stranger = client.application.test_client().get(f"/items/{thing}").text
    assert "2 recommend · 0 neutral · 1 avoid" in stranger
    # What is said is public, how one knows them is not.
    assert "/m/bo" in stranger
    assert "trail-faces" not in stranger


def test_circle_welcome_and_explore(app: Flask, client: FlaskClient, member: MemberFactory, signed_in: SignIn) -> None:
    ana, bo, fay = (member(one) for one in ("ana", "bo", "fay"))
    vouch(ana, bo, "trust")
    recommend(bo, add_item(fay, kind="product", title="Kettle"), "recommend")
    recommend(fay, add_item(fay, kind="product", title="Toaster"), "recommend")
    welcome = client.get("/").text
    assert "/register" in welcome
    assert "/login" in welcome
    assert "Kettle" in welcome
    signed_in(client, "ana")
    mine = client.get("/").text
    assert "Kettle" in mine
    assert mine.index("Kettle") < mine.index("Beyond your circle") < mine.index("Toaster")
    assert "Not connected yet" in mine[mine.index("Beyond your circle") :]
    everything = client.get("/explore").text
    assert everything.index("Kettle") < everything.index("Toaster")
    newcomer = signed_in(app.test_client(), "fay").get("/").text
    assert "Your circle is quiet" in newcomer
    assert 'href="/settings/invite"' in newcomer
    assert newcomer.index("Beyond your circle") < newcomer.index("Kettle")


def test_the_same_over_json(client: FlaskClient, member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")
    tokens = {who: {"Authorization": f"Bearer {issue_token(ident)}"} for who, ident in (("ana", ana), ("bo", bo))}
    made = client.post("/api/v1/items", json={"title": "Kettle", "kind": "product"}, headers=tokens["bo"])
    assert made.status_code == 201
    assert made.json
    ident = made.json["id"]
    said = client.post(
        "/api/v1/recommendations",
        json={"item": ident, "stance": "recommend", "rating": 4, "text": "ok", "disclosure": "none"},
        headers=tokens["bo"],
    )
    assert said.status_code == 201
    answer = client.get(f"/api/v1/items/{ident}/endorsements", headers=tokens["ana"]).json
    assert answer
    (one,) = answer["trusted"]
    assert set(one) == {
        *("member", "stance", "rating", "text", "score", "distance", "path"),
        *("verified_purchase", "disclosure", "at"),
    }
    assert (one["member"], one["rating"], one["distance"], one["path"]) == ("bo", 4, 1, ["ana", "bo"])
    assert answer["independent_ways"] == 1
    assert answer["others"] == {"recommend": 0, "neutral": 0, "avoid": 0}
    feed = client.get("/api/v1/feed?mode=circle", headers=tokens["ana"]).json
    assert feed
    (entry,) = feed["items"]
    assert (entry["kind"], entry["why"]["path"], entry["why"]["endorsers"]) == (
        "recommendation",
        ["ana", "bo"],
        ["bo"],
    )
    assert feed["next"] is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"stance": "recommend", "disclosure": "none"}, 422),
        ({"item": "nothing", "stance": "recommend", "disclosure": "none"}, 404),
        ({"item": "{id}", "stance": "love", "disclosure": "none"}, 422),
        ({"item": "{id}", "stance": "recommend"}, 422),
        ({"item": "{id}", "stance": "recommend", "disclosure": "none", "rating": "5"}, 422),
        ({"item": "{id}", "stance": "recommend", "disclosure": "none", "rating": True}, 422),
        ({"item": "{id}", "stance": ["recommend"], "disclosure": "none"}, 422),
    ],
)
def test_bad_json_is_a_problem(
    client: FlaskClient, member: MemberFactory, body: dict[str, object], status: int
) -> None:
    ana = member("ana")
    thing = add_item(ana, kind="product", title="Kettle")
    head = {"Authorization": f"Bearer {issue_token(ana)}"}
    filled = {key: thing if value == "{id}" else value for key, value in body.items()}
    answer = client.post("/api/v1/recommendations", json=filled, headers=head)
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert client.get("/api/v1/items/nothing/endorsements", headers=head).status_code == 404
    assert client.get("/api/v1/feed?mode=best", headers=head).status_code == 422
    assert client.get(f"/api/v1/items/{thing}/endorsements").status_code == 401
