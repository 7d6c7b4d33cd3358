"""What a page asks for by itself, after its session has ended: it never goes anywhere."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from tests.support.access import placeholder_path, read_table, routes

ROOT = Path(__file__).parents[3]
PAGE = "/asks/new?topic=bikes"
WAYS = (
    {"HX-Request": "true", "HX-Current-URL": f"http://localhost{PAGE}"},
    {"Sec-Fetch-Mode": "cors", "Referer": f"http://localhost{PAGE}"},
    {"Accept": "application/json", "Referer": f"http://localhost{PAGE}"},
)

# Asked by whoever is not signed in: nobody is sent to sign in, nor back to it.
OF_STRANGERS = {"/register/username"}


def guarded(app: Flask) -> list[tuple[str, str]]:
    """Every address that a visitor is sent away from, GET and POST."""
    table = read_table()
    return [
        (method, placeholder_path(rule))
        for method, rule in routes(app)
        if table[method, rule.rule][0] == "sign-in" and not rule.rule.startswith("/api/")
    ]


def test_no_background_request_navigates(app: Flask, client: FlaskClient) -> None:
    asked = guarded(app)
    assert len(asked) > 100
    for method, address in asked:
        for way in WAYS:
            answer = client.open(address, method=method, headers=way)
            assert answer.status_code == 401, (method, address, answer.status)
            assert not {"Location", "HX-Redirect", "HX-Location", "HX-Refresh"} & set(answer.headers.keys())
            assert answer.json["code"] == "unauthenticated"
            assert answer.json["sign_in"] == "/login?next=/asks/new%3Ftopic%3Dbikes", (method, address)


def test_a_page_of_elsewhere_is_no_way_back(client: FlaskClient) -> None:
    here = "http://localhost"
    for strange in ("http://evil.example/x", f"{here}//evil.example", f"{here}/login?next=/a", "junk", "http://[x"):
        answer = client.get("/asks/known", headers={"HX-Request": "true", "HX-Current-URL": strange})
        assert answer.json["sign_in"] == "/login?next=/", strange


def test_nobody_is_sent_back_to_a_part_of_a_page(app: Flask, client: FlaskClient) -> None:
    """Also when the address of a part was opened like a page, by an old bookmark or a script that fell back to it."""
    parts = [
        placeholder_path(rule)
        for method, rule in routes(app)
        if method == "GET" and getattr(app.view_functions[rule.endpoint], "kin_fragment", False)
    ]
    assert len(parts) >= 5
    for address in parts:
        answer = client.get(address, headers={"Referer": f"http://localhost{PAGE}"})
        assert answer.headers["Location"] == "/login?next=/asks/new%3Ftopic%3Dbikes", address
        assert client.get(address).headers["Location"] == "/login?next=/", address


def test_every_view_that_draws_only_a_part_says_so() -> None:
    """Templates with a `_` are parts; a view that draws nothing else is marked."""
    whole = re.compile(r"^@pages\.get\((?:(?!^@pages).)*?(?=^\S*\n*@pages|\Z)", re.MULTILINE | re.DOTALL)
    forgotten = []
    for file in (ROOT / "app").rglob("views.py"):
        for block in whole.findall(file.read_text()):
            drawn = re.findall(r"render_template\(\s*f?\"([^\"]+)\"", block.split("\n\n\n")[0])
            answers_data = "return jsonify(" in block.split("\n\n\n")[0]
            parts = drawn and all(name.rpartition("/")[2].startswith("_") for name in drawn)
            if OF_STRANGERS & set(re.findall(r'"(/[^"]*)"', block.splitlines()[0])):
                continue
            if (parts or answers_data) and "@fragment" not in block and "HX-Request" not in block:
                forgotten.append(f"{file}: {block.splitlines()[0]}")
    assert not forgotten


def test_pages_come_back_to_themselves(client: FlaskClient) -> None:
    answer = client.get("/asks/new?text=a+b", headers={"Sec-Fetch-Mode": "navigate"})
    assert answer.headers["Location"] == "/login?next=/asks/new%3Ftext%3Da%2Bb"
