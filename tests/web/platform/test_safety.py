"""What protects every page: headers, cookies, CSRF, sizes, and errors that say something."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.people.accounts.service import issue_token
from tests.support.people import MemberFactory

PAGES = ("/", "/market", "/items", "/login", "/healthz", "/nowhere", "/api/v1/openapi.json")


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_forbids_inline_script_and_framing(client: FlaskClient, path: str) -> None:
    head = client.get(path).headers
    policy = head["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert head["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/market", "/login", "/register", "/explore"])
def test_pages_hold_no_inline_script_or_style(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert page.count("<script") == page.count("<script src=")


def test_the_session_cookie_is_out_of_reach_of_scripts(
    client: FlaskClient, member: MemberFactory, signed_in: Callable[..., FlaskClient]
) -> None:
    cookie = client.get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_form_without_its_token_is_refused(
    app: Flask, client: FlaskClient, member: MemberFactory, signed_in: Callable[..., FlaskClient]
) -> None:
    member("ana")
    member("bo")
    app.config["WTF_CSRF_ENABLED"] = True
    answer = signed_in(client, "ana").post("/m/bo/block")
    assert answer.status_code == 400
    assert "data-held" in answer.text


def test_a_body_without_files_is_bounded(client: FlaskClient, member: MemberFactory) -> None:
    token = issue_token(member("ana"))
    answer = client.post(
        "/api/v1/recommendations",
        data=b'{"text": "' + b"x" * 2_000_000 + b'"}',
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code in {413, 422}
    assert answer.content_type == "application/problem+json"


def test_errors_of_the_api_are_problems_with_a_code(client: FlaskClient) -> None:
    answer = client.get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["code"] == "unauthenticated"
    assert client.get("/api/v1/nothing").get_json()["status"] == 404


def test_an_unexpected_error_is_a_page_that_says_so(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(app.view_functions, "items.browse", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/items")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text


@pytest.mark.parametrize("cursor", ["x", "bm90IGpzb24", "WzEsMiwzXQ"])
def test_a_damaged_cursor_is_refused_clearly(client: FlaskClient, cursor: str) -> None:
    assert client.get(f"/items?cursor={cursor}").status_code == 422
    assert client.get(f"/explore?cursor={cursor}").status_code == 422


def test_the_api_page_lists_the_calls(client: FlaskClient) -> None:
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "/items/{item_id}/endorsements" in page.text
    assert client.get("/api/v1/openapi.json").get_json()["openapi"].startswith("3.1")


def test_health_and_metrics_answer(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert "kinmarket_requests_total" in client.get("/metrics").text


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("path", ["/items/%00", "/m/a%00", "/s/%00", "/r/%00"])
def test_an_address_with_a_nul_leads_nowhere(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("asked", ["q=%00", "category=a%00b", "q=%0%000", "cursor=%00"])
def test_a_nul_in_a_question_is_refused(client: FlaskClient, asked: str) -> None:
    assert client.get(f"/items?{asked}").status_code == 422


@pytest.mark.databases("sqlite", "postgres")
def test_a_text_with_a_nul_is_refused(client: FlaskClient, member: MemberFactory) -> None:
    head = {"Authorization": f"Bearer {issue_token(member('ana'))}"}
    said = {"item": "\x00", "stance": "recommend", "disclosure": "none"}
    answer = client.post("/api/v1/recommendations", json=said, headers=head)
    assert answer.status_code == 422
