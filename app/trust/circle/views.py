"""My circle, and the explanation behind every trail."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.people.accounts.queries import member_id
from app.people.profiles.queries import cards
from app.trust.circle import queries
from app.web.guards import current, signed_in
from app.web.pagination import decode_cursor, encode_cursor

pages = Blueprint("circle", __name__)

SHOWN = 30


@pages.get("/circle")
@signed_in
def mine() -> ResponseReturnValue:
    start = _start(request.args.get("after"))
    members = queries.circle_members(current().id, start, SHOWN)
    following = encode_cursor(start + SHOWN) if members.total > start + SHOWN else None
    inside = request.headers.get("HX-Request") and start
    template = "trust/circle/_members.html" if inside else "trust/circle/mine.html"
    return render_template(template, members=members, next=following, start=start)


@pages.get("/trust/explain/<handle>")
@signed_in
def explain(handle: str) -> ResponseReturnValue:
    """A page; within another page, the content of its dialog."""
    me, ident = current().id, member_id(handle)
    explanation = queries.explain(me, ident)
    member = cards([ident])[ident]
    inside = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    template = "trust/circle/_sheet.html" if inside else "trust/circle/explain.html"
    return render_template(template, explanation=explanation, member=member, own=me == ident)


def _start(cursor: str | None) -> int:
    key = decode_cursor(cursor, int)
    return max(0, key[0]) if key else 0
