"""What happens to items that are one."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId


@dataclass(frozen=True, kw_only=True)
class MergeProposed(Event):
    """A member says that two items are one."""

    merge_id: str
    kept_id: str
    gone_id: str
    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class ItemsMerged(Event):
    """A moderator agreed: what was said of `gone_id` is now said of `kept_id`."""

    merge_id: str
    kept_id: str
    gone_id: str
    moderator_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MergeRefused(Event):
    """A moderator found that they are two."""

    merge_id: str
    moderator_id: MemberId
