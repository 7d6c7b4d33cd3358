"""Open rooms as things that others point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, false, select

from app.messaging.conversations.models import Conversation
from app.messaging.conversations.values import ROOM
from app.messaging.groups.service import remove, restore
from app.platform.database import db
from app.platform.subjects import Condition, Facts, Kind, Looker, State


def visible_to(viewer: Looker) -> Condition:
    """Rooms are open to members, and belong to whoever is inside; a closed one is nowhere."""
    if viewer is None:
        return false()
    return and_(Conversation.kind == ROOM, Conversation.search_key != "")


def facts(ids: Sequence[str]) -> Mapping[str, Facts]:
    """What can be said of these rooms."""
    query = select(
        Conversation.id, Conversation.title, Conversation.about, Conversation.started_at, Conversation.search_key
    ).where(Conversation.id.in_(ids), Conversation.kind == ROOM)
    return {
        row.id: Facts(
            owner_id=None,
            title=row.title or "",
            url=f"/rooms/{row.id}",
            made_at=row.started_at,
            state=State.HERE if row.search_key else State.REMOVED,
            excerpt=row.about,
        )
        for row in db.session.execute(query)
    }


KINDS = (
    Kind(
        name="room",
        key=Conversation.__table__.c.id,
        visible_to=visible_to,
        facts=facts,
        remove=remove,
        restore=restore,
    ),
)
