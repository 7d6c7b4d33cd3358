"""What happens to items that are one."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import ItemId, MemberId, MergeId


@dataclass(frozen=True, kw_only=True)
class MergeProposed(Event):
    """A member says that two items are one."""

    merge_id: MergeId
    kept_id: ItemId
    gone_id: ItemId
    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class ItemsMerged(Event):
    """A moderator agreed: what was said of `gone_id` is now said of `kept_id`."""

    merge_id: MergeId
    kept_id: ItemId
    gone_id: ItemId
    moderator_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MergeRefused(Event):
    """A moderator found that they are two."""

    merge_id: MergeId
    moderator_id: MemberId
