"""Categories, as the API gives them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.web.schemas import Answer


class Category(Answer):
    """What a thing or a word can be about. Its key stays, its names may change."""

    key: str
    parent: Annotated[str | None, Field(description="The key above it; filters by that one find this one too.")]
    name: Annotated[str, Field(description="In the caller's language.")]
    names: dict[str, str]
    synonyms: Annotated[list[str], Field(description="Other words, former ones among them, that are read as the key.")]
    retired: Annotated[bool, Field(description="Still there on older things, not to be chosen any more.")]
