"""The writes of wishes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import delete

from app.kernel.errors import Invalid
from app.kernel.ids import MemberId
from app.notifications.kinds.values import KINDS, Channel, Pace
from app.notifications.preferences.models import DayRow, PreferenceRow
from app.notifications.preferences.queries import wishes_of
from app.notifications.preferences.rules import is_timezone, paces_of
from app.notifications.preferences.values import Day, Wishes
from app.people.accounts.queries import hold, require_active
from app.platform.database import db, unit_of_work
from app.platform.sql import insert_into

Cells = Mapping[tuple[str, Channel], Pace]


def choose(actor: MemberId, cells: Cells, day: Day | None = None) -> None:
    """Set these cells of the matrix, and the day when it is given; raises `Invalid`."""
    change(actor, lambda _now: (cells, day))


def change(actor: MemberId, wanted: Callable[[Wishes], tuple[Cells, Day | None]]) -> None:
    """Change a member's wishes by a function of what holds now, held until the commit."""
    with unit_of_work():
        require_active(actor)
        hold(actor)
        cells, day = wanted(wishes_of(actor))
        for (kind, channel), pace in cells.items():
            _check(kind, channel, pace)
        if day is not None:
            _check_day(day)
        _store(actor, cells)
        if day is not None:
            row = {
                "member_id": actor,
                "timezone": day.timezone,
                "quiet_from": day.quiet_from,
                "quiet_until": day.quiet_until,
            }
            news = {name: value for name, value in row.items() if name != "member_id"}
            insert = insert_into(DayRow).values(row)
            db.session.execute(insert.on_conflict_do_update(index_elements=["member_id"], set_=news))


def stop(member_id: MemberId, kind: str, channel: Channel) -> None:
    """What an unsubscribe link does; it needs no session, for the link itself is signed."""
    if kind in KINDS and not KINDS[kind].fixed:
        with unit_of_work():
            _store(member_id, {(kind, channel): Pace.OFF})


def stop_digests(member_id: MemberId, channel: Channel) -> None:
    """Everything that would come in a digest is off on this channel."""
    with unit_of_work():
        wishes = wishes_of(member_id)
        gathered = {Pace.DAILY, Pace.WEEKLY}
        _store(
            member_id,
            {(name, channel): Pace.OFF for name in KINDS if wishes.pace(name, channel) in gathered},
        )


def _store(member_id: MemberId, cells: Cells) -> None:
    defaults = [cell for cell, pace in cells.items() if KINDS[cell[0]].default(cell[1]) is pace]
    others = [cell for cell in cells if cell not in set(defaults)]
    for kind, channel in defaults:
        # A default that changes later shall change for whoever never chose otherwise.
        db.session.execute(
            delete(PreferenceRow).where(
                PreferenceRow.member_id == member_id,
                PreferenceRow.kind == kind,
                PreferenceRow.channel == channel.value,
            )
        )
    if others:
        rows = [
            {"member_id": member_id, "kind": kind, "channel": channel.value, "pace": cells[kind, channel].value}
            for kind, channel in others
        ]
        insert = insert_into(PreferenceRow).values(rows)
        db.session.execute(
            insert.on_conflict_do_update(
                index_elements=["member_id", "kind", "channel"], set_={"pace": insert.excluded.pace}
            )
        )


def _check(kind: str, channel: Channel, pace: Pace) -> None:
    if kind not in KINDS:
        raise Invalid("“%(kind)s” is not a kind of notification.", code="bad_kind", kind=kind[:40])
    if KINDS[kind].fixed and pace is not Pace.NOW:
        raise Invalid("Security notifications are always sent immediately.", code="fixed")
    if pace not in paces_of(channel):
        raise Invalid("In-app notifications can be on or off, not daily or weekly.", code="bad_pace")


def _check_day(day: Day) -> None:
    if not is_timezone(day.timezone):
        raise Invalid("Choose a time zone from the list.", code="bad_timezone")
    if (day.quiet_from is None) != (day.quiet_until is None):
        raise Invalid("Enter a start and an end for quiet hours.", code="bad_quiet_hours")
