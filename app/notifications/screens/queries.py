"""Who is here, and what lies before them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.subjects import Subject
from app.notifications.screens.models import OpenScreen
from app.platform.database import db


def online(member_ids: Iterable[int]) -> frozenset[int]:
    """To whom of these a page of ours is visible now."""
    query = select(OpenScreen.member_id).where(
        OpenScreen.member_id.in_(list(member_ids)), OpenScreen.until > clock.now()
    )
    return frozenset(db.session.scalars(query))


def watching(member_ids: Iterable[int], subject: Subject) -> frozenset[int]:
    """Who of these has this very thing open on the screen."""
    query = select(OpenScreen.member_id).where(
        OpenScreen.member_id.in_(list(member_ids)),
        OpenScreen.until > clock.now(),
        OpenScreen.subject_kind == subject.kind,
        OpenScreen.subject_id == subject.id,
    )
    return frozenset(db.session.scalars(query))
