"""My circle, and the explanation behind every trail."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.discovery.people_suggestions.queries import suggestions
from app.people.accounts.queries import member_id, member_ids
from app.people.profiles.queries import cards
from app.trust.circle import queries
from app.trust.vouches.values import TOPIC_LENGTH
from app.web.guards import current, signed_in

pages = Blueprint("circle", __name__)

SHOWN = 30
SUGGESTED = 3


@pages.get("/circle")
@signed_in
def mine() -> ResponseReturnValue:
    after = request.args.get("after")
    members = queries.circle_members(current().id, SHOWN, after)
    inside = request.headers.get("HX-Request") and after
    template = "trust/circle/_members.html" if inside else "trust/circle/mine.html"
    meet = suggestions(current().id, limit=SUGGESTED) if not after and members.total else []
    return render_template(template, members=members, suggestions=meet)


@pages.get("/trust/explain/<handle>")
@signed_in
def explain(handle: str) -> ResponseReturnValue:
    """A page; within another page, the content of its dialog."""
    me, ident = current().id, member_id(handle)
    explanation = queries.explain(me, ident, topic=request.args.get("topic", "")[:TOPIC_LENGTH] or None)
    member = cards([ident])[ident]
    inside = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    template = "trust/circle/_sheet.html" if inside else "trust/circle/explain.html"
    return render_template(template, explanation=explanation, member=member, own=me == ident)


@pages.get("/trust/explain")
@signed_in
def explain_several() -> ResponseReturnValue:
    """How the people with these handles are known together: `?member=ana&member=bo`."""
    handles = request.args.getlist("member")[: queries.MAX_EXPLAINED]
    if not handles:
        return redirect("/circle")
    topic = request.args.get("topic", "")[:TOPIC_LENGTH] or None
    found = queries.explain_set(current().id, member_ids(handles), topic)
    inside = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    template = "trust/circle/_several.html" if inside else "trust/circle/several.html"
    return render_template(template, found=found)
