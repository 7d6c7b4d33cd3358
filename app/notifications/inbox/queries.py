"""Reads of the inbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy import ScalarSelect, func, select, tuple_

from app.kernel.errors import Invalid, NotFound
from app.kernel.subjects import Subject
from app.notifications.inbox.models import NotificationRow
from app.notifications.inbox.rules import own_path, place_of
from app.notifications.inbox.values import Folded, Notification
from app.people.profiles.values import MemberCard
from app.platform.database import db
from app.web.frame import Viewer
from app.web.pagination import Page, decode_cursor, encode_cursor

FACES: Final = 4  # shown of those who stand in one line
_MOST_FOLDED: Final = 600  # rows looked through for the faces of one page


def unread_badge(who: Viewer) -> ScalarSelect[int]:
    """How many lines are new; a subquery for the page frame."""
    return _unread(who.id)


def unread_count(member_id: int) -> int:
    """The same number by itself."""
    return int(db.session.scalar(select(_unread(member_id))) or 0)


def list_notifications(member_id: int, limit: int = 30, cursor: str | None = None) -> Page[Notification]:
    """One by one, the newest first."""
    table = NotificationRow
    query = _columns(member_id).order_by(table.at.desc(), table.id.desc()).limit(limit + 1)
    after = _after(cursor)
    if after is not None:
        query = query.where(tuple_(table.at, table.id) < tuple_(*after))
    rows = list(db.session.execute(query))
    shown = [_notification(row) for row in rows[:limit]]
    more = encode_cursor(shown[-1].at.isoformat(), shown[-1].id) if len(rows) > limit else None
    return Page(shown, more)


def list_lines(member_id: int, limit: int = 30, cursor: str | None = None) -> Page[Folded]:
    """The inbox as it is shown: what is alike stands in one line."""
    table = NotificationRow
    newest = func.max(table.at)
    query = (
        select(
            table.fold,
            newest.label("at"),
            func.count(func.distinct(table.actor_id)).label("people"),
            (func.count() - func.count(table.read_at)).label("unread"),
        )
        .where(table.member_id == member_id, table.listed.is_(True))
        .group_by(table.fold)
        .order_by(newest.desc(), table.fold.desc())
        .limit(limit + 1)
    )
    after = _after(cursor)
    if after is not None:
        query = query.having(tuple_(newest, table.fold) < tuple_(*after))
    groups = list(db.session.execute(query))
    shown = groups[:limit]
    lines = lines_of(member_id, [group.fold for group in shown])
    found = [
        Folded(lines[group.fold][0], _faces(lines[group.fold]), group.people, read=not group.unread)
        for group in shown
        if group.fold in lines
    ]
    more = encode_cursor(shown[-1].at.isoformat(), shown[-1].fold) if len(groups) > limit else None
    return Page(found, more)


def lines_of(member_id: int, folds: Iterable[str]) -> dict[str, list[Notification]]:
    """What stands in these lines, the newest first."""
    table = NotificationRow
    query = _columns(member_id).where(table.fold.in_(list(folds)))
    found: dict[str, list[Notification]] = {}
    for row in db.session.execute(query.order_by(table.at.desc(), table.id.desc()).limit(_MOST_FOLDED)):
        found.setdefault(row.fold, []).append(_notification(row))
    return found


def get_notification(member_id: int, ident: str) -> Notification:
    """One of the member's own; raises `NotFound`."""
    row = db.session.execute(_columns(member_id).where(NotificationRow.id == ident)).one_or_none()
    if row is None:
        raise NotFound(_("This notification is not here any more."))
    return _notification(row)


def unread_among(ids: Iterable[str]) -> list[tuple[int, Notification]]:
    """Those of these that wait to be read, whosever they are, with the member."""
    query = _columns(None).where(NotificationRow.id.in_(list(ids)), NotificationRow.read_at.is_(None))
    rows = db.session.execute(query.order_by(NotificationRow.at.desc(), NotificationRow.id.desc()))
    return [(row.member_id, _notification(row)) for row in rows]


def url_of(one: Notification, faces: Mapping[int, MemberCard]) -> str:
    """Where the thing is to be seen."""
    given = own_path(one.data.get("url")) or place_of(one.subject)
    if given is not None:
        return given
    face = faces.get(one.actor_id or 0)
    return f"/m/{face.handle}" if face is not None else "/notifications"


def _unread(member_id: int) -> ScalarSelect[int]:
    row = NotificationRow
    return (
        select(func.count(func.distinct(row.fold)))
        .where(row.member_id == member_id, row.read_at.is_(None), row.listed.is_(True))
        .scalar_subquery()
    )


def _columns(member_id: int | None) -> Any:
    table = NotificationRow
    query = select(
        table.id,
        table.member_id,
        table.kind,
        table.subject_kind,
        table.subject_id,
        table.actor_id,
        table.at,
        table.read_at,
        table.fold,
        table.data,
    )
    if member_id is None:
        return query
    return query.where(table.member_id == member_id, table.listed.is_(True))


def _notification(row: Any) -> Notification:
    return Notification(
        id=row.id,
        kind=row.kind,
        subject=Subject(row.subject_kind, row.subject_id),
        actor_id=row.actor_id,
        at=row.at,
        read=row.read_at is not None,
        fold=row.fold,
        data=row.data or {},
    )


def _faces(line: Iterable[Notification]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(one.actor_id for one in line if one.actor_id is not None))[:FACES]


def _after(cursor: str | None) -> tuple[datetime, str] | None:
    found = decode_cursor(cursor, str, str)
    if found is None:
        return None
    try:
        return datetime.fromisoformat(found[0]), found[1]
    except ValueError as problem:
        raise Invalid("the cursor is damaged", code="bad_cursor") from problem
