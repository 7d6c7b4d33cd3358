"""Reviews, as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from app.market.orders.values import Who
from app.market.reviews.values import Remedy
from app.web.schemas import Answer, Body, Handle, Id, MaybeText, Moment, Page, Paging, Path, one_of

_STARS: Any = WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 5})
Stars = Annotated[Any, _STARS]


class ReviewBody(Body):
    """What one of the two says of the other; `note` is for moderators only. What does not apply is left out."""

    stars: Stars = None
    text: MaybeText = None
    described: Stars = None
    communication: Stars = None
    punctual: Stars = None
    packaging: Stars = None
    note: MaybeText = None


class ReplyBody(Body):
    """What the reviewed person says to it."""

    text: MaybeText = None


class RecoveryBody(Body):
    """How it is to be put right, and in which way."""

    remedy: Annotated[MaybeText, one_of(Remedy)] = None
    text: MaybeText = None


class UpdateBody(Body):
    """What the author says now; the details spoke of before and go."""

    stars: Stars = None
    text: MaybeText = None


class ReviewQuery(Paging):
    """Which part of the reviews."""


class ReviewAnswerSaid(Answer):
    """What the reviewed person says to it."""

    html: str
    at: Moment


class ReviewRecoveryState(Answer):
    """An offer to put it right; `text` only for the two."""

    remedy: Remedy
    text: str | None
    offered_at: Moment
    done_at: Moment | None
    updated_at: Moment | None


class MemberReview(Answer):
    """A review; `visible_at` null: nobody but its author sees it yet."""

    id: Id
    order: Annotated[str | None, Field(description="Only for the two whose order it is.")]
    author: Handle
    about: Handle
    role: Annotated[Who, Field(description="The author's.")]
    stars: int
    details: dict[str, int]
    text: str
    at: Moment
    visible_at: Moment | None
    updated_at: Moment | None
    path: Path | None
    photos: list[str]
    answer: ReviewAnswerSaid | None
    recovery: ReviewRecoveryState | None
    url: str


class ReviewPage(Page[MemberReview]):
    """A part of what is said of somebody."""
