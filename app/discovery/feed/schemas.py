"""The feed, as the API gives it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.community.recommendations.values import Disclosure, Stance
from app.discovery.feed.values import LISTING, MODES, RECOMMENDATION, Reason
from app.web.schemas import Answer, Filter, Handle, Id, Moment, Paging, Path, Score, one_of


class FeedQuery(Paging):
    """Which feed."""

    mode: Annotated[Filter, one_of(MODES)] = None


class Why(Answer):
    """Why an entry is there."""

    reason: Reason
    because: Annotated[str | None, Field(description="What it goes with: an item's title or the name of a topic.")]
    score: Score
    distance: int | None
    path: Path | None
    endorsers: list[Handle]


class Entry(Answer):
    """A recommendation or a listing."""

    kind: Annotated[str, one_of(RECOMMENDATION, LISTING)]
    id: Id
    at: Moment
    member: Handle
    why: Why
    title: str
    item: Annotated[Id | None, Field(description="Of a recommendation.")] = None
    stance: Annotated[Stance | None, Field(description="Of a recommendation.")] = None
    disclosure: Annotated[Disclosure | None, Field(description="Of a recommendation.")] = None
    listing: Annotated[Id | None, Field(description="Of a listing.")] = None
