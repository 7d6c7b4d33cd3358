"""When a moderator removed an ask, nobody sees it any more."""

from __future__ import annotations

from app.community.asks.queries import find_text
from app.community.asks.service import remove_by_moderator
from app.kernel.events import Event
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.values import Evidence
from app.platform.markup import plain_excerpt


def describe(ask_id: str, viewer_id: int | None) -> Evidence | None:
    """Only whom it has reached may report it."""
    found = find_text(ask_id, viewer_id)
    if found is None:
        return None
    text, author_id = found
    return Evidence(title=plain_excerpt(text, 80), excerpt=text, url=f"/asks/{ask_id}", author_id=author_id)


def react(event: Event, _event_id: int) -> None:
    """One that is gone already stays gone."""
    if isinstance(event, ReportDecided) and event.removes("ask"):
        remove_by_moderator(event.subject_id)
