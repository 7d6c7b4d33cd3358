"""The states of a delivery, and a letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.kernel.ids import DeliveryId, DeviceId, MemberId, NotificationId


class State(StrEnum):
    """Waiting, in somebody's hands, done, not needed any more, or given up for the operator to see."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    DROPPED = "dropped"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Batch:
    """What one claim has taken: deliveries of one member on one way, to be told together."""

    ids: tuple[str, ...]
    notification_ids: tuple[NotificationId, ...]
    member_id: MemberId
    channel: str
    device_id: DeviceId | None
    digest: bool
    tries: int
    round: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is written to."""

    email: str | None
    name: str
    locale: str
    may_act: bool


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """A mail, ready to go."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parked:
    """What the operator has to look at."""

    id: DeliveryId
    member_id: MemberId
    channel: str
    kind: str
    error: str
    tries: int
    at: datetime
