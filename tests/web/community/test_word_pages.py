"""Recommendations by plain forms and over JSON: photos, history, sharing, votes, comments, bad input."""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from app.community.comments.service import add_comment
from app.community.items.service import add_item
from app.community.recommendations import queries
from app.community.recommendations.service import recommend
from app.kernel.subjects import Subject
from app.marketing.advocates.service import become_advocate
from app.merchants.stores.service import add_product, open_store
from app.moderation.decisions.service import decide
from app.moderation.reports.service import file_report
from app.people.accounts.service import issue_token
from app.platform.database import db
from app.platform.event_log import run_reactions
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

SignIn = Callable[[FlaskClient, str], FlaskClient]
MOST = 10
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "[x](javascript:alert(1))",
    "[x](//evil.example)",
    "</textarea><script>alert(1)</script>",
    "{{ 7*7 }} ${7*7} <%= 7*7 %>",
    "\u202egnp.exe\u202c",
    "Z\u0351\u036b\u0343\u0342\u0350\u034c\u0363" * 20,
    "\ud83d",
    "null\x00byte",
    "[" * 3000,
    "> " * 2000,
    "</script><script>alert(1)</script>",
]


@pytest.fixture(autouse=True)
def _no_token(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def people(member: MemberFactory) -> dict[str, int]:
    """Ana trusts Bo, Bo trusts Cem; Fay is a stranger; Mira has a store."""
    ids = {one: member(one) for one in ("ana", "bo", "cem", "fay")}
    ids["mira"] = member("mira", role="merchant")
    vouch(ids["ana"], ids["bo"], "trust_fully")
    vouch(ids["bo"], ids["cem"], "trust_fully")
    return ids


@pytest.fixture
def kettle(people: dict[str, int]) -> str:
    return add_item(people["fay"], kind="product", title="Kettle")


def png(size: tuple[int, int] = (64, 48)) -> tuple[BytesIO, str]:
    out = BytesIO()
    Image.new("RGB", size, "#c4552d").save(out, "PNG")
    out.seek(0)
    return out, "photo.png"


def _bomb() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def say(client: FlaskClient, path: str, **form: Any) -> TestResponse:
    return client.post(path, data={"stance": "recommend", "disclosure": "none", **form})


def test_said_with_photos_shared_changed_and_read_by_everybody(
    app: Flask, client: FlaskClient, people: dict[str, int], kettle: str, signed_in: SignIn
) -> None:
    signed_in(client, "cem")
    path = f"/items/{kettle}/recommend"
    answer = say(client, path, text="Boils *fast* & quiet", rating="4", photos=[png(), png()])
    assert answer.status_code == 303
    form = client.get(path).text
    shots = re.findall(r'name="photo_id" value="([0-9a-z]{26})"', form)
    assert len(shots) == 2
    answer = say(
        client,
        path,
        stance="avoid",
        text="It leaks",
        disclosure="gifted",
        photo_id=shots,
        drop_photo=shots[0],
        **{f"alt_{shots[1]}": 'A "puddle"'},
    )
    assert answer.status_code == 303
    (ident,) = set(re.findall(r"/recommendations/([0-9a-z]{26})", client.get(f"/items/{kettle}").text))
    stranger = app.test_client()
    page = stranger.get(f"/recommendations/{ident}").text
    assert '<meta property="og:title" content="Cem would avoid Kettle">' in page
    assert '<meta property="og:description" content="Gifted. It leaks">' in page
    assert f'<meta property="og:image" content="http://127.0.0.1:8000/media/{shots[1]}/full.webp">' in page
    assert 'alt="A &#34;puddle&#34;"' in page
    assert shots[0] not in page
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert data
    review = json.loads(data[1])
    assert (review["@type"], review["author"]["name"], review["reviewBody"]) == ("Review", "Cem", "It leaks")
    assert review["itemReviewed"]["name"] == "Kettle"
    history = stranger.get(f"/recommendations/{ident}/history").text
    assert "Boils <em>fast</em> &amp; quiet" in history
    assert history.index("It leaks") < history.index("Boils")
    ana = signed_in(app.test_client(), "ana")
    assert "Bo knows Cem" in ana.get(f"/recommendations/{ident}").text
    for gone in ("nothing", kettle):
        assert stranger.get(f"/recommendations/{gone}").status_code == 404
        assert stranger.get(f"/recommendations/{gone}/history").status_code == 404


def test_helpful_saved_and_talked_about(
    app: Flask, client: FlaskClient, people: dict[str, int], kettle: str, signed_in: SignIn
) -> None:
    ident = recommend(people["cem"], kettle, "recommend", text="Fast")
    page = f"/recommendations/{ident}"
    signed_in(client, "ana")
    answer = client.post(f"{page}/helpful", data={"helpful": "1"}, headers={"HX-Request": "true"})
    assert 'aria-pressed="true"' in answer.text
    assert "<html" not in answer.text
    assert client.post(f"{page}/save", data={"keep": "1", "next": "//evil.example"}).location == page
    assert client.post(f"{page}/save", data={"keep": "1", "next": "/saved"}).location == "/saved"
    assert "Kettle" in client.get("/saved").text
    client.post(f"{page}/save", data={"keep": "0"})
    assert "No recommendation saved yet" in client.get("/saved").text
    assert client.post(f"{page}/comments", data={"text": "How loud?"}).status_code == 303
    assert "How loud?" in client.get(page).text
    refused = client.post(f"{page}/comments", data={"text": "y" * 2001})
    assert refused.status_code == 422
    assert "y" * 2001 in refused.text
    assert client.post(f"{page}/comments", data={"text": " "}).status_code == 422
    assert client.post("/recommendations/nothing/comments", data={"text": "Hm"}).status_code == 404
    remove = re.search(r"/comments/[0-9a-z]{26}/remove", client.get(page).text)
    assert remove
    assert signed_in(app.test_client(), "bo").post(remove[0]).status_code == 403
    assert client.post(remove[0]).status_code == 302 or client.get(page).status_code == 200
    assert "How loud?" not in client.get(page).text
    own = signed_in(app.test_client(), "cem")
    assert own.post(f"{page}/helpful", data={"helpful": "1"}).status_code == 403
    stranger = app.test_client()
    for path in (f"{page}/helpful", f"{page}/save", f"{page}/comments"):
        assert stranger.post(path).status_code == 401


def test_who_speaks_for_the_store_is_asked_what_they_get(
    client: FlaskClient, people: dict[str, int], kettle: str, signed_in: SignIn
) -> None:
    store = open_store(people["mira"], name="Pots", slug="pots", about="")
    add_product(people["mira"], store, kettle, 500, "EUR")
    become_advocate(people["bo"], store, consent=False)
    run_reactions()
    signed_in(client, "bo")
    for path in (f"/items/{kettle}/recommend", f"/recommend/store/{store}"):
        form = client.get(path).text
        assert 'value="none"' not in form
        assert "You work with a store" in form
        refused = say(client, path, text="So good")
        assert refused.status_code == 422
        assert "whether you were paid or given anything" in refused.text
        assert "So good</textarea>" in refused.text
        assert say(client, path, text="So good", disclosure="paid").status_code == 303
    head = {"Authorization": f"Bearer {issue_token(people['bo'])}"}
    body = {"item": kettle, "stance": "recommend", "disclosure": "none", "text": "Really"}
    answer = client.post("/api/v1/recommendations", json=body, headers=head)
    assert answer.json
    assert (answer.status_code, answer.json["code"]) == (422, "disclosure_required")
    page = client.get("/s/pots").text
    assert "Paid" in page
    item = re.search(r'/items/([0-9a-z]{26})">Read all', page)
    assert item
    assert client.get(f"/items/{item[1]}").status_code == 200
    assert client.get(f"/items/{item[1]}/subject").location == "/s/pots"
    assert client.get(f"/items/{item[1]}/recommend").location == f"/recommend/store/{store}"


def test_hostile_words_are_harmless_wherever_they_are_shown(
    client: FlaskClient, people: dict[str, int], kettle: str, signed_in: SignIn
) -> None:
    signed_in(client, "cem")
    path = f"/items/{kettle}/recommend"
    assert say(client, path, text="Fine", photos=png()).status_code == 303
    said = queries.by_member(None, people["cem"])[0]
    (shot,) = re.findall(r'name="photo_id" value="([0-9a-z]{26})"', client.get(path).text)
    for text in HOSTILE:
        sent = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        words = {"text": sent, "photo_id": shot, f"alt_{shot}": sent[:300]}
        assert say(client, path, **words).status_code in {303, 422}
        assert client.post(f"{said.url}/comments", data={"text": sent[:1900]}).status_code in {303, 422}
    for page in (said.url, f"{said.url}/history", f"/items/{kettle}", path):
        answer = client.get(page)
        assert answer.status_code == 200
        for bad in ("<script>alert", "<img src=x", "<svg/onload", 'href="javascript', 'href="//evil'):
            assert bad not in answer.text, (page, bad)
        assert "\u202e" not in answer.text
        assert "\x00" not in answer.text


def test_a_hostile_photo_is_refused_and_the_words_are_kept(
    client: FlaskClient, people: dict[str, int], kettle: str, signed_in: SignIn
) -> None:
    signed_in(client, "cem")
    path = f"/items/{kettle}/recommend"
    for data, name in (
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "drawing.svg"),
        (b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "cut.png"),
        (b"GIF89a/*<svg/onload=alert(1)>*/=1;", "both.gif"),
        (b"", "empty.jpg"),
        (_bomb(), "bomb.png"),
    ):
        answer = say(client, path, text="Keep me", photos=[png(), (BytesIO(data), name)])
        assert answer.status_code == 422
        assert name in answer.text
        assert "Keep me</textarea>" in answer.text
        # The good one beside it is kept too.
        assert answer.text.count('name="photo_id"') == 1
    assert queries.by_member(None, people["cem"]) == []


def test_too_much_is_refused(client: FlaskClient, people: dict[str, int], kettle: str, signed_in: SignIn) -> None:
    signed_in(client, "cem")
    path = f"/items/{kettle}/recommend"
    assert say(client, path, text="x" * 10_001).status_code == 422
    assert say(client, path, photos=[png() for _ in range(6)]).status_code == 422
    assert say(client, path, rating="nan").status_code == 422
    assert say(client, "/items/nothing/recommend").status_code == 404
    assert say(client, "/recommend/vouch/1").status_code == 404
    assert say(client, "/recommend/listing/nothing").status_code == 404


def test_a_moderator_takes_away_comment_and_photo(
    client: FlaskClient, member: MemberFactory, people: dict[str, int], kettle: str, signed_in: SignIn
) -> None:
    maja = member("maja", role="moderator")
    signed_in(client, "cem")
    say(client, f"/items/{kettle}/recommend", text="Fast", photos=png())
    ident = queries.by_member(None, people["cem"])[0].id
    comment = add_comment(people["fay"], ident, "Buy at **my** shop")
    (shot,) = queries.endorsement(None, ident).photos
    for kind, what in (("comment", comment), ("said_photo", shot.id), ("recommendation", ident)):
        report = file_report(people["bo"], Subject(kind, what), "spam")
        decide(maja, report, "remove", reason="Against the rules")
        run_reactions()
        db.session.rollback()
        page = client.get(f"/recommendations/{ident}")
        assert ("my</strong> shop" in page.text) is False
        assert (f"/media/{shot.id}" in page.text) is (kind == "comment")
        assert page.status_code == (404 if kind == "recommendation" else 200)


def test_all_of_it_over_json(client: FlaskClient, people: dict[str, int], kettle: str) -> None:
    def call(who: str, method: str, path: str, **more: Any) -> TestResponse:
        head = {"Authorization": f"Bearer {issue_token(people[who])}"}
        return client.open(f"/api/v1{path}", method=method, headers=head, **more)

    body = {"item": kettle, "stance": "recommend", "disclosure": "none", "text": "Fast", "rating": 4}
    made = call("cem", "POST", "/recommendations", json=body)
    assert made.status_code == 201
    path = f"/recommendations/{made.json['id']}"  # type: ignore[index] # there is a body
    added = call("cem", "POST", f"{path}/photos", data={"a": png(), "b": png(), "alt": ["Spout", "Lid"]})
    assert added.status_code == 201
    assert [photo["alt"] for photo in added.json["photos"]] == ["Spout", "Lid"]  # type: ignore[index] # as above
    assert call("ana", "POST", f"{path}/photos", data={"a": png()}).status_code == 403
    assert call("cem", "POST", f"{path}/photos").status_code == 422
    assert call("cem", "POST", f"{path}/photos", data={"a": (BytesIO(b"no"), "a.png")}).status_code == 422
    assert call("cem", "PATCH", path, json={"stance": "neutral"}).json["text"] == "Fast"  # type: ignore[index] # as above
    assert call("ana", "PATCH", path, json={"stance": "avoid"}).status_code == 403
    assert call("cem", "PATCH", path, json={"disclosure": None}).status_code == 422
    history = call("fay", "GET", f"{path}/history").json
    assert [one["stance"] for one in history["items"]] == ["neutral", "recommend"]  # type: ignore[index] # as above
    assert call("ana", "PUT", f"{path}/helpful").json == {"helpful": 1}
    assert call("ana", "PUT", f"{path}/helpful").json == {"helpful": 1}
    assert call("cem", "PUT", f"{path}/helpful").status_code == 403
    assert call("ana", "PUT", f"{path}/saved").status_code == 204
    comment = call("ana", "POST", f"{path}/comments", json={"text": "Loud?"})
    assert comment.status_code == 201
    assert call("ana", "POST", f"{path}/comments", json={"text": 7}).status_code == 422
    seen = call("ana", "GET", path).json
    assert seen is not None
    assert (seen["path"], seen["helpful"], seen["helped"], seen["saved"], seen["comments"]) == (
        ["ana", "bo", "cem"], 1, True, True, 1,
    )  # fmt: skip
    assert [one["author"] for one in call("bo", "GET", f"{path}/comments").json["items"]] == ["ana"]  # type: ignore[index] # as above
    assert call("bo", "DELETE", f"/comments/{comment.json['id']}").status_code == 403  # type: ignore[index] # as above
    assert call("cem", "DELETE", f"/comments/{comment.json['id']}").status_code == 204  # type: ignore[index] # as above
    assert len(call("ana", "GET", "/saved").json["items"]) == 1  # type: ignore[index] # as above
    assert call("ana", "DELETE", f"{path}/saved").status_code == 204
    assert call("ana", "DELETE", f"{path}/helpful").json == {"helpful": 0}
    assert call("ana", "DELETE", path).status_code == 403
    assert call("cem", "DELETE", path).status_code == 204
    assert call("ana", "GET", path).status_code == 404
    spec = client.get("/api/v1/openapi.json").json
    assert spec is not None
    assert {"get", "patch", "delete"} <= set(spec["paths"]["/api/v1/recommendations/{recommendation_id}"])


def test_the_shared_page_takes_few_statements(
    client: FlaskClient, member: MemberFactory, people: dict[str, int], kettle: str, signed_in: SignIn
) -> None:
    ident = recommend(people["cem"], kettle, "recommend", text="Fast")
    for n in range(12):
        add_comment(member(f"c{n}"), ident, "So it is")
    signed_in(client, "ana")
    client.get(f"/recommendations/{ident}")
    with statements() as sent:
        assert client.get(f"/recommendations/{ident}").text.count("So it is") == 12
    assert len(sent) <= MOST, "\n\n".join(sent)
