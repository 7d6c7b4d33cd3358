"""Reads of wishes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, cast

from sqlalchemy import ScalarSelect, Table, bindparam, select

from app.kernel.ids import MemberId
from app.kernel.viewer import Viewer
from app.notifications.kinds.values import Pace
from app.notifications.preferences.models import DayRow, PreferenceRow
from app.notifications.preferences.values import Day, Wishes
from app.platform.database import db

_cells: Final = cast(Table, PreferenceRow.__table__)
_days: Final = cast(Table, DayRow.__table__)
_members: Final[Any] = bindparam("members", expanding=True)
_CELLS: Final = select(_cells.c.member_id, _cells.c.kind, _cells.c.channel, _cells.c.pace).where(
    _cells.c.member_id.in_(_members)
)
_CELLS_OF_KIND: Final = _CELLS.where(_cells.c.kind == bindparam("of_kind"))
_DAYS: Final = select(_days.c.member_id, _days.c.timezone, _days.c.quiet_from, _days.c.quiet_until).where(
    _days.c.member_id.in_(_members)
)


def chosen_zone(viewer: Viewer) -> ScalarSelect[str]:
    """The time zone that the viewer has chosen, for the frame."""
    return select(DayRow.timezone).where(DayRow.member_id == viewer.id).scalar_subquery()


def wishes_of(member_id: MemberId) -> Wishes:
    """The member's matrix and day."""
    return wishes_of_all([member_id])[member_id]


def wishes_of_all(member_ids: Iterable[MemberId], kind: str | None = None) -> dict[MemberId, Wishes]:
    """Read the wishes of many, in two statements; only the cells of one kind when it is named."""
    ids = list(member_ids)
    asked = {"members": ids}
    cells = (_CELLS, asked) if kind is None else (_CELLS_OF_KIND, {**asked, "of_kind": kind})
    chosen: dict[MemberId, dict[tuple[str, str], Pace]] = {ident: {} for ident in ids}
    for cell in db.session.execute(*cells):
        chosen[cell.member_id][cell.kind, cell.channel] = Pace(cell.pace)
    days = db.session.execute(_DAYS, asked)
    known = {one.member_id: Day(one.timezone, one.quiet_from, one.quiet_until) for one in days}
    return {ident: Wishes(chosen[ident], known.get(ident, Day()), ident in known) for ident in ids}
