"""The writes of the inbox."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel.clock import clock
from app.kernel.ids import new_id
from app.kernel.subjects import Subject
from app.notifications.inbox.models import NotificationRow
from app.platform.database import db, unit_of_work
from app.platform.realtime import member_room


def notify(
    member_id: int,
    kind: str,
    subject: Subject,
    *,
    key: str,
    actor_id: int | None = None,
    renew: bool = False,
    hint: bool = True,
) -> bool:
    """Tell a member of an occasion once, or anew each time (`renew`); answers whether anything was told."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    row = {
        "id": new_id(),
        "member_id": member_id,
        "key": key,
        "kind": kind,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "actor_id": actor_id,
        "at": clock.now(),
    }
    insert = dialect.insert(NotificationRow.__table__).values(row)
    if renew:
        news = {"at": row["at"], "actor_id": actor_id, "read_at": None}
        insert = insert.on_conflict_do_update(index_elements=["member_id", "key"], set_=news)
    else:
        insert = insert.on_conflict_do_nothing()
    with unit_of_work() as work:
        made = db.session.scalar(insert.returning(NotificationRow.id))
        if made is not None and hint:
            work.hint(member_room(member_id), "notification:new", {"id": made, "kind": kind})
    return made is not None


def mark_read(actor: int, ids: Sequence[str] | None = None) -> None:
    """Everything, or these."""
    mine = update(NotificationRow).where(
        NotificationRow.member_id == actor, NotificationRow.read_at.is_(None)
    )
    if ids is not None:
        mine = mine.where(NotificationRow.id.in_(ids))
    with unit_of_work():
        db.session.execute(mine.values(read_at=clock.now()))


def mark_subject_read(actor: int, subject: Subject) -> None:
    """The member has looked at the thing itself; nothing is written when nothing waits."""
    waiting = (
        NotificationRow.member_id == actor,
        NotificationRow.read_at.is_(None),
        NotificationRow.subject_kind == subject.kind,
        NotificationRow.subject_id == subject.id,
    )
    if db.session.scalar(select(NotificationRow.id).where(*waiting).limit(1)) is None:
        return
    with unit_of_work():
        db.session.execute(update(NotificationRow).where(*waiting).values(read_at=clock.now()))
