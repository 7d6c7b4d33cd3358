"""What advocates bring about."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import AdvocateId, MemberId, StoreId


@dataclass(frozen=True, kw_only=True)
class AdvocateJoined(Event):
    """A member speaks for a store from now on: a material tie."""

    advocate_id: AdvocateId
    store_id: StoreId
    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class AdvocateLeft(Event):
    """Not any more."""

    advocate_id: AdvocateId
    store_id: StoreId
    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class AdvocateVisit(Event):
    """Somebody came through an advocate's link; counted once a day and visitor."""

    advocate_id: AdvocateId
    store_id: StoreId


@dataclass(frozen=True, kw_only=True)
class AdvocateSignup(Event):
    """Who came through the link has joined."""

    advocate_id: AdvocateId
    store_id: StoreId
    member_id: MemberId
