"""Notifications, as the API gives them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from app.notifications.kinds.values import KINDS
from app.web.schemas import Answer, Body, Handle, Id, Moment, Otherwise, one_of


class ReadBody(Body):
    """Which ones; nothing for all of them."""

    MAY_BE_MISSING: ClassVar[bool] = True

    ids: Annotated[list[str] | None, Otherwise("“ids” must be a list of ids.")] = None


class Notification(Answer):
    """Something that concerns the caller."""

    id: Id
    kind: Annotated[str, one_of(KINDS)]
    title: Annotated[str | None, Field(description="Of what it is about.")]
    said: Annotated[str, Field(description="The sentence.")]
    subject_kind: str
    subject_id: Id
    actor: Handle | None
    at: Moment
    read: bool
    url: Annotated[str, Field(description="The thing's page.")]
    fold: Annotated[str, Field(description="Those with the same one stand in one line of the inbox.")]
