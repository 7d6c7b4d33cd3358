"""The writes of presence."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import or_, select

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.messaging.presence.models import Presence
from app.messaging.presence.values import TOLD_EVERY
from app.people.accounts.queries import hold, require_active
from app.platform.database import db, unit_of_work
from app.platform.sql import insert_into


def seen(actor: MemberId) -> bool:
    """The member looks at a page; answers whether that is news. Nothing is kept of who hides it."""
    now = clock.now()
    row = insert_into(Presence).values(member_id=actor, seen_at=now, hidden=False)
    row = row.on_conflict_do_update(
        index_elements=["member_id"],
        set_={"seen_at": now},
        where=(Presence.hidden.is_(False)) & or_(Presence.seen_at.is_(None), Presence.seen_at < now - TOLD_EVERY),
    )
    with unit_of_work():
        return db.session.scalar(row.returning(Presence.member_id)) is not None


def set_hidden(actor: MemberId, *, hidden: bool | Callable[[bool], bool]) -> None:
    """Whether the people one talks with may see when one was here.

    A function gets what holds now, held until the commit.
    """
    with unit_of_work():
        require_active(actor)
        hold(actor)
        if callable(hidden):
            now = db.session.scalar(select(Presence.hidden).where(Presence.member_id == actor))
            hidden = hidden(bool(now))
        row = insert_into(Presence).values(member_id=actor, seen_at=None, hidden=hidden)
        db.session.execute(
            row.on_conflict_do_update(index_elements=["member_id"], set_={"seen_at": None, "hidden": hidden})
        )
