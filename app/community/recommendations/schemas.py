"""Recommendations, as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.community.recommendations.values import Disclosure, Stance
from app.web.schemas import (
    Answer,
    Body,
    Files,
    Handle,
    Id,
    MaybeText,
    Moment,
    Otherwise,
    Path,
    Score,
    Text,
    Upload,
    one_of,
)

Rating = Annotated[float | None, Otherwise("“rating” must be a number", "bad_rating")]


class RecommendBody(Body):
    """What the caller thinks of `item`, or of the thing that `subject_kind` and `subject_id` name."""

    stance: Annotated[Text, one_of(Stance)]
    disclosure: Annotated[Text, one_of(Disclosure)]
    text: MaybeText = None
    rating: Rating = None
    item: MaybeText = None
    subject_kind: Annotated[MaybeText, one_of("listing", "store")] = None
    subject_id: MaybeText = None


class RecommendationChange(Body):
    """What is to be another; what is left out stays."""

    stance: Annotated[MaybeText, one_of(Stance)] = None
    disclosure: Annotated[MaybeText, one_of(Disclosure)] = None
    text: MaybeText = None
    rating: Rating = None


class RecommendationPhotos(Upload):
    """Pictures, and for each what is to be seen on it, in their order."""

    files: Files = Field(default_factory=list)
    alt: list[str] = Field(default_factory=list)


class RecommendationPhoto(Answer):
    """A picture in two sizes, and what is to be seen on it."""

    id: Id
    thumb: str
    full: str
    alt: str


class Source(Answer):
    """By whose word something was bought; the name only of what the caller may see."""

    kind: Annotated[str, one_of("operator", "store")]
    id: Id | None
    name: str | None


class Endorsement(Answer):
    """What one member says, and how the caller knows them."""

    member: Handle
    stance: Stance
    rating: float | None
    text: str
    score: Score
    distance: int | None
    path: Path
    verified_purchase: bool
    disclosure: Disclosure
    at: Moment
    purchase_confirmed_by: list[Source] = Field(default_factory=list)


class Others(Answer):
    """How many say what."""

    recommend: int
    neutral: int
    avoid: int


class Endorsements(Answer):
    """An item's word of mouth: who is in the caller's circle, best first; everybody else counted."""

    item: Id
    trusted: list[Endorsement]
    independent_ways: int
    others: Others


class Recommendation(Endorsement):
    """A recommendation, whole."""

    id: Id
    item: Id
    subject_kind: Annotated[str | None, Field(description="“listing” or “store” where it is about one.")]
    subject_id: Id | None
    photos: list[RecommendationPhoto]
    helpful: Annotated[int, Field(description="How many it helped.")]
    helped: Annotated[bool, Field(description="Whether it helped the caller.")]
    comments: int
    saved: bool
    revisions: int
    url: str


class Revision(Answer):
    """What was said, from when to when; the newest has no end."""

    stance: Stance
    rating: float | None
    disclosure: Disclosure
    text_html: str
    said_at: Moment
    until: Moment | None


class Helpful(Answer):
    """How many it helped."""

    helpful: int


class Saved(Answer):
    """A recommendation that the caller keeps."""

    id: Id
    item: Id
    title: str
    stance: Stance
