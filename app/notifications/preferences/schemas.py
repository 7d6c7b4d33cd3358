"""What a member is told, as the API takes and gives it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from app.notifications.kinds.values import Channel, Pace
from app.web.schemas import Answer, Body, Otherwise, documented

CLOCK = r"^\d\d:\d\d$"
PACES = {"type": "string", "enum": [one.value for one in Pace]}
WISHES = documented(
    "object",
    additionalProperties={
        "type": "object",
        "properties": {"fixed": {"type": "boolean"}, **{channel.value: PACES for channel in Channel}},
    },
)
HOURS = WithJsonSchema(
    {
        "anyOf": [
            {
                "type": "object",
                "properties": {name: {"type": "string", "pattern": CLOCK} for name in ("from", "until")},
                "required": ["from", "until"],
            },
            {"type": "null"},
        ]
    }
)


class WishesBody(Body):
    """What is to be another; what is left out stays."""

    preferences: Annotated[Any, WISHES] = None
    timezone: Annotated[
        str, Otherwise("Choose a time zone from the list.", "bad_timezone"), Field(examples=["Europe/Graz"])
    ] = ""
    quiet_hours: Annotated[Any, HOURS] = None


class Ways(Answer):
    """How one kind is told; a fixed one always comes at once."""

    fixed: bool
    page: Pace
    email: Pace
    push: Pace


class QuietHours(Answer):
    """By the member's own clock."""

    from_: Annotated[str, Field(alias="from", pattern=CLOCK)]
    until: Annotated[str, Field(pattern=CLOCK)]


class Wishes(Answer):
    """What the caller is told, how and when, by kind."""

    preferences: dict[str, Ways]
    timezone: str
    quiet_hours: QuietHours | None
