"""People to meet, as the API names them."""

from __future__ import annotations

from app.web.schemas import Answer, Handle, Path


class Suggestion(Answer):
    """Somebody whom people the caller trusts know."""

    member: Handle
    independent_ways: int
    distance: int | None
    path: Path
