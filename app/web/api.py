"""Scaffolding of the JSON API: who calls, and what was sent."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import g, request

from app.kernel.errors import Invalid, Unauthenticated
from app.web.frame import Viewer

P = ParamSpec("P")
R = TypeVar("R")
TokenReader = Callable[[str], Viewer | None]

_reader: list[TokenReader] = []


def set_token_reader(reader: TokenReader) -> None:
    """The composition root says how a bearer token becomes a caller."""
    _reader[:] = [reader]


def who_has(token: str) -> Viewer | None:
    """The member whose token this is, None when it is not known or was revoked."""
    return _reader[0](token) if _reader else None


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
        raise Unauthenticated("The token is not known, or was revoked.", code="bad_token")
    g.kin_caller = g.kin_viewer = who
    return who


def api_auth(view: Callable[P, R]) -> Callable[P, R]:
    """The call needs a token."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        caller()
        return view(*args, **kwargs)

    return guarded


def body() -> dict[str, Any]:
    """The JSON object that was sent; raises `Invalid` when it is none."""
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        raise Invalid("The body must be a JSON object.", code="bad_json")
    return found


def text_field(data: dict[str, Any], name: str, *, required: bool = False) -> str | None:
    """A text of the body; raises `Invalid` when it is of another type."""
    value = data.get(name)
    if value is None or value == "":
        if required:
            raise Invalid(f"“{name}” is missing", code="missing_field")
        return None
    if not isinstance(value, str):
        raise Invalid(f"“{name}” must be a text", code="bad_field")
    if "\x00" in value:
        raise Invalid(f"“{name}” has a character that no text may have", code="bad_field")
    return value
