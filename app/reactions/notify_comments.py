"""Whoever recommended something learns what others make of it: comments, and that it helped."""

from __future__ import annotations

from app.community.comments.events import CommentAdded
from app.community.recommendations.events import RecommendationHelped
from app.community.recommendations.queries import get_recommendation_view
from app.kernel.errors import NotFound
from app.kernel.events import Event
from app.kernel.ids import EventId, MemberId, RecommendationId
from app.kernel.subjects import Subject
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import COMMENT, HELPFUL
from app.platform.event_log import Start

NAME = "notify_comments"
STARTS = Start.HEAD
LISTENS_TO = (CommentAdded, RecommendationHelped)


def react(event: Event, _event_id: EventId) -> None:
    """Each comment and each person's vote once, in one line for what they are about; own ones are no news."""
    if isinstance(event, CommentAdded):
        comment = Subject("comment", event.comment_id)
        _tell(event.recommendation_id, COMMENT, event.author_id, key=event.comment_id, cause=comment)
    elif isinstance(event, RecommendationHelped):
        _tell(event.recommendation_id, HELPFUL, event.member_id, key=str(event.member_id))


def _tell(
    recommendation_id: RecommendationId, kind: str, actor_id: MemberId, *, key: str, cause: Subject | None = None
) -> None:
    try:
        said = get_recommendation_view(None, recommendation_id)
    except NotFound:
        return
    if said.member_id != actor_id:
        notify(
            said.member_id,
            kind,
            Subject("recommendation", recommendation_id),
            key=f"{kind}:{recommendation_id}:{key}",
            actor_id=actor_id,
            data={"title": said.item_title},
            cause=cause,
        )
