"""What makes the site an app: the manifest, the service worker, and the page for when the network is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from flask import Flask, Response, current_app, json, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import pgettext

from app.kernel.errors import NotFound
from app.web.languages import language

PAPER, GREEN = "#faf7f1", "#1f6b52"
ICONS = (
    ("mark-192.png", "192x192", "any"),
    ("mark-512.png", "512x512", "any"),
    ("mark-maskable-512.png", "512x512", "maskable"),
)


def init_pwa(app: Flask) -> None:
    """At the root, for a service worker rules only what lies below its own address."""
    app.add_url_rule("/manifest.webmanifest", "manifest", manifest)
    app.add_url_rule("/sw.js", "service_worker", service_worker)
    app.add_url_rule("/offline", "offline", offline)


def manifest() -> ResponseReturnValue:
    """How the app is called and looks on a home screen."""
    asset: Any = current_app.jinja_env.globals["asset"]
    found = {
        "id": "/",
        "name": "Kinmarket",
        "short_name": "Kinmarket",
        "description": _("Buy, sell, swap and recommend through people you trust."),
        "lang": language(),
        "dir": "auto",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["shopping", "social"],
        "icons": [
            {"src": asset(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
        "shortcuts": [
            {"name": _("Messages"), "url": "/messages"},
            {"name": _("Notifications"), "url": "/notifications"},
            {"name": pgettext("something new", "Post"), "url": "/market/new"},
        ],
    }
    response = Response(json.dumps(found), content_type="application/manifest+json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def service_worker() -> ResponseReturnValue:
    """Always asked for anew, so that a new build reaches everybody at the next visit."""
    path = Path(cast("str", current_app.static_folder)) / "sw.js"
    if not path.exists():
        raise NotFound("The front end is not built.")
    response = Response(path.read_bytes(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = "/"
    return response


def offline() -> ResponseReturnValue:
    """Nobody's page: it is kept by browsers, so nothing of a member is on it."""
    response = Response(render_template("web/offline.html"))
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
