"""Messages and rooms as they are searched, made anew when letters are folded in another way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from app.messaging.conversations.models import Conversation, Message
from app.platform.database import db, unit_of_work
from app.platform.search.folding import fold

_BATCH = 1000


def fold_again() -> int:
    """What was folded once is folded further, a batch at a time; answers how much changed."""
    return _each(Message, Message.folded) + _each(Conversation, Conversation.search_key)


def _each(table: Any, column: Any) -> int:
    last, changed = "", 0
    while True:
        with unit_of_work():
            query = select(table.id, column.label("text")).where(table.id > last, column != "")
            rows = db.session.execute(query.order_by(table.id).limit(_BATCH)).all()
            for row in rows:
                if (text := fold(row.text)) != row.text:
                    # Who has edited it meanwhile has folded it anew.
                    mine = update(table).where(table.id == row.id, column == row.text)
                    db.session.execute(mine.values({column: text}))
                    changed += 1
        if len(rows) < _BATCH:
            return changed
        last = rows[-1].id
