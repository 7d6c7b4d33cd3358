"""The feed over JSON, with the same reasons."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue

from app.discovery.feed.queries import feed
from app.discovery.feed.values import CIRCLE
from app.web.api import api_auth, caller
from app.web.pagination import limit_of

api = APIBlueprint("api_feed", __name__, url_prefix="/api/v1", tag="Feed")


@api.get("/feed")
@api.doc(summary="What is new, and why you see it", security="token")
@api_auth
def get_feed() -> ResponseReturnValue:
    page = feed(
        caller().id,
        request.args.get("mode", CIRCLE),
        limit=limit_of(request.args.get("limit"), 20),
        cursor=request.args.get("cursor"),
    )
    return {"items": [entry.as_json() for entry in page.items], "next": page.next}
