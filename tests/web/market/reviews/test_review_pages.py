"""Reviews by pages and by API."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.kernel.ids import MemberId
from app.market.orders.values import Stage
from app.market.reviews.service import write_review
from app.market.reviews.values import ReviewDraft
from app.people.accounts.service import issue_token
from tests.support.orders import Deal, deal
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def two(app: Flask, member: MemberFactory) -> tuple[MemberId, MemberId]:
    app.config["WTF_CSRF_ENABLED"] = False
    return member("ana"), member("bo")


@pytest.fixture
def done(two: tuple[MemberId, MemberId]) -> Deal:
    return deal(*two, Stage.COMPLETED)


def picture() -> BytesIO:
    data = BytesIO()
    Image.new("RGB", (32, 32), "teal").save(data, "PNG")
    data.seek(0)
    return data


def test_from_the_order_to_both_reviews(app: Flask, done: Deal, client: FlaskClient, signed_in: SignedIn) -> None:
    ana, bo = signed_in(client, "ana"), signed_in(app.test_client(), "bo")
    page = f"/orders/{done.order}"
    assert f'href="{page}/review"' in ana.get(page).text
    assert "Packaging" not in ana.get(f"{page}/review").text, "they met"
    refused = ana.post(f"{page}/review", data={"text": "Fine"})
    assert refused.status_code == 422
    assert "Choose 1 to 5 stars" in refused.text
    sent = {"stars": "5", "text": "As new", "described": "4", "photos": [(picture(), "p.png")], "note": "secretly"}
    assert ana.post(f"{page}/review", data=sent).status_code == 303
    mine = ana.get(f"{page}/review").text
    assert ("Nobody else sees your review yet" in mine, "As new" in mine, "4/5" in mine) == (True, True, True)
    assert "As new" not in bo.get(page).text + bo.get("/m/bo").text + bo.get("/m/bo/reviews").text
    assert bo.post(f"{page}/review", data={"stars": "4", "text": "Friendly"}).status_code == 303
    both = bo.get(f"{page}/review").text
    assert ("As new" in both, "Friendly" in both, "secretly" in both) == (True, True, False)
    assert ana.post(f"{page}/review", data={"stars": "1"}).status_code == 409
    profile = app.test_client().get("/m/bo").text
    assert ("5.0" in profile, "From an order" in profile) == (True, True)
    assert "As new" in app.test_client().get("/m/bo/reviews").text


def test_before_it_is_completed_there_is_nothing_to_review(
    app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    made = deal(*two, Stage.RECEIVED)
    assert signed_in(client, "ana").get(f"/orders/{made.order}/review").status_code == 409
    assert "Bo</bdi>?" not in client.get(f"/orders/{made.order}").text


def test_what_pages_cost(
    two: tuple[MemberId, MemberId], member: MemberFactory, client: FlaskClient, signed_in: SignedIn
) -> None:
    for number in range(4):
        made = deal(member(f"buyer{number}"), two[1], Stage.COMPLETED)
        write_review(made.buyer, made.order, ReviewDraft(stars=4, text="Fine"))
        write_review(made.seller, made.order, ReviewDraft(stars=4, text="Fine"))
    ana = signed_in(client, "ana")
    for path, most in (("/m/bo/reviews", 14), (f"/reviews/{_first(ana)}", 8)):
        ana.get(path)
        with statements() as seen:
            assert ana.get(path).status_code == 200
        assert len(seen) <= most, "\n".join(map(str, seen))


def _first(client: FlaskClient) -> str:
    return client.get("/m/bo/reviews").text.partition('href="/reviews/0')[2].partition('"')[0].join(("0", ""))


def test_over_json(app: Flask, two: tuple[MemberId, MemberId], done: Deal, client: FlaskClient) -> None:
    ana, bo = ({"Authorization": f"Bearer {issue_token(one)}"} for one in two)
    path = f"/api/v1/orders/{done.order}"
    assert "review" in {one["action"] for one in client.get(path, headers=ana).json["actions"]}
    refused = client.post(f"{path}/review", json={"stars": "5"}, headers=ana)
    assert (refused.status_code, refused.json["code"]) == (422, "bad_stars")
    made = client.post(f"{path}/review", json={"stars": 5, "text": "Good", "punctual": 4}, headers=ana)
    assert (made.status_code, made.json["visible_at"], made.json["details"]) == (201, None, {"punctual": 4})
    assert "review" not in {one["action"] for one in client.get(path, headers=ana).json["actions"]}
    assert client.get(made.headers["Location"], headers=bo).status_code == 404
    assert client.post(f"{path}/review", json={"stars": 1}, headers=ana).json["code"] == "already_reviewed"
    client.post(f"{path}/review", json={"stars": 4}, headers=bo)
    found = client.get("/api/v1/members/bo/reviews", headers=ana).json["items"]
    assert [(one["author"], one["stars"], one["order"]) for one in found] == [("ana", 5, done.order)]


def test_put_right_by_pages(
    app: Flask, two: tuple[MemberId, MemberId], done: Deal, client: FlaskClient, signed_in: SignedIn
) -> None:
    ana, bo = signed_in(client, "ana"), signed_in(app.test_client(), "bo")
    page = f"/reviews/{write_review(two[0], done.order, ReviewDraft(stars=1, text='It came broken'))}"
    assert bo.get(page).status_code == 404
    write_review(two[1], done.order, ReviewDraft(stars=4))
    assert ("Put it right" in bo.get(page).text, "Put it right" in ana.get(page).text) == (True, False)
    refused = bo.post(f"{page}/offer", data={"remedy": "refund", "offer": ""})
    assert (refused.status_code, "Write something first" in refused.text) == (422, True)
    assert bo.post(f"{page}/offer", data={"remedy": "refund", "offer": "Half of it"}).status_code == 303
    guest = app.test_client()
    assert ("Half of it" in ana.get(page).text, "Half of it" in guest.get(page).text) == (True, False)
    assert ana.post(f"{page}/update", data={"stars": "4"}).status_code == 409
    assert bo.post(f"{page}/done").status_code == 303
    refused = ana.post(f"{page}/update", data={"stars": "9", "text": "A new one"})
    assert (refused.status_code, "Choose 1 to 5 stars" in refused.text, "A new one" in refused.text) == (
        422,
        True,
        True,
    )
    assert ana.post(f"{page}/update", data={"stars": "4", "text": "A new one came"}).status_code == 303
    seen = guest.get(page).text
    assert ("Updated after" in seen, "It came broken" in seen, "A new one came" in seen) == (True, True, True)
    assert bo.post(f"{page}/answer", data={"text": ""}).status_code == 422
    assert bo.post(f"{page}/answer", data={"text": "Sorry again"}).status_code == 303
    assert "Sorry again" in guest.get("/m/bo/reviews").text


def test_put_right_over_json(app: Flask, two: tuple[MemberId, MemberId], done: Deal, client: FlaskClient) -> None:
    ana, bo = ({"Authorization": f"Bearer {issue_token(one)}"} for one in two)
    ident = write_review(two[0], done.order, ReviewDraft(stars=2, text="Late"))
    write_review(two[1], done.order, ReviewDraft(stars=4))
    path = f"/api/v1/reviews/{ident}"
    assert client.post(f"{path}/answer", json={"text": "Sorry"}, headers=ana).json["code"] == "not_yours"
    assert client.post(f"{path}/answer", json={"text": "Sorry"}, headers=bo).json["answer"]["html"] == "<p>Sorry</p>"
    body = {"remedy": "apology", "text": "I was ill"}
    assert client.post(f"{path}/recovery", json=body, headers=bo).json["recovery"]["text"] == "I was ill"
    assert client.post(f"{path}/recovery/done", headers=bo).status_code == 200
    made = client.patch(path, json={"stars": 4, "text": "Fine"}, headers=ana)
    assert (made.status_code, made.json["stars"], made.json["recovery"]["remedy"]) == (200, 4, "apology")
    assert client.patch(path, json={"stars": 4}, headers=ana).json["code"] == "not_now"
