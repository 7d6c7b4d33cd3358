"""Asks as things that others point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.community.asks.models import Ask
from app.community.asks.queries import visible_to
from app.community.asks.service import remove_by_moderator
from app.community.asks.values import AskStatus
from app.platform.database import db
from app.platform.markup import plain_excerpt
from app.platform.subjects import Facts, Kind, State

_TITLE = 80
_STATES = {AskStatus.OPEN: State.HERE, AskStatus.REMOVED: State.REMOVED}


def facts(ids: Sequence[str]) -> Mapping[str, Facts]:
    """What can be said of these asks."""
    query = select(Ask.id, Ask.author_id, Ask.text, Ask.status, Ask.created_at).where(Ask.id.in_(ids))
    return {
        row.id: Facts(
            owner_id=row.author_id,
            title=plain_excerpt(row.text, _TITLE),
            url=f"/asks/{row.id}",
            made_at=row.created_at,
            state=_STATES.get(AskStatus(row.status), State.CLOSED),
            excerpt=row.text,
        )
        for row in db.session.execute(query)
    }


KINDS = (
    Kind(name="ask", key=Ask.__table__.c.id, visible_to=visible_to, facts=facts, remove=remove_by_moderator),
)
