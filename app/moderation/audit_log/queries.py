"""Reads of the log."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.ids import ActionId, MemberId
from app.kernel.pagination import Page, decode_cursor, encode_cursor
from app.kernel.subjects import Subject
from app.moderation.audit_log.models import ModerationAction
from app.moderation.audit_log.values import Action, LogLine
from app.people.accounts.queries import require_role
from app.people.accounts.values import MODERATOR
from app.people.profiles.queries import cards
from app.platform.database import db


def log_page(actor: MemberId, *, cursor: str | None = None, limit: int = 30) -> Page[LogLine]:
    """The newest lines first; for moderators."""
    require_role(actor, MODERATOR)
    query = select(ModerationAction).order_by(ModerationAction.id.desc())
    before = decode_cursor(cursor, int)
    if before is not None:
        query = query.where(ModerationAction.id < before[0])
    rows = list(db.session.scalars(query.limit(limit + 1)))
    more = encode_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(_lines(rows[:limit]), more)


def history_of(actor: MemberId, author_id: MemberId) -> list[LogLine]:
    """What was decided about a member's things before; for moderators."""
    require_role(actor, MODERATOR)
    query = (
        select(ModerationAction)
        # A proposal of theirs is nothing that speaks for or against them.
        .where(
            ModerationAction.author_id == author_id,
            ModerationAction.decision.not_in((Action.MERGE, Action.KEEP_APART)),
        )
        .order_by(ModerationAction.id.desc())
        .limit(20)
    )
    return _lines(list(db.session.scalars(query)))


def line_of(action_id: ActionId) -> tuple[Action, Subject, str] | None:
    """Action, thing and reason of one line; for the person whom it concerns."""
    row = db.session.get(ModerationAction, action_id)
    return (Action(row.decision), Subject(row.subject_kind, row.subject_id), row.reason) if row else None


def _lines(rows: list[ModerationAction]) -> list[LogLine]:
    faces = cards({row.actor_id for row in rows} | {row.author_id for row in rows if row.author_id})
    return [
        LogLine(
            id=row.id,
            decision=Action(row.decision),
            subject=Subject(row.subject_kind, row.subject_id),
            actor=faces.get(row.actor_id),
            author=faces.get(row.author_id) if row.author_id else None,
            reason=row.reason,
            report_id=row.report_id,
            at=row.at,
        )
        for row in rows
    ]
