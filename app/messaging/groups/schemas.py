"""Groups and open rooms, as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.web.schemas import Answer, Body, Handle, Id, MaybeText, Otherwise, Paging, Path, Text, Words

MEMBERS = Otherwise("“members” must be a list of handles.")


class RoomsQuery(Paging):
    """Words of a name, topic or place."""

    q: Words = ""


class RoomBody(Body):
    """A room that everybody may enter."""

    title: Text
    about: MaybeText = None
    place: MaybeText = None


class MembersBody(Body):
    """Who is to come in."""

    members: Annotated[list[Handle], MEMBERS]


class Added(Answer):
    """How many have come in."""

    added: int


class Room(Answer):
    """A room that everybody may enter."""

    id: Id
    title: str
    about: str
    place: str
    people: int
    inside: Annotated[bool, Field(description="Whether the caller is in it.")]
    trusted: Annotated[int, Field(description="How many in it the caller trusts.")]
    path: Annotated[Path | None, Field(description="To the nearest of them.")]
