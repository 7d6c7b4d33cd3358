"""The search page."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.discovery.search.queries import search
from app.platform.limits import check_rate
from app.web.frame import viewer

pages = Blueprint("search", __name__)

LONGEST = 100


@pages.get("/search")
def results() -> ResponseReturnValue:
    who = viewer()
    q = request.args.get("q", "").strip()[:LONGEST]
    found = None
    if q:
        check_rate(f"search:{who.id if who else request.remote_addr}", "120/minute")
        found = search(
            who.id if who else None, q, request.args.get("kind"), cursor=request.args.get("cursor")
        )
    labels = {"listing": _("Listings"), "item": _("Things and places"), "member": _("People")}
    tabs = [
        (_url(q, kind), f"{label} · {found.counts.get(kind, 0)}", kind == found.kind)
        for kind, label in labels.items()
    ] if found else []
    return render_template(
        "discovery/search/results.html",
        q=q,
        found=found,
        tabs=tabs,
        more_url=_url(q, found.kind, found.next) if found and found.next else None,
    )


def _url(q: str, kind: str, cursor: str | None = None) -> str:
    parts = {"q": q, "kind": kind, "cursor": cursor}
    return "/search?" + urlencode({name: value for name, value in parts.items() if value})
