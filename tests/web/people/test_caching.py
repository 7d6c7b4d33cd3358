"""What a browser may keep of an answer: nothing of an account, and only directives that exist."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.people.accounts.service import issue_token, signin_link
from tests.support.access import routes
from tests.support.people import MemberFactory, sign_in

# RFC 9111, and `immutable` of RFC 8246.
WITHOUT_VALUE = {"no-store", "no-cache", "private", "public", "must-revalidate", "immutable"}
WITH_SECONDS = {"max-age"}
EVERYBODYS = re.compile(r"/(static|media)/|/(manifest\.webmanifest|sw\.js|offline)$")


def faults(value: str) -> list[str]:
    """What is wrong with the directives of one answer."""
    found = []
    directives = [one.strip().partition("=") for one in value.split(",")]
    names = [name for name, _, _ in directives]
    for name, sign, given in directives:
        if sign and not (name in WITH_SECONDS and given.isdigit()):
            found.append(f"{name}={given} is none")
        if not sign and name not in WITHOUT_VALUE:
            found.append(f"{name} is none")
    if len(set(names)) < len(names):
        found.append("twice the same")
    if {"public", "private"} <= set(names) or ("no-store" in names and {"max-age", "immutable", "public"} & set(names)):
        found.append("they contradict each other")
    return found


@pytest.mark.parametrize("value", ["no-cache, nocache", "private, public", "no-store, max-age=3", "max-age=soon", ""])
def test_the_measure_finds_bad_ones(value: str) -> None:
    assert faults(value)


def test_no_answer_for_a_member_is_kept(app: Flask, member: MemberFactory) -> None:
    """Every route by every method; a page that Back would show after the sign-out is one with an account in it."""
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    ident = member("ana", role="operator")
    wrong = []
    for method, rule in routes(app):
        path = re.sub(r"<int[^>]*>", "1", re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule))
        path = re.sub(r"<[^>]+>", "ana", path)
        client = app.test_client()
        sign_in(app, client, "ana")
        headers = {"Authorization": f"Bearer {issue_token(ident)}"} if path.startswith("/api/") else {}
        answer = client.open(path, method=method, headers=headers)
        values = answer.headers.getlist("Cache-Control")
        told = ", ".join(values)
        wrong += [f"{method} {path}: {told}: {fault}" for fault in faults(told)]
        if not EVERYBODYS.search(path) and "no-store" not in told:
            wrong.append(f"{method} {path} ({answer.status_code}) may be kept: {told}")
        if "Expires" in answer.headers or "Pragma" in answer.headers:
            wrong.append(f"{method} {path}: speaks HTTP/1.0 about keeping")
    assert not wrong, "\n".join(wrong)


def test_pages_with_a_code_or_a_password_are_not_kept(app: Flask, member: MemberFactory) -> None:
    link = signin_link(member("ana"))
    for path in ("/login", "/register", "/reset", "/reset/nonsense", link, "/signin/nonsense"):
        told = app.test_client().get(path).headers["Cache-Control"]
        assert "no-store" in told, path
        assert not faults(told)


def test_strangers_pages_may_be_kept_for_going_back(app: Flask) -> None:
    answer = app.test_client().get("/explore")
    assert answer.headers["Cache-Control"] == "private, no-cache"
