"""Reads of the inbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select, tuple_

from app.kernel.errors import Invalid
from app.kernel.subjects import Subject
from app.notifications.inbox.models import NotificationRow
from app.notifications.inbox.values import JOINED, MESSAGE, VOUCH, Notification
from app.people.profiles.values import MemberCard
from app.platform.database import db
from app.web.frame import Viewer
from app.web.pagination import Page, decode_cursor, encode_cursor


def unread_badge(who: Viewer) -> ScalarSelect[int]:
    """How much is new; a subquery for the page frame."""
    return (
        select(func.count())
        .select_from(NotificationRow)
        .where(NotificationRow.member_id == who.id, NotificationRow.read_at.is_(None))
        .scalar_subquery()
    )


def list_notifications(member_id: int, limit: int = 30, cursor: str | None = None) -> Page[Notification]:
    """The newest first."""
    table = NotificationRow
    query = (
        select(
            table.id, table.kind, table.subject_kind, table.subject_id, table.actor_id, table.at, table.read_at
        )
        .where(table.member_id == member_id)
        .order_by(table.at.desc(), table.id.desc())
        .limit(limit + 1)
    )
    after = decode_cursor(cursor, str, str)
    if after is not None:
        try:
            at = datetime.fromisoformat(after[0])
        except ValueError as problem:
            raise Invalid("the cursor is damaged", code="bad_cursor") from problem
        query = query.where(tuple_(table.at, table.id) < tuple_(at, after[1]))
    rows = list(db.session.execute(query))
    shown = [
        Notification(
            id=row.id,
            kind=row.kind,
            subject=Subject(row.subject_kind, row.subject_id),
            actor_id=row.actor_id,
            at=row.at,
            read=row.read_at is not None,
        )
        for row in rows[:limit]
    ]
    more = encode_cursor(shown[-1].at.isoformat(), shown[-1].id) if len(rows) > limit else None
    return Page(shown, more)


def url_of(one: Notification, faces: Mapping[int, MemberCard]) -> str:
    """Where the thing is to be seen."""
    if one.kind == MESSAGE:
        return f"/messages/{one.subject.id}"
    face = faces.get(one.actor_id or 0)
    if one.kind in {VOUCH, JOINED} and face is not None:
        return f"/m/{face.handle}"
    return "/notifications"
