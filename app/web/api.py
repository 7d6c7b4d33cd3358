"""Scaffolding of the JSON API: who calls, and what was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, g, request

from app.kernel.errors import Invalid, Unauthenticated
from app.kernel.viewer import Viewer
from app.platform.slots import Slot

TokenReader = Callable[[str], Viewer | None]

_READER: Slot[list[TokenReader]] = Slot("token_reader", list)


def set_token_reader(app: Flask, reader: TokenReader) -> None:
    """The composition root says how a bearer token becomes a caller."""
    _READER.on(app)[:] = [reader]


def who_has(token: str) -> Viewer | None:
    """The member whose token this is, None when it is not known or was revoked."""
    reader = _READER.here()
    return reader[0](token) if reader else None


def caller() -> Viewer:
    """Who calls; raises `Unauthenticated`. A browser's session does not count here."""
    found: Viewer | None = g.get("kin_caller")
    if found is not None:
        return found
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send “Authorization: Bearer TOKEN”.")
    who = who_has(token.strip())
    if who is None:
        raise Unauthenticated("This token is unknown or was revoked.", code="bad_token")
    g.kin_caller = g.kin_viewer = who
    return who


def body() -> dict[str, Any]:
    """The JSON object that was sent; raises `Invalid` when it is none."""
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        raise Invalid("The body must be a JSON object.", code="bad_json")
    return found
