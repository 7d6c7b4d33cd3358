"""Manifest, service worker and offline page, as they are served."""

from __future__ import annotations

import io
from pathlib import Path

from flask.testing import FlaskClient
from PIL import Image

DIST = Path(__file__).parents[3] / "static" / "dist"


def test_the_manifest_names_icons_that_are_there(client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    found = answer.get_json(force=True)
    assert found["start_url"].startswith(found["scope"])
    assert found["display"] == "standalone"
    for icon in found["icons"]:
        with client.get(icon["src"]) as file, Image.open(io.BytesIO(file.data)) as picture:
            assert "x".join(map(str, picture.size)) == icon["sizes"]
    assert {icon["purpose"] for icon in found["icons"]} == {"any", "maskable"}
    for shortcut in found["shortcuts"]:
        assert client.get(shortcut["url"]).status_code in {200, 302}


def test_the_service_worker_rules_the_whole_site(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"
    for name in ("FILES", "VERSION"):
        assert name not in answer.text.replace("'", '"').split('"')
    policy = answer.headers["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy


def test_the_offline_page_is_nobodys(client: FlaskClient) -> None:
    answer = client.get("/offline")
    assert "No connection" in answer.text
    assert "csrf" not in answer.text
    assert "Set-Cookie" not in answer.headers
    page = client.get("/login").text
    assert 'rel="manifest"' in page
    assert 'rel="apple-touch-icon"' in page
