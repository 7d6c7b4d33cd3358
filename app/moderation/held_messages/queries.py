"""Messages that wait for a moderator."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import ScalarSelect, func, select

from app.kernel.ids import MemberId
from app.kernel.viewer import Viewer
from app.messaging.conversations import statements
from app.messaging.conversations.message_rows import views
from app.messaging.conversations.models import Message
from app.messaging.conversations.values import MessageView
from app.people.accounts.queries import require_role
from app.people.accounts.values import MODERATOR
from app.platform.database import db
from app.platform.markup import render_markdown

_SHOWN = 50


def held_messages(actor: MemberId) -> list[MessageView]:
    """The oldest first, with their words; for moderators."""
    require_role(actor, MODERATOR)
    query = statements.MESSAGES.where(Message.held_at.is_not(None)).order_by(Message.id).limit(_SHOWN)
    found = views(query, {"reader": actor})
    words = select(Message.id, Message.body, Message.signs).where(Message.id.in_([one.id for one in found]))
    kept = {row.id: row for row in db.session.execute(words)}
    return [
        replace(
            one,
            body=kept[one.id].body,
            html=render_markdown(kept[one.id].body),
            signs=tuple(kept[one.id].signs or ()),
        )
        for one in found
    ]


def held_badge(viewer: Viewer) -> ScalarSelect[int] | None:
    """How many wait; for the moderators' frame."""
    if not viewer.is_a(MODERATOR):
        return None
    return select(func.count(Message.id)).where(Message.held_at.is_not(None)).scalar_subquery()
