"""Asking for an introduction, passing it on and being introduced, on the pages."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

SignedIn = Callable[..., FlaskClient]


def test_from_the_profile_to_the_conversation(app: Flask, member: MemberFactory, signed_in: SignedIn) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    ana, bo, cem = (member(name) for name in ("ana", "bo", "cem"))
    vouch(ana, bo, "trust", "known for years")
    vouch(bo, cem, "trust", "known for years")
    at = {name: signed_in(app.test_client(), name) for name in ("ana", "bo", "cem")}
    assert "/introductions/to/cem" in at["ana"].get("/m/cem").text
    assert "/introductions/to/" not in at["ana"].get("/m/bo").text
    assert at["ana"].post("/introductions/to/cem", data={"note": ""}).status_code == 422
    assert at["ana"].post("/introductions/to/cem", data={"note": "I like your looms"}).status_code == 303
    page = at["bo"].get("/introductions").text
    assert "I like your looms" in page
    assert "Pass on to" in page
    action = page.split('action="/introductions/')[1].split("/pass")[0]
    assert at["bo"].post(f"/introductions/{action}/pass", data={"word": "A friend"}).status_code == 303
    assert "A friend" in at["cem"].get("/introductions").text
    met = at["cem"].post(f"/introductions/{action}/pass")
    assert "I like your looms" in at["cem"].get(met.location).text
    assert "Thank everyone" in at["ana"].get("/introductions").text
    at["ana"].post(f"/introductions/{action}/thank")
    assert "Thank everyone" not in at["ana"].get("/introductions").text


def test_of_who_is_no_friend_of_friends_the_page_says_so(
    member: MemberFactory, client: FlaskClient, signed_in: SignedIn
) -> None:
    member("ana"), member("eve")
    signed_in(client, "ana")
    assert "No friends of yours lead to this person" in client.get("/introductions/to/eve").text
    assert "No introductions yet" in client.get("/introductions").text
