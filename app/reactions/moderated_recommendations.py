"""When a moderator removed a recommendation, it counts for nobody any more."""

from __future__ import annotations

from markupsafe import Markup

from app.community.recommendations.queries import get_said
from app.community.recommendations.service import remove_by_moderator
from app.kernel.errors import NotFound
from app.kernel.events import Event
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.values import Evidence


def describe(recommendation_id: str, _viewer_id: int | None) -> Evidence | None:
    """What was said of which item."""
    try:
        found = get_said(recommendation_id)
    except NotFound:
        return None
    return Evidence(
        title=f"{found.item_title}: {found.stance}",
        excerpt=Markup(found.text_html).striptags(),  # noqa: S704 - cleaned HTML becomes plain text
        url=found.item_url,
        author_id=found.member_id,
    )


def react(event: Event, _event_id: int) -> None:
    """One that is gone already stays gone."""
    if isinstance(event, ReportDecided) and event.removes("recommendation"):
        remove_by_moderator(event.subject_id)
