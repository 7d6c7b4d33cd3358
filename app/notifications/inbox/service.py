"""The writes of the inbox."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel.clock import clock
from app.kernel.ids import new_id
from app.kernel.subjects import Subject
from app.notifications.active_views.queries import watching
from app.notifications.inbox.models import NotificationRow
from app.notifications.inbox.rules import HANDLE, MAX_KEY_LENGTH
from app.notifications.inbox.values import NotificationView
from app.notifications.kinds.values import Channel, kind_named
from app.notifications.preferences.queries import wishes_of_all
from app.people.accounts.queries import find_member_id
from app.people.blocks.queries import out_of_touch
from app.platform.database import db, rows_changed, unit_of_work
from app.platform.realtime import member_room
from app.platform.slots import Slot

Carrier = Callable[[Sequence[NotificationView]], None]

_CHUNK: Final = 500
_CARRIERS: Slot[list[Carrier]] = Slot("carriers", list)


def set_carrier(app: Flask, carrier: Carrier) -> None:
    """The composition root says who brings the news further, by mail and push."""
    _CARRIERS.on(app)[:] = [carrier]


def notify(
    member_id: int,
    kind: str,
    subject: Subject,
    *,
    key: str | None = None,
    actor_id: int | None = None,
    data: Mapping[str, Any] | None = None,
    cause: Subject | None = None,
    renew: bool = False,
    hint: bool = True,
) -> bool:
    """Tell a member of an occasion once, or anew each time (`renew`); answers whether anything was told.

    `cause` is the thing that the news is of, where it is another than the one it leads to: when it is
    gone, there is no news. `key` names the occasion (without it: kind, subject and actor do). `data` may
    have a `title` of the thing, a `text` to be read with it, and the `url` of its page when the subject
    alone does not tell.
    """
    told = notify_all(
        [member_id], kind, subject, key=key, actor_id=actor_id, data=data, cause=cause, renew=renew, hint=hint
    )
    return told > 0


def notify_all(
    member_ids: Iterable[int],
    kind: str,
    subject: Subject,
    *,
    key: str | None = None,
    actor_id: int | None = None,
    data: Mapping[str, Any] | None = None,
    cause: Subject | None = None,
    renew: bool = False,
    until_read: bool = False,
    hint: bool = True,
) -> int:
    """The same for many, in a dozen statements whatever their number; answers how many were told.

    `until_read`: anew only for whoever has read the line of this occasion; who has not is told already.
    """
    wanted = [one for one in dict.fromkeys(member_ids) if one != actor_id]
    told = 0
    with unit_of_work() as work:
        if actor_id is not None and wanted:
            apart = out_of_touch(actor_id)
            wanted = [one for one in wanted if one not in apart]
        row = {
            "key": _occasion(key or f"{kind}:{subject}:{actor_id or ''}"),
            "kind": kind,
            "subject_kind": subject.kind,
            "subject_id": subject.id,
            "actor_id": actor_id,
            "at": clock.now(),
            "data": {**(data or {}), **({"of_kind": cause.kind, "of_id": cause.id} if cause else {})},
        }
        for start in range(0, len(wanted), _CHUNK):
            fresh = _store(wanted[start : start + _CHUNK], row, subject, renew=renew, until_read=until_read)
            told += len(fresh)
            loud = [one for one in fresh if not one.quiet]
            if hint:
                for one in loud:
                    work.hint(member_room(one.member_id), "notification:new", {"id": one.id, "kind": kind})
            for carry in _CARRIERS.here():
                carry([one for one in fresh if not one.seen])
    return told


def mark_read(actor: int, ids: Sequence[str] | None = None) -> None:
    """Everything, or these."""
    _mark(actor, NotificationRow.id.in_(ids) if ids is not None else None)


def mark_line_read(actor: int, ident: str) -> None:
    """This one and all that stand in one line with it."""
    same = select(NotificationRow.fold).where(NotificationRow.id == ident, NotificationRow.member_id == actor)
    _mark(actor, NotificationRow.fold.in_(same))


def mark_subject_read(actor: int, subject: Subject) -> None:
    """The member has looked at the thing itself; nothing is written when nothing waits."""
    ident: str | None = subject.id
    kind = subject.kind
    if kind == HANDLE:
        found = find_member_id(subject.id)
        kind, ident = "member", str(found) if found is not None else None
    about = (NotificationRow.subject_kind == kind, NotificationRow.subject_id == ident)
    waiting = (NotificationRow.member_id == actor, NotificationRow.read_at.is_(None), *about)
    if ident is None or db.session.scalar(select(NotificationRow.id).where(*waiting).limit(1)) is None:
        return
    _mark(actor, *about)


def still_waiting(kind: str, subject: Subject, member_ids: Iterable[int] | None = None) -> list[int]:
    """Who was told of this kind of thing here and has not read it; all, or those among these members."""
    table = NotificationRow
    query = select(table.member_id).where(*_waits(kind, subject))
    if member_ids is not None:
        query = query.where(table.member_id.in_(list(member_ids)))
    return list(db.session.scalars(query.order_by(table.member_id)))


def withdraw(kind: str, subject: Subject, member_ids: Iterable[int], actors: Mapping[int, int]) -> None:
    """The thing has changed: who is in `actors` still waits for what that actor did, the others for nothing."""
    with unit_of_work() as work:
        for member_id in member_ids:
            mine = update(NotificationRow).where(*_waits(kind, subject), NotificationRow.member_id == member_id)
            if member_id in actors:
                db.session.execute(mine.values(actor_id=actors[member_id]))
            elif rows_changed(db.session.execute(mine.values(read_at=clock.now()))):
                work.hint(member_room(member_id), "notification:read", {})


def take_back(subject: Subject, *, member_id: int | None = None, key: str | None = None) -> None:
    """There is nothing to go to any more, for this member or of this occasion: the lines are gone, read or not."""
    table = NotificationRow
    which = [table.subject_kind == subject.kind, table.subject_id == subject.id, table.listed.is_(True)]
    if member_id is not None:
        which.append(table.member_id == member_id)
    if key is not None:
        which.append(table.key == _occasion(key))
    waited = select(table.member_id).where(*which, table.read_at.is_(None)).distinct()
    with unit_of_work() as work:
        waiting = list(db.session.scalars(waited))
        gone = update(table).where(*which)
        # An occasion that comes again lists its line again.
        db.session.execute(gone.values(listed=False, read_at=func.coalesce(table.read_at, clock.now())))
        for one in waiting:
            work.hint(member_room(one), "notification:read", {})


def waiting_from(kind: str, member_id: int, actor_id: int) -> list[str]:
    """The ids of the things of this kind of which the member waits to read what the actor did."""
    table = NotificationRow
    query = select(table.subject_id).where(
        table.member_id == member_id, table.kind == kind, table.actor_id == actor_id, table.read_at.is_(None)
    )
    return list(db.session.scalars(query.distinct().order_by(table.subject_id)))


def _waits(kind: str, subject: Subject) -> tuple[Any, ...]:
    table = NotificationRow
    return (
        table.kind == kind,
        table.subject_kind == subject.kind,
        table.subject_id == subject.id,
        table.read_at.is_(None),
    )


def _mark(actor: int, *which: Any) -> None:
    mine = update(NotificationRow).where(
        NotificationRow.member_id == actor,
        NotificationRow.read_at.is_(None),
        *(one for one in which if one is not None),
    )
    with unit_of_work() as work:
        if rows_changed(db.session.execute(mine.values(read_at=clock.now()))):
            work.hint(member_room(actor), "notification:read", {})


def _store(
    member_ids: Sequence[int],
    common: Mapping[str, Any],
    subject: Subject,
    *,
    renew: bool,
    until_read: bool,
) -> list[NotificationView]:
    kind = common["kind"]
    wishes = wishes_of_all(member_ids, kind)
    seeing = watching(member_ids, subject)
    folds = _open_lines(member_ids, kind, subject)
    rows = []
    for ident in member_ids:
        new = new_id()
        listed = wishes[ident].pace(kind, Channel.PAGE).value != "off"
        rows.append(
            {
                **common,
                "id": new,
                "member_id": ident,
                "fold": folds.get(ident, new) if listed else new,
                "listed": listed,
                # What lies before the reader's eyes is no news, only history.
                "read_at": common["at"] if ident in seeing else None,
            }
        )
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(NotificationRow.__table__).values(rows)
    if renew or until_read:
        columns = ("at", "actor_id", "read_at", "fold", "data", "listed")
        news = {name: insert.excluded[name] for name in columns} | {"was_at": NotificationRow.at}
        insert = insert.on_conflict_do_update(
            index_elements=["member_id", "key"],
            set_=news,
            where=NotificationRow.read_at.is_not(None) if until_read else None,
        )
    else:
        insert = insert.on_conflict_do_nothing()
    made = db.session.execute(insert.returning(NotificationRow.id, NotificationRow.member_id, NotificationRow.listed))
    return [
        NotificationView(
            id=row.id,
            member_id=row.member_id,
            kind=kind,
            subject=subject,
            wishes=wishes[row.member_id],
            seen=row.member_id in seeing,
            quiet=row.member_id in seeing or not row.listed,
        )
        for row in made
    ]


def _open_lines(member_ids: Sequence[int], kind: str, subject: Subject) -> dict[int, str]:
    """The line of each member that the next of this kind joins: one that waits to be read."""
    spec = kind_named(kind)
    row = NotificationRow
    query = select(row.member_id, row.fold).where(
        row.member_id.in_(list(member_ids)), row.kind == kind, row.read_at.is_(None), row.listed.is_(True)
    )
    if spec.per_subject:
        query = query.where(row.subject_kind == subject.kind, row.subject_id == subject.id)
    return {found.member_id: found.fold for found in db.session.execute(query.order_by(row.at))}


def _occasion(key: str) -> str:
    if len(key) <= MAX_KEY_LENGTH:
        return key
    return hashlib.sha256(key.encode()).hexdigest()
