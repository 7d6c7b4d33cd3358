"""The matrix of notifications and the day, as a form sends them, and what other tabs have changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from app.kernel.errors import Invalid
from app.notifications.kinds.values import KINDS, Channel, Group, Pace
from app.notifications.preferences.rules import clock_text, minutes_of
from app.notifications.preferences.values import Day, Wishes
from app.web.edits import merge, sent_base, ticked

# What stands in the fields as long as there are no quiet hours: ten at night to seven in the morning.
USUAL: Final = (22 * 60, 7 * 60)
QUIET: Final = ("quiet", "quiet_from", "quiet_until")
# Sent with a form that has a switch for each group: a box that is not ticked sends nothing.
SWITCHES: Final = "switches"
Cells = dict[tuple[str, Channel], Pace]


def texts_of(wishes: Wishes) -> dict[str, str]:
    """What the fields say, by name."""
    day = wishes.day
    start = day.quiet_from if day.quiet_from is not None else USUAL[0]
    end = day.quiet_until if day.quiet_until is not None else USUAL[1]
    cells = {name: wishes.pace(kind, channel).value for name, kind, channel in _fields()}
    quiet = (ticked(day.quiet_from is not None), clock_text(start), clock_text(end))
    return {**cells, **_switches(cells), "timezone": day.timezone, **dict(zip(QUIET, quiet, strict=True))}


def switch_name(group: Group, channel: Channel) -> str:
    """Name the switch that speaks for all kinds of a group."""
    return f"all.{group.value}.{channel.value}"


def _switches(cells: Mapping[str, str]) -> dict[str, str]:
    """On where any kind of the group is."""
    return {
        switch: ticked(any(cells[name] != Pace.OFF for name in names)) for switch, names in _cells_by_switch().items()
    }


def _cells_by_switch() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, kind, channel in _fields():
        found.setdefault(switch_name(KINDS[kind].group, channel), []).append(name)
    return found


def read_form(sent: Mapping[str, str]) -> dict[str, str]:
    """What was sent; a cell that is not in the form is left alone."""
    cells = {name: sent[name] for name, _kind, _channel in _fields() if name in sent}
    if SWITCHES in sent:
        cells |= {switch: ticked(bool(sent.get(switch))) for switch in _cells_by_switch()}
    quiet = (ticked(bool(sent.get("quiet"))), sent.get("quiet_from", ""), sent.get("quiet_until", ""))
    return {**cells, "timezone": sent.get("timezone", ""), **dict(zip(QUIET, quiet, strict=True))}


def merged(sent: Mapping[str, str], now: Wishes) -> tuple[Cells, Day]:
    """What was changed here, and the rest as it is now; raises `ChangedMeanwhile` or `Invalid`."""
    before = texts_of(now)
    found = merge(before, read_form(sent), sent_base(), (QUIET,))
    for switch, names in _cells_by_switch().items():
        if found.get(switch, before[switch]) != before[switch]:
            found |= _turned(found[switch], {name: found.get(name, before[name]) for name in names})
    cells = {(kind, channel): _pace(found[name]) for name, kind, channel in _fields() if name in found}
    return cells, _day(found)


def _turned(on: str, cells: Mapping[str, str]) -> dict[str, str]:
    """What a switch makes of its cells: off, or on as is usual, unless the page has said already what is to be on."""
    if not on:
        return dict.fromkeys(cells, Pace.OFF.value)
    if any(pace != Pace.OFF for pace in cells.values()):
        return dict(cells)
    return {name: usual_pace(kind, channel).value for name, kind, channel in _fields() if name in cells}


def usual_pace(kind: str, channel: Channel) -> Pace:
    """What holds for a kind that is turned on."""
    usual = KINDS[kind].default(channel)
    return Pace.NOW if usual is Pace.OFF else usual


def _fields() -> Iterator[tuple[str, str, Channel]]:
    for kind in KINDS.values():
        if not kind.fixed:
            yield from ((f"{kind.name}.{channel.value}", kind.name, channel) for channel in Channel)


def _pace(value: str) -> Pace:
    if value not in set(Pace):
        raise Invalid("Choose from the list.", code="bad_pace")
    return Pace(value)


def _day(texts: Mapping[str, str]) -> Day:
    start, end = minutes_of(texts["quiet_from"]), minutes_of(texts["quiet_until"])
    if not texts["quiet"]:
        return Day(texts["timezone"])
    if start is None or end is None:
        raise Invalid("Enter a start and an end for quiet hours.", code="bad_quiet_hours")
    return Day(texts["timezone"], start, end)
