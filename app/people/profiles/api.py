"""Members, as a program sees them."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import current_app

from app.people.accounts.queries import member_id
from app.people.blocks.queries import is_blocked_between
from app.people.profiles import queries
from app.people.profiles.schemas import Profile
from app.trust.circle.queries import explain
from app.web.api import caller
from app.web.operations import operation

api = APIBlueprint("api_profiles", __name__, url_prefix="/api/v1", tag="People")


@api.get("/members/<handle>")
@operation("A member’s public profile, and how the caller knows them", answers=Profile)
def read_member(handle: str) -> dict[str, Any]:
    ident = member_id(handle)
    found = queries.profile(ident)
    bare = found.suspended or is_blocked_between(caller().id, ident)
    origin = current_app.config["KIN"].public_url
    return {
        "handle": found.card.handle,
        "name": found.card.name,
        "bio": "" if bare else found.bio,
        "place": "" if bare else found.place,
        "joined_at": found.joined_at.isoformat(),
        "avatar_url": f"{origin}{found.card.avatar_url}" if found.card.avatar_url else None,
        "url": f"{origin}/m/{found.card.handle}",
        "suspended": found.suspended,
        "trust": explain(caller().id, ident).as_json(),
    }
