"""Trust, as the API tells of it. In every path, null is a middle link that does not want to be named."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from app.kernel.errors import Invalid
from app.trust.circle.queries import SHOWN_PATHS
from app.trust.vouches.values import TOPIC_LENGTH
from app.web.schemas import Answer, Handle, Path, Query, documented

MAX_PATHS = 10
_PATHS = {str(number) for number in range(1, MAX_PATHS + 1)}


def _check_paths(value: Any) -> Any:
    if str(value) not in _PATHS:
        raise Invalid("“paths” must be a number from 1 to %(most)s.", code="bad_paths", most=MAX_PATHS)
    return value


def _cut(value: Any) -> Any:
    return value[:TOPIC_LENGTH] or None if isinstance(value, str) else value


Topic = Annotated[
    str | None,
    BeforeValidator(_cut),
    documented(maxLength=TOPIC_LENGTH, description="Vouches for this topic count fully."),
]


class TrustQuery(Query):
    """How much is to be told of the ways to one member."""

    paths: Annotated[
        int, BeforeValidator(_check_paths), documented("integer", minimum=1, maximum=MAX_PATHS, default=SHOWN_PATHS)
    ] = SHOWN_PATHS
    topic: Topic = None


class SetQuery(Query):
    """Several members together."""

    members: Annotated[str, Field(description="Handles with commas between them.")] = ""
    topic: Topic = None


class Link(Answer):
    """Why one person on a path trusts the next one; a hidden link says no more."""

    kind: Annotated[str, Field(description="vouch, import, trade, invited, invited_by or hidden")]
    strength: str | None = None
    reason: str | None = None
    topic: str | None = None
    orders: int | None = None


Borrowed = Annotated[
    bool, Field(description="There, and true, when the strongest path begins with who invited the caller.")
]


class Trust(Answer):
    """Everything that leads from the caller to a member."""

    score: float
    distance: int | None
    independent_ways: int
    paths: list[Path]
    links: list[list[Link]] = Field(
        default_factory=list, description="For each path, a link between each two of its steps."
    )
    borrowed: Borrowed = False


class SetMember(Answer):
    """One of several members, and the strongest way there."""

    member: Handle
    score: float
    distance: int | None
    path: Path | None
    links: list[Link] = Field(default_factory=list)
    borrowed: Borrowed = False


class SetTrust(Answer):
    """How the caller knows several members together, the nearest first."""

    people: Annotated[int, Field(description="To how many of them a way leads.")]
    independent_ways: int
    members: list[SetMember]


class CircleMember(Answer):
    """One person of a circle."""

    member: Handle
    score: float
    distance: int
    path: Path
    borrowed: Borrowed = False
