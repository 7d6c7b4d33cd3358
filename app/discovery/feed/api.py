"""The feed over JSON, with the same reasons."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.discovery.feed.queries import feed
from app.discovery.feed.schemas import Entry, FeedQuery
from app.discovery.feed.values import CIRCLE
from app.web.api import caller
from app.web.operations import operation
from app.web.schemas import Page

api = APIBlueprint("api_feed", __name__, url_prefix="/api/v1", tag="Feed")


@api.get("/feed")
@operation("What is new, and why you see it", query=FeedQuery, answers=Page[Entry])
def get_feed(query: FeedQuery) -> ResponseReturnValue:
    mode = CIRCLE if query.mode is None else query.mode
    page = feed(caller().id, mode, limit=query.most(20), cursor=query.cursor)
    return {"items": [entry.as_json() for entry in page.items], "next": page.next}
