"""Proposals of merges, as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.web.schemas import Answer, Body, Id, MaybeText, Text, one_of


class MergeBody(Body):
    """Which item should stay, and why they are one."""

    into: Annotated[Text, Field(description="The id of the one that should stay.")]
    why: MaybeText = None


class MergeProposal(Answer):
    """It waits for a moderator."""

    id: Id
    item: Id
    into: Id
    status: Annotated[str, one_of("open")]
