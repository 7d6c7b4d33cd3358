"""Reads of wishes."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ScalarSelect, select

from app.kernel.ids import MemberId
from app.kernel.viewer import Viewer
from app.notifications.kinds.values import Pace
from app.notifications.preferences.models import DayRow, PreferenceRow
from app.notifications.preferences.values import Day, Wishes
from app.platform.database import db


def chosen_zone(viewer: Viewer) -> ScalarSelect[str]:
    """The time zone that the viewer has chosen, for the frame."""
    return select(DayRow.timezone).where(DayRow.member_id == viewer.id).scalar_subquery()


def wishes_of(member_id: MemberId) -> Wishes:
    """The member's matrix and day."""
    return wishes_of_all([member_id])[member_id]


def wishes_of_all(member_ids: Iterable[MemberId], kind: str | None = None) -> dict[MemberId, Wishes]:
    """Read the wishes of many, in two statements; only the cells of one kind when it is named."""
    ids = list(member_ids)
    row = PreferenceRow
    cells = select(row.member_id, row.kind, row.channel, row.pace).where(row.member_id.in_(ids))
    if kind is not None:
        cells = cells.where(row.kind == kind)
    chosen: dict[MemberId, dict[tuple[str, str], Pace]] = {ident: {} for ident in ids}
    for cell in db.session.execute(cells):
        chosen[cell.member_id][cell.kind, cell.channel] = Pace(cell.pace)
    day = DayRow
    days = select(day.member_id, day.timezone, day.quiet_from, day.quiet_until).where(day.member_id.in_(ids))
    known = {one.member_id: Day(one.timezone, one.quiet_from, one.quiet_until) for one in db.session.execute(days)}
    return {ident: Wishes(chosen[ident], known.get(ident, Day()), ident in known) for ident in ids}
