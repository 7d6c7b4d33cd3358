"""When a moderator removed a message, nobody reads it any more."""

from __future__ import annotations

from app.kernel.errors import NotFound
from app.kernel.events import Event
from app.messaging.conversations.changes import remove_by_decision
from app.messaging.conversations.queries import get_message, takes_part
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.values import ReportedContent


def describe(message_id: str, viewer_id: int | None) -> ReportedContent | None:
    """Only who takes part in the conversation may report what was said there."""
    try:
        found = get_message(message_id)
    except NotFound:
        return None
    if found.deleted or (viewer_id is not None and not takes_part(viewer_id, found.conversation_id)):
        return None
    return ReportedContent(title="", excerpt=found.body, url=None, author_id=found.author_id)


def react(event: Event, _event_id: int) -> None:
    """A message that is gone already stays gone."""
    if isinstance(event, ReportDecided) and event.removes("message"):
        remove_by_decision(event.moderator_id, event.subject_id)
