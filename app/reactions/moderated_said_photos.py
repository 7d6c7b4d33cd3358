"""When a moderator removed a photo of a recommendation, it is shown nowhere; the words stay."""

from __future__ import annotations

from app.community.recommendations.queries import find_photo
from app.community.recommendations.service import remove_photo_by_moderator
from app.kernel.events import Event
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.values import ReportedContent

KIND = "said_photo"


def describe(photo_id: str, viewer_id: int | None) -> ReportedContent | None:
    """The photo by what its author says is on it, and where it is to be seen."""
    said = find_photo(viewer_id, photo_id)
    if said is None:
        return None
    alt, found = said
    return ReportedContent(title=found.item_title, excerpt=alt, url=found.url, author_id=found.member_id)


def react(event: Event, _event_id: int) -> None:
    """One that is gone already stays gone."""
    if isinstance(event, ReportDecided) and event.removes(KIND):
        remove_photo_by_moderator(event.subject_id)
