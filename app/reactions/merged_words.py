"""When two items became one, evidence of purchases and who sells it follow, and the marks with them."""

from __future__ import annotations

from app.community.commercial_ties.service import follow_merge as move_parties
from app.community.item_merges.events import ItemsMerged
from app.community.purchases.service import follow_merge as move_evidence
from app.community.recommendations.service import mark_purchase
from app.kernel.events import Event
from app.kernel.ids import EventId
from app.platform.event_log import Start

NAME = "merged_words"
STARTS = Start.BEGINNING
LISTENS_TO = (ItemsMerged,)


def react(event: Event, _event_id: EventId) -> None:
    """Doing it again moves nothing more."""
    if isinstance(event, ItemsMerged):
        move_parties(event.gone_id, event.kept_id)
        for member_id in move_evidence(event.gone_id, event.kept_id):
            mark_purchase(member_id, event.kept_id)
