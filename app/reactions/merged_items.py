"""When two items became one, what the stores sell follows."""

from __future__ import annotations

from app.community.item_merges.events import ItemsMerged
from app.kernel.events import Event
from app.kernel.ids import EventId
from app.merchants.stores.service import follow_merge
from app.platform.event_log import Start

NAME = "merged_items"
STARTS = Start.BEGINNING
LISTENS_TO = (ItemsMerged,)


def react(event: Event, _event_id: EventId) -> None:
    """Doing it again moves nothing more."""
    if isinstance(event, ItemsMerged):
        follow_merge(event.gone_id, event.kept_id)
