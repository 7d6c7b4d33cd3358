"""Who is here, and what lies before them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, select

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.kernel.subjects import Subject
from app.notifications.active_views.models import ActiveView
from app.platform.database import db

_views: Final = cast(Table, ActiveView.__table__)
_members: Final[Any] = bindparam("members", expanding=True)
_ONLINE: Final = select(_views.c.member_id).where(_views.c.member_id.in_(_members), _views.c.until > bindparam("now"))
_WATCHING: Final = _ONLINE.add_columns(_views.c.subject_kind, _views.c.subject_id).where(
    _views.c.subject_id.in_(bindparam("things", expanding=True))
)


def online(member_ids: Iterable[MemberId]) -> frozenset[MemberId]:
    """To whom of these a page of ours is visible now."""
    return frozenset(db.session.scalars(_ONLINE, {"members": list(member_ids), "now": clock.now()}))


def watching(member_ids: Iterable[MemberId], subjects: Iterable[Subject]) -> frozenset[tuple[MemberId, Subject]]:
    """Who of these has one of these very things open on the screen."""
    wanted = set(subjects)
    asked = {"members": list(member_ids), "now": clock.now(), "things": [one.id for one in wanted]}
    rows = db.session.execute(_WATCHING, asked)
    found = ((row.member_id, Subject(row.subject_kind, row.subject_id)) for row in rows)
    return frozenset(one for one in found if one[1] in wanted)
