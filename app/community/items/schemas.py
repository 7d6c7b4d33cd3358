"""Items, as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.community.items.values import ItemKind, SameBy
from app.web.categories import WORD
from app.web.schemas import Answer, Body, Id, MaybeText, Moment, Problem, Query, Text, Words, one_of


class ItemBody(Body):
    """Something that can be recommended."""

    title: Text
    kind: Annotated[MaybeText, one_of(ItemKind)] = None
    category: Annotated[MaybeText, WORD] = None
    description: MaybeText = None
    maker: MaybeText = None
    gtin: MaybeText = None
    url: MaybeText = None


class CandidatesQuery(Query):
    """By number or address (the same thing for sure), or by a title that is alike."""

    title: Words = ""
    gtin: str = ""
    url: str = ""


class Item(Answer):
    """A product, a place or a service."""

    id: Id
    external_id: str | None
    kind: Annotated[str, Field(description="product, place, service; listing or store for what stands for one")]
    title: str
    category: str
    description: str
    maker: str
    gtin: str | None
    url: str | None
    photo: str | None
    at: Moment


class Candidate(Item):
    """An item that may be the same."""

    same_by: SameBy
    score: Annotated[float, Field(ge=0, le=100, description="How alike; 100 for the same number or address.")]


class NewItem(Item):
    """An item that was added, and what is alike."""

    similar: list[Candidate]


class DuplicateItem(Problem):
    """Another item has this number or address already."""

    candidates: list[Candidate] = Field(default_factory=list)
