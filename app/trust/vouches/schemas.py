"""Vouches, as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated

from app.trust.vouches.values import Strength
from app.web.categories import WORD
from app.web.schemas import Answer, Body, Handle, MaybeText, Moment, Text, one_of


class VouchBody(Body):
    """Whom to vouch for, and how much; an end is optional."""

    member: Text
    strength: Annotated[Text, one_of(Strength)]
    reason: MaybeText = None
    topic: Annotated[MaybeText, WORD] = None
    expires_at: MaybeText = None


class Vouch(Answer):
    """A vouch in force."""

    member: Handle
    strength: Annotated[str, one_of(Strength)]
    reason: str | None
    topic: str | None
    expires_at: Moment | None
    created_at: Moment
