"""Reads of the inbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, func, literal, not_, or_, select

from app.kernel.clock import clock
from app.kernel.errors import NotFound
from app.kernel.ids import MemberId
from app.kernel.pagination import Page, decode_cursor, encode_cursor
from app.kernel.subjects import Subject
from app.kernel.viewer import Viewer
from app.notifications.inbox.models import NotificationRow
from app.notifications.inbox.rules import own_path, place_of
from app.notifications.inbox.values import Folded, Notification
from app.notifications.kinds.values import MODERATED
from app.people.accounts.queries import visible_members
from app.people.blocks.queries import apart
from app.people.profiles.values import MemberCard
from app.platform.database import UtcDateTime, db
from app.platform.subjects import NOBODY, kinds

FACES: Final = 4  # shown of those who stand in one line


def unread_badge(who: Viewer) -> ScalarSelect[int]:
    """How many lines are new; a subquery for the page frame."""
    return _unread(who.id)


def unread_count(member_id: MemberId) -> int:
    """Count the unread notifications, in a statement of its own."""
    return int(db.session.scalar(select(_unread(member_id))) or 0)


def list_notifications(member_id: MemberId, limit: int = 30, cursor: str | None = None) -> Page[Notification]:
    """One by one, the newest first. Later pages have everything where it stood at the first one."""
    table = NotificationRow
    place = _place(cursor)
    stood = _stood(place)
    query = _columns(member_id).add_columns(stood.label("stood")).where(stood.is_not(None))
    if place.after is not None:
        query = query.where(_behind(stood, table.id, place.after))
    rows = list(db.session.execute(query.order_by(stood.desc(), table.id.desc()).limit(limit + 1)))
    shown = [_notification(row) for row in rows[:limit]]
    more = _cursor(place, rows[limit - 1].stood, rows[limit - 1].id) if len(rows) > limit else None
    return Page(shown, more)


def list_lines(member_id: MemberId, limit: int = 30, cursor: str | None = None) -> Page[Folded]:
    """The inbox as it is shown: what is alike stands in one line."""
    table = NotificationRow
    place = _place(cursor)
    stood = _stood(place)
    newest: ColumnElement[Any] = func.max(stood)
    query = (
        select(
            table.fold,
            newest.label("at"),
            func.count(func.distinct(table.actor_id)).label("people"),
            (func.count() - func.count(table.read_at)).label("unread"),
        )
        .where(_shown_to(member_id), stood.is_not(None))
        .group_by(table.fold)
        .order_by(newest.desc(), table.fold.desc())
        .limit(limit + 1)
    )
    if place.after is not None:
        query = query.having(_behind(newest, table.fold, place.after))
    groups = list(db.session.execute(query))
    shown = groups[:limit]
    lines = lines_of(member_id, [group.fold for group in shown])
    found = [
        Folded(lines[group.fold][0], _faces(lines[group.fold]), group.people, read=not group.unread)
        for group in shown
        if group.fold in lines
    ]
    more = _cursor(place, shown[-1].at, shown[-1].fold) if len(groups) > limit else None
    return Page(found, more)


def lines_of(member_id: MemberId, folds: Iterable[str]) -> dict[str, list[Notification]]:
    """The newest of each person in these lines, the newest first; of each line a few, however long others are."""
    table = NotificationRow
    order = (table.at.desc(), table.id.desc())
    of_each = func.row_number().over(partition_by=(table.fold, table.actor_id), order_by=order)
    mine = _columns(member_id).where(table.fold.in_(list(folds)))
    latest = mine.add_columns(of_each.label("of_each")).subquery()
    newest_first = (latest.c.at.desc(), latest.c.id.desc())
    in_line = func.row_number().over(partition_by=latest.c.fold, order_by=newest_first)
    ranked = select(latest, in_line.label("in_line")).where(latest.c.of_each == 1).subquery()
    query = select(ranked).where(ranked.c.in_line <= FACES).order_by(ranked.c.at.desc(), ranked.c.id.desc())
    found: dict[str, list[Notification]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.fold, []).append(_notification(row))
    return found


def get_notification(member_id: MemberId, ident: str) -> Notification:
    """One of the member's own; raises `NotFound`."""
    row = db.session.execute(_columns(member_id).where(NotificationRow.id == ident)).one_or_none()
    if row is None:
        raise NotFound("This notification no longer exists.")
    return _notification(row)


def unread_among(ids: Iterable[str]) -> list[tuple[int, Notification]]:
    """Those of these that wait to be read, whosever they are, with the member."""
    table = NotificationRow
    waiting = _columns(None).where(table.id.in_(list(ids)), table.read_at.is_(None))
    rows = list(db.session.execute(waiting.order_by(table.at.desc(), table.id.desc())))
    still: set[str] = set()
    for member_id in {row.member_id for row in rows}:
        mine = [row.id for row in rows if row.member_id == member_id]
        still.update(db.session.scalars(select(table.id).where(table.id.in_(mine), _shown_to(member_id))))
    return [(row.member_id, _notification(row)) for row in rows if row.id in still]


def url_of(one: Notification, faces: Mapping[MemberId, MemberCard]) -> str:
    """Where the thing is to be seen."""
    given = own_path(one.data.get("url")) or place_of(one.subject)
    if given is not None:
        return given
    face = faces.get(one.actor_id or NOBODY)
    return f"/m/{face.handle}" if face is not None else "/notifications"


def _there(member_id: MemberId) -> ColumnElement[bool]:
    """What is gone, or not for the member to see any more, is no news; nor what somebody suspended did.

    A decision of the moderators is told of just what it took away, and what was said between people stays.
    """
    row = NotificationRow
    of_kind, of_id = row.data["of_kind"].as_string(), row.data["of_id"].as_string()
    # A member is told of as who did something.
    told_of = [kind for kind in kinds().values() if kind.name != "member"]
    gone: list[ColumnElement[bool]] = []
    for kind in told_of:
        named = (case((row.subject_kind == kind.name, row.subject_id)), case((of_kind == kind.name, of_id)))
        gone.append(exists().where(kind.key.in_(named), not_(kind.visible_to(member_id))))
    # Who is erased takes along what names them; a find of a saved search names nobody, but the thing went.
    gone += [
        and_(row.actor_id.is_(None), row.subject_kind == kind.name, not_(exists().where(kind.key == row.subject_id)))
        for kind in told_of
    ]
    here = or_(row.actor_id.is_(None), row.subject_kind == "conversation", visible_members(row.actor_id))
    return and_(or_(row.kind == MODERATED, not_(or_(*gone))), here)


def _unread(member_id: MemberId) -> ScalarSelect[int]:
    row = NotificationRow
    return (
        select(func.count(func.distinct(row.fold))).where(_shown_to(member_id), row.read_at.is_(None)).scalar_subquery()
    )


def _columns(member_id: MemberId | None) -> Any:
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
        return query.where(_in_touch())
    return query.where(_shown_to(member_id))


def _shown_to(member_id: MemberId) -> ColumnElement[bool]:
    table = NotificationRow
    return and_(table.member_id == member_id, table.listed.is_(True), _in_touch(), _there(member_id))


def _in_touch() -> ColumnElement[bool]:
    """Behind a block nobody is told of the other, nor of what was told before it."""
    return ~apart(NotificationRow.member_id, NotificationRow.actor_id)


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


def _faces(line: Iterable[Notification]) -> tuple[MemberId, ...]:
    return tuple(dict.fromkeys(one.actor_id for one in line if one.actor_id is not None))[:FACES]


class _Place(NamedTuple):
    """The moment of the first page, and what was the last before this one."""

    as_of: datetime
    after: tuple[datetime, str] | None = None


def _place(cursor: str | None) -> _Place:
    found = decode_cursor(cursor, datetime, datetime, str)
    return _Place(clock.now()) if found is None else _Place(found[0], (found[1], found[2]))


def _cursor(place: _Place, at: datetime, ident: str) -> str:
    return encode_cursor(place.as_of.isoformat(), at.isoformat(), ident)


def _stood(place: _Place) -> Any:
    """When it came; for whoever pages through the inbox, as it was when they began."""
    table = NotificationRow
    if place.after is None:
        return table.at
    as_of = literal(place.as_of, UtcDateTime())
    return case((table.at <= as_of, table.at), (table.was_at <= as_of, table.was_at))


def _behind(stood: ColumnElement[Any], ident: Any, after: tuple[datetime, str]) -> ColumnElement[bool]:
    at = literal(after[0], UtcDateTime())
    return or_(stood < at, and_(stood == at, ident < after[1]))
