"""The caller, as the API says it."""

from __future__ import annotations

from app.web.schemas import Answer, Handle


class Me(Answer):
    """Who calls."""

    handle: Handle
    name: str
    roles: list[str]
