"""People to meet, the picture's page and data, friends in common, muting by forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.discovery.people_suggestions.queries import muted_by
from app.people.accounts.service import issue_token
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

SignIn = Callable[[FlaskClient, str], FlaskClient]


@pytest.fixture
def ana(app: Flask, client: FlaskClient, member: MemberFactory, signed_in: SignIn) -> FlaskClient:
    """Ana trusts Bo and the discreet Dee; both trust Eve, Dee trusts Bo."""
    app.config["WTF_CSRF_ENABLED"] = False
    ids = {name: member(name, name=f"{name.capitalize()} Example") for name in ("ana", "bo", "eve")}
    ids["dee"] = member("dee", name="Dee Secret", discreet=True)
    for pair in ("ana bo", "ana dee", "bo eve", "dee eve", "eve bo", "eve dee"):
        truster, trustee = pair.split()
        vouch(ids[truster], ids[trustee], "trust_fully")
    return signed_in(client, "ana")


def test_a_suggestion_comes_with_its_way_and_can_be_put_off(ana: FlaskClient) -> None:
    page = ana.get("/people").text
    assert "Eve Example" in page
    assert "/trust/explain/eve" in page
    assert "Connected through 1 friend" in page
    assert "Eve Example" in ana.get("/circle").text
    assert ana.post("/people/eve/not-now", data={"next": "/circle"}).location == "/circle"
    assert "/people/eve/not-now" not in ana.get("/people").text
    assert "suggest me" in ana.get("/people").text.casefold()
    ana.post("/people/wish", data={"allowed": "0"})
    assert "aren’t suggested to anyone" in ana.get("/people").text


def test_a_profile_names_friends_in_common_but_not_the_discreet_one(ana: FlaskClient) -> None:
    page = ana.get("/m/eve").text
    assert "1 friend in common" in page
    assert "of them hidden" not in page
    assert 'class="friend" href="/m/bo"' in page
    assert "Dee Secret" not in page


def test_the_picture_says_in_words_what_it_draws(ana: FlaskClient) -> None:
    page = ana.get("/circle/picture").text
    assert "circle-" in page
    assert 'href="/circle/picture/bo"' in page
    assert "and 1 person who is hidden" in page
    assert "Dee Secret" not in page
    data = ana.get("/circle/picture.json").json
    assert next(one["handle"] for one in data["people"]) == "ana"
    assert [one["name"] for one in data["people"]].count(None) == 1
    assert data["edges"]
    sheet = ana.get("/circle/picture/bo", headers={"HX-Request": "true"}).text
    assert "<html" not in sheet
    assert "/people/bo/mute" in sheet
    assert "/vouch/bo" in sheet


def test_muting_by_form_and_by_token(app: Flask, ana: FlaskClient, client: FlaskClient) -> None:
    assert ana.post("/people/bo/mute", data={"next": "https://evil.example"}).location == "/people"
    assert muted_by(1) == {2}
    assert "/people/bo/unmute" in ana.get("/people").text
    ana.post("/people/bo/unmute")
    assert muted_by(1) == set()
    headers = {"Authorization": f"Bearer {issue_token(1)}"}
    assert client.put("/api/v1/mutes/bo", headers=headers).status_code == 204
    assert muted_by(1) == {2}
    assert client.delete("/api/v1/mutes/bo", headers=headers).status_code == 204
    assert client.put("/api/v1/mutes/ana", headers=headers).status_code == 422
    found = client.get("/api/v1/people/suggestions", headers=headers).json
    assert found["items"][0]["member"] == "eve"
    assert None not in found["items"][0]["path"] or "dee" not in str(found)


@pytest.mark.parametrize("path", ["/people", "/circle/picture", "/circle/picture.json", "/circle/picture/bo"])
def test_strangers_sign_in_first_and_pages_cost_little(ana: FlaskClient, app: Flask, path: str) -> None:
    ana.get(path)
    with statements() as sent:
        assert ana.get(path).status_code == 200
    assert len(sent) <= 10 if path.endswith("/bo") else len(sent) <= 8, "\n".join(sent)
    assert "/login" in app.test_client().get(path).location
