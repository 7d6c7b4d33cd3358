"""Who is here, and what lies before them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.subjects import Subject
from app.notifications.active_views.models import ActiveView
from app.platform.database import db


def online(member_ids: Iterable[int]) -> frozenset[int]:
    """To whom of these a page of ours is visible now."""
    query = select(ActiveView.member_id).where(
        ActiveView.member_id.in_(list(member_ids)), ActiveView.until > clock.now()
    )
    return frozenset(db.session.scalars(query))


def watching(member_ids: Iterable[int], subject: Subject) -> frozenset[int]:
    """Who of these has this very thing open on the screen."""
    query = select(ActiveView.member_id).where(
        ActiveView.member_id.in_(list(member_ids)),
        ActiveView.until > clock.now(),
        ActiveView.subject_kind == subject.kind,
        ActiveView.subject_id == subject.id,
    )
    return frozenset(db.session.scalars(query))
