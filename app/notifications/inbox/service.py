"""The writes of the inbox."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, cast

from flask import Flask
from sqlalchemy import Table, bindparam, func, select, update

from app.kernel.clock import clock
from app.kernel.ids import MemberId, new_id
from app.kernel.subjects import Subject
from app.notifications.active_views.queries import watching
from app.notifications.inbox.models import NotificationRow
from app.notifications.inbox.rules import HANDLE, MAX_KEY_LENGTH
from app.notifications.inbox.values import NotificationView, Occasion
from app.notifications.kinds.values import Channel, kind_named
from app.notifications.preferences.queries import wishes_of_all
from app.people.accounts.queries import find_member_id
from app.people.blocks.queries import out_of_touch
from app.platform.database import db, rows_changed, unit_of_work
from app.platform.realtime import member_room
from app.platform.slots import Slot
from app.platform.sql import insert_into

Carrier = Callable[[Sequence[NotificationView]], None]

_CHUNK: Final = 500
# In a lively chat somebody is told many times a second: these statements are built once.
_lines = cast(Table, NotificationRow.__table__)
_members: Final[Any] = bindparam("members", expanding=True)
_things: Final[Any] = bindparam("things", expanding=True)
# What waits of one thing for one member is read.
_READ: Final = (
    update(_lines)
    .where(
        _lines.c.member_id == bindparam("of_member"),
        _lines.c.subject_kind == bindparam("of_kind"),
        _lines.c.subject_id == bindparam("of_thing"),
        _lines.c.read_at.is_(None),
    )
    .values(read_at=bindparam("now_read"))
)
# What waits of these things for these members.
_UNREAD: Final = select(_lines.c.member_id, _lines.c.subject_kind, _lines.c.subject_id).where(
    _lines.c.member_id.in_(_members), _lines.c.read_at.is_(None), _lines.c.subject_id.in_(_things)
)
_TOLD: Final = select(_lines.c.member_id, _lines.c.key).where(
    _lines.c.member_id.in_(_members),
    _lines.c.key.in_(bindparam("keys", expanding=True)),
    _lines.c.read_at.is_(None),
)
_OPEN: Final = (
    select(_lines.c.member_id, _lines.c.subject_kind, _lines.c.subject_id, _lines.c.fold)
    .where(
        _lines.c.member_id.in_(_members),
        _lines.c.kind == bindparam("of_kind"),
        _lines.c.read_at.is_(None),
        _lines.c.listed.is_(True),
    )
    .order_by(_lines.c.at)
)
_OPEN_OF_THINGS: Final = _OPEN.where(_lines.c.subject_id.in_(_things))
_CARRIERS: Slot[list[Carrier]] = Slot("carriers", list)


def set_carrier(app: Flask, carrier: Carrier) -> None:
    """The composition root says who brings the news further, by mail and push."""
    _CARRIERS.on(app)[:] = [carrier]


def notify(
    member_id: MemberId,
    kind: str,
    subject: Subject,
    *,
    key: str | None = None,
    actor_id: MemberId | None = None,
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
    member_ids: Iterable[MemberId],
    kind: str,
    subject: Subject,
    *,
    key: str | None = None,
    actor_id: MemberId | None = None,
    data: Mapping[str, Any] | None = None,
    cause: Subject | None = None,
    renew: bool = False,
    until_read: bool = False,
    hint: bool = True,
) -> int:
    """Notify many, in a dozen statements whatever their number; answers how many were told.

    `until_read`: anew only for whoever has read the line of this occasion; who has not is told already.
    """
    wanted = [one for one in dict.fromkeys(member_ids) if one != actor_id]
    with unit_of_work():
        if actor_id is not None and wanted:
            apart = out_of_touch(actor_id)
            wanted = [one for one in wanted if one not in apart]
        key = key or f"{kind}:{subject}:{actor_id or ''}"
        occasions = [Occasion(one, subject, key, actor_id) for one in wanted]
        about = {**(data or {}), **({"of_kind": cause.kind, "of_id": cause.id} if cause else {})}
        return notify_each(kind, occasions, data=about, renew=renew, until_read=until_read, hint=hint)


def notify_each(
    kind: str,
    occasions: Sequence[Occasion],
    *,
    data: Mapping[str, Any] | None = None,
    renew: bool = False,
    until_read: bool = False,
    hint: bool = True,
) -> int:
    """Notify of many occasions of one kind, at most once by the same key for each member.

    Who is in touch with whom, the caller has seen to.
    """
    told = 0
    common = {"kind": kind, "at": clock.now(), "data": dict(data or {})}
    with unit_of_work() as work:
        for start in range(0, len(occasions), _CHUNK):
            fresh = _store(occasions[start : start + _CHUNK], common, renew=renew, until_read=until_read)
            told += len(fresh)
            loud = [one for one in fresh if not one.quiet]
            if hint:
                for one in loud:
                    work.hint(member_room(one.member_id), "notification:new", {"id": one.id, "kind": kind})
            for carry in _CARRIERS.here():
                carry([one for one in fresh if not one.seen])
    return told


def mark_read(actor: MemberId, ids: Sequence[str] | None = None) -> None:
    """Everything, or these."""
    _mark(actor, NotificationRow.id.in_(ids) if ids is not None else None)


def mark_line_read(actor: MemberId, ident: str) -> None:
    """This one and all that stand in one line with it."""
    same = select(NotificationRow.fold).where(NotificationRow.id == ident, NotificationRow.member_id == actor)
    _mark(actor, NotificationRow.fold.in_(same))


def mark_subject_read(actor: MemberId, subject: Subject) -> None:
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


def mark_subjects_read(looked: Sequence[tuple[MemberId, Subject]]) -> None:
    """Each of these members has looked at a thing; one statement where nothing waits for any of them."""
    if not looked:
        return
    asked = {"members": list({who for who, _ in looked}), "things": list({subject.id for _, subject in looked})}
    waiting = db.session.execute(_UNREAD, asked)
    found = {(row.member_id, Subject(row.subject_kind, row.subject_id)) for row in waiting}
    # In one order: two who write the same lines at the same time wait for each other, never both.
    read = sorted((one for one in set(looked) if one in found), key=lambda one: (one[0], str(one[1])))
    if not read:
        return
    now = clock.now()
    rows = [
        {"of_member": who, "of_kind": subject.kind, "of_thing": subject.id, "now_read": now} for who, subject in read
    ]
    with unit_of_work() as work:
        db.session.execute(_READ, rows)
        for member_id in dict.fromkeys(who for who, _ in read):
            work.hint(member_room(member_id), "notification:read", {})


def still_waiting(kind: str, subject: Subject, member_ids: Iterable[MemberId] | None = None) -> list[MemberId]:
    """Who was told of this kind of thing here and has not read it; all, or those among these members."""
    table = NotificationRow
    query = select(table.member_id).where(*_waits(kind, subject))
    if member_ids is not None:
        query = query.where(table.member_id.in_(list(member_ids)))
    return list(db.session.scalars(query.order_by(table.member_id)))


def told_of(keys: Iterable[str], member_ids: Iterable[MemberId]) -> frozenset[tuple[MemberId, str]]:
    """Who of these has been told of one of the occasions and has not read it, each with its key."""
    stored = {_occasion(key): key for key in keys}
    told = db.session.execute(_TOLD, {"members": list(member_ids), "keys": list(stored)})
    return frozenset((row.member_id, stored[row.key]) for row in told)


def withdraw(kind: str, subject: Subject, member_ids: Iterable[MemberId], actors: Mapping[MemberId, int]) -> None:
    """The thing has changed: who is in `actors` still waits for what that actor did, the others for nothing."""
    with unit_of_work() as work:
        for member_id in member_ids:
            mine = update(NotificationRow).where(*_waits(kind, subject), NotificationRow.member_id == member_id)
            if member_id in actors:
                db.session.execute(mine.values(actor_id=actors[member_id]))
            elif rows_changed(db.session.execute(mine.values(read_at=clock.now()))):
                work.hint(member_room(member_id), "notification:read", {})


def take_back(subject: Subject, *, member_id: MemberId | None = None, key: str | None = None) -> None:
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


def waiting_from(kind: str, member_id: MemberId, actor_id: MemberId) -> list[str]:
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


def _mark(actor: MemberId, *which: Any) -> None:
    mine = update(NotificationRow).where(
        NotificationRow.member_id == actor,
        NotificationRow.read_at.is_(None),
        *(one for one in which if one is not None),
    )
    with unit_of_work() as work:
        if rows_changed(db.session.execute(mine.values(read_at=clock.now()))):
            work.hint(member_room(actor), "notification:read", {})


def _store(
    occasions: Sequence[Occasion], common: Mapping[str, Any], *, renew: bool, until_read: bool
) -> list[NotificationView]:
    kind = common["kind"]
    member_ids = list({one.member_id for one in occasions})
    wishes = wishes_of_all(member_ids, kind)
    seeing = watching(member_ids, {one.subject for one in occasions})
    folds = _open_lines(occasions, kind)
    rows = []
    subjects = {}
    for one in occasions:
        new, ident = new_id(), one.member_id
        key = _occasion(one.key)
        subjects[ident, key] = one.subject
        listed = wishes[ident].pace(kind, Channel.PAGE).value != "off"
        rows.append(
            {
                **common,
                "id": new,
                "member_id": ident,
                "key": key,
                "subject_kind": one.subject.kind,
                "subject_id": one.subject.id,
                "actor_id": one.actor_id,
                "fold": folds.get((ident, one.subject), new) if listed else new,
                "listed": listed,
                # What lies before the reader's eyes is no news, only history.
                "read_at": common["at"] if (ident, one.subject) in seeing else None,
            }
        )
    made = db.session.execute(_insert(db.engine.dialect.name, renew=renew, until_read=until_read), rows)
    views = []
    for row in made:
        subject = subjects[row.member_id, row.key]
        seen = (row.member_id, subject) in seeing
        views.append(
            NotificationView(
                id=row.id,
                member_id=row.member_id,
                kind=kind,
                subject=subject,
                wishes=wishes[row.member_id],
                seen=seen,
                quiet=seen or not row.listed,
            )
        )
    return views


@lru_cache
def _insert(_dialect: str, *, renew: bool, until_read: bool) -> Any:
    insert = insert_into(_lines)
    if renew or until_read:
        columns = ("at", "actor_id", "read_at", "fold", "data", "listed")
        news = {name: insert.excluded[name] for name in columns} | {"was_at": _lines.c.at}
        insert = insert.on_conflict_do_update(
            index_elements=["member_id", "key"],
            set_=news,
            where=_lines.c.read_at.is_not(None) if until_read else None,
        )
    else:
        insert = insert.on_conflict_do_nothing()
    return insert.returning(_lines.c.id, _lines.c.member_id, _lines.c.key, _lines.c.listed)


def _open_lines(occasions: Sequence[Occasion], kind: str) -> dict[tuple[MemberId, Subject], str]:
    """The line of each member that the next of this kind joins: one that waits to be read."""
    spec = kind_named(kind)
    asked: dict[str, Any] = {"members": list({one.member_id for one in occasions}), "of_kind": kind}
    if spec.per_subject:
        asked["things"] = list({one.subject.id for one in occasions})
    lines = list(db.session.execute(_OPEN_OF_THINGS if spec.per_subject else _OPEN, asked))
    if spec.per_subject:
        return {(one.member_id, Subject(one.subject_kind, one.subject_id)): one.fold for one in lines}
    last = {one.member_id: one.fold for one in lines}
    return {(one.member_id, one.subject): last[one.member_id] for one in occasions if one.member_id in last}


def _occasion(key: str) -> str:
    if len(key) <= MAX_KEY_LENGTH:
        return key
    return hashlib.sha256(key.encode()).hexdigest()
