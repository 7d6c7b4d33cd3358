"""When a moderator removed a comment, nobody reads it any more."""

from __future__ import annotations

from markupsafe import Markup

from app.community.comments.queries import get_comment
from app.community.comments.service import remove_by_moderator
from app.kernel.errors import NotFound
from app.kernel.events import Event
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.values import Evidence


def describe(comment_id: str, _viewer_id: int | None) -> Evidence | None:
    """What was said, and where."""
    try:
        found = get_comment(comment_id)
    except NotFound:
        return None
    return Evidence(
        title=found.author.name,
        excerpt=Markup(found.text_html).striptags(),  # noqa: S704 - cleaned HTML becomes plain text
        url=f"/recommendations/{found.recommendation_id}#comments",
        author_id=found.author.id,
    )


def react(event: Event, _event_id: int) -> None:
    """One that is gone already stays gone."""
    if isinstance(event, ReportDecided) and event.removes("comment"):
        remove_by_moderator(event.subject_id)
