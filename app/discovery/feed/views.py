"""The first page: my circle, everybody, or a welcome."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.discovery.feed import queries
from app.discovery.feed.queries import CIRCLE, EXPLORE
from app.web.frame import viewer

pages = Blueprint("feed", __name__)


@pages.get("/")
def circle() -> ResponseReturnValue:
    """What the viewer's circle recommends and offers; visitors are welcomed."""
    who = viewer()
    if who is None:
        page = queries.feed(None, EXPLORE, limit=6)
        return render_template("discovery/feed/welcome.html", page=page)
    return _page(CIRCLE, "/", who.id)


@pages.get("/explore")
def explore() -> ResponseReturnValue:
    """Everything new, with the paths where there are any."""
    who = viewer()
    return _page(EXPLORE, "/explore", who.id if who else None)


def _page(mode: str, address: str, viewer_id: int | None) -> ResponseReturnValue:
    page = queries.feed(viewer_id, mode, cursor=request.args.get("cursor"))
    return render_template(
        "discovery/feed/feed.html",
        page=page,
        mode=mode,
        more_url=f"{address}?cursor={page.next}" if page.next else None,
    )
