"""Vouches, trust and circle over JSON."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.people.accounts.service import issue_token
from tests.support.people import MemberFactory


class Caller:
    """A client with a token."""

    def __init__(self, app: Flask, member_id: int) -> None:
        with app.app_context():
            self._head = {"Authorization": f"Bearer {issue_token(member_id)}"}
        self._client = app.test_client()

    def __call__(self, method: str, path: str, **more: Any) -> tuple[int, Any]:
        answer = self._client.open(f"/api/v1{path}", method=method, headers=self._head, **more)
        return answer.status_code, answer.json


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> Caller:
    for handle in ("bo", "cem", "dee"):
        member(handle)
    return Caller(app, member("ana"))


def test_vouches_are_given_and_withdrawn(ana: Caller) -> None:
    status, given = ana("POST", "/vouches", json={"member": "bo", "strength": "trust", "reason": "work"})
    assert status == 201
    assert (given["member"], given["strength"], given["reason"], given["expires_at"]) == ("bo", "trust", "work", None)
    status, trust = ana("GET", "/trust/bo")
    assert status == 200
    assert trust["score"] > 0
    assert {k: trust[k] for k in ("distance", "independent_ways", "paths")} == {
        "distance": 1, "independent_ways": 1, "paths": [["ana", "bo"]],
    }  # fmt: skip
    assert ana("DELETE", "/vouches/bo") == (204, None)
    assert ana("DELETE", "/vouches/bo")[0] == 404
    assert ana("GET", "/trust/bo")[1] == {"score": 0.0, "distance": None, "independent_ways": 0, "paths": []}


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"member": "bo"}, "missing_field"),
        ({"member": "bo", "strength": "hugely"}, "bad_strength"),
        ({"member": "ana", "strength": "trust"}, "self_vouch"),
        ({"member": "nobody", "strength": "trust"}, "not_found"),
        ({"member": "bo", "strength": "trust", "expires_at": "soon"}, "bad_expiry"),
        ({"member": "bo", "strength": "trust", "expires_at": "2001-01-01T00:00:00Z"}, "bad_expiry"),
        ({"member": 7, "strength": "trust"}, "bad_field"),
        ([], "bad_json"),
    ],
)
def test_refusals_have_stable_codes(ana: Caller, sent: Any, code: str) -> None:
    status, problem = ana("POST", "/vouches", json=sent)
    assert status in {404, 422}
    assert problem["code"] == code


def test_an_end_may_be_given(ana: Caller) -> None:
    sent = {"member": "bo", "strength": "trust", "expires_at": "2031-05-06T07:08:09+02:00"}
    status, given = ana("POST", "/vouches", json=sent)
    assert status == 201
    assert given["expires_at"] == "2031-05-06T05:08:09+00:00"


def test_the_circle_comes_in_pages_best_first(app: Flask, ana: Caller, member: MemberFactory) -> None:
    for place in range(5):
        member(f"friend{place}")
        ana("POST", "/vouches", json={"member": f"friend{place}", "strength": "trust"})
    ana("POST", "/vouches", json={"member": "bo", "strength": "trust_fully"})
    status, first = ana("GET", "/circle?limit=4")
    assert status == 200
    assert first["items"][0]["member"] == "bo"
    assert set(first["items"][0]) == {"member", "score", "distance", "path"}
    rest = ana("GET", f"/circle?limit=4&cursor={first['next']}")[1]
    assert rest["next"] is None
    names = [one["member"] for one in first["items"] + rest["items"]]
    assert sorted(names) == ["bo", *(f"friend{one}" for one in range(5))]
    assert ana("GET", "/circle?limit=0")[1]["code"] == "bad_limit"
    assert app.test_client().get("/api/v1/circle").status_code == 401
