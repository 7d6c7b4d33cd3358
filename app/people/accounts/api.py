"""Who calls."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.people.accounts.schemas import Me
from app.web.api import caller
from app.web.operations import operation

api = APIBlueprint("api_accounts", __name__, url_prefix="/api/v1", tag="People")


@api.get("/me")
@operation("The caller's handle, name and roles", answers=Me)
def me() -> dict[str, Any]:
    who = caller()
    return {"handle": who.handle, "name": who.name, "roles": sorted(who.roles)}
