"""Quotes, as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.marketing.testimonials.values import QuoteStatus
from app.web.schemas import Answer, Body, Handle, Id, Moment, Text


class QuoteBody(Body):
    """For which one use."""

    use: Text


class Quote(Answer):
    """What a store has asked of an author, and the answer."""

    id: Id
    store: Id
    recommendation: Id
    author: Handle
    use: str
    status: QuoteStatus
    changed: Annotated[bool, Field(description="Whether the words have changed since: such a quote rests.")]
    asked_at: Moment
    answered_at: Moment | None
