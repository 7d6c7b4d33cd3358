"""Who is here, and what lies before them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.kernel.subjects import Subject
from app.notifications.active_views.models import ActiveView
from app.platform.database import db


def online(member_ids: Iterable[MemberId]) -> frozenset[MemberId]:
    """To whom of these a page of ours is visible now."""
    query = select(ActiveView.member_id).where(
        ActiveView.member_id.in_(list(member_ids)), ActiveView.until > clock.now()
    )
    return frozenset(db.session.scalars(query))


def watching(member_ids: Iterable[MemberId], subjects: Iterable[Subject]) -> frozenset[tuple[MemberId, Subject]]:
    """Who of these has one of these very things open on the screen."""
    wanted = set(subjects)
    query = select(ActiveView.member_id, ActiveView.subject_kind, ActiveView.subject_id).where(
        ActiveView.member_id.in_(list(member_ids)),
        ActiveView.until > clock.now(),
        ActiveView.subject_id.in_([one.id for one in wanted]),
    )
    found = ((row.member_id, Subject(row.subject_kind, row.subject_id)) for row in db.session.execute(query))
    return frozenset(one for one in found if one[1] in wanted)
