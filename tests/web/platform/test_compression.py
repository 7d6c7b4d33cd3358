"""What goes over the network compressed, and what does not."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.community.items.service import add_item
from app.people.accounts.service import issue_token
from app.web.compression import LEAST, gzipped
from tests.support.people import MemberFactory

DIST = Path(__file__).parents[3] / "static" / "dist"
PACKED = {"Accept-Encoding": "gzip"}


def test_a_page_is_the_same_and_shorter_in_gzip(client: FlaskClient) -> None:
    plain = client.get("/market")
    packed = client.get("/market", headers=PACKED)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) == int(packed.headers["Content-Length"]) < len(plain.data) / 2
    assert "<title>Market" in gzip.decompress(packed.data).decode()
    assert "Content-Encoding" not in plain.headers
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert client.head("/market", headers=PACKED).headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("taken", ["", "identity", "gzip;q=0", "br"])
def test_who_does_not_take_gzip_gets_the_page_as_it_is(client: FlaskClient, taken: str) -> None:
    answer = client.get("/market", headers={"Accept-Encoding": taken})
    assert "Content-Encoding" not in answer.headers
    assert answer.text.startswith("<!doctype html>")


def test_each_answer_has_a_length_of_its_own() -> None:
    """Nobody reads from a length what the page holds."""
    body = b"<p>the same</p>" * 200
    packed = {gzipped(body) for _ in range(60)}
    assert len({len(one) for one in packed}) > 10
    assert {gzip.decompress(one) for one in packed} == {body}


def test_pages_with_codes_and_passwords_are_not_compressed(client: FlaskClient) -> None:
    for path in ("/login", "/register", "/reset"):
        answer = client.get(path, headers=PACKED)
        assert len(answer.data) > LEAST
        assert "Content-Encoding" not in answer.headers, path


def test_short_answers_pictures_and_files_stay_as_they_are(client: FlaskClient) -> None:
    names = json.loads((DIST / "manifest.json").read_text())
    for path in ("/healthz", f"/static/{names['mark-192.png']}"):
        with client.get(path, headers=PACKED) as answer:
            assert answer.status_code == 200
            assert "Content-Encoding" not in answer.headers, path


def test_answers_of_the_api_are_compressed(client: FlaskClient, member: MemberFactory) -> None:
    ana = member("ana")
    item = add_item(ana, kind="product", title="Hario V60", description="A cone. " * 300)
    answer = client.get(f"/api/v1/items/{item}", headers={**PACKED, "Authorization": f"Bearer {issue_token(ana)}"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.data))["title"] == "Hario V60"


@pytest.mark.parametrize(
    ("taken", "coding"), [("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("", None)]
)
def test_built_files_come_as_the_build_has_compressed_them(client: FlaskClient, taken: str, coding: str | None) -> None:
    for name, kind in (("app.js", "text/javascript"), ("app.css", "text/css"), ("icons.svg", "image/svg+xml")):
        file = DIST / json.loads((DIST / "manifest.json").read_text())[name]
        with client.get(f"/static/{file.name}", headers={"Accept-Encoding": taken}) as answer:
            assert answer.mimetype == kind
            assert answer.headers.get("Content-Encoding") == coding
            assert "Accept-Encoding" in answer.headers["Vary"]
            assert "immutable" in answer.headers["Cache-Control"]
            sent = answer.data
            again = client.get(
                f"/static/{file.name}", headers={"Accept-Encoding": taken, "If-None-Match": answer.headers["ETag"]}
            )
            assert again.status_code == 304
        assert len(sent) < file.stat().st_size / 2 if coding else sent == file.read_bytes()
        if coding == "gzip":
            assert gzip.decompress(sent) == file.read_bytes()


def test_no_address_leads_out_of_the_built_files(client: FlaskClient) -> None:
    for path in ("/static/../build.mjs", "/static/%2e%2e/build.mjs", "/static/nothing.js", "/static/"):
        assert client.get(path, headers={"Accept-Encoding": "br"}).status_code == 404, path
