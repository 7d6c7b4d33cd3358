"""Who calls."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.web.api import api_auth, caller

api = APIBlueprint("api_accounts", __name__, url_prefix="/api/v1")


@api.get("/me")
@api_auth
def me() -> dict[str, Any]:
    """The caller's handle, name and roles."""
    who = caller()
    return {"handle": who.handle, "name": who.name, "roles": sorted(who.roles)}
