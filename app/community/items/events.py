"""What happens to items."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import ItemId, MemberId


@dataclass(frozen=True, kw_only=True)
class ItemAdded(Event):
    """A member added something that can be recommended."""

    item_id: ItemId
    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class ItemRemoved(Event):
    """A moderator took an item away."""

    item_id: ItemId
