"""The matrix of notifications and the day, as a form sends them, and what other tabs have changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from app.kernel.errors import Invalid
from app.notifications.kinds.values import KINDS, Channel, Pace
from app.notifications.preferences.rules import clock_text, minutes_of
from app.notifications.preferences.values import Day, Wishes
from app.web.edits import merge, sent_base, ticked

# What stands in the fields as long as there are no quiet hours: ten at night to seven in the morning.
USUAL: Final = (22 * 60, 7 * 60)
QUIET: Final = ("quiet", "quiet_from", "quiet_until")
Cells = dict[tuple[str, Channel], Pace]


def texts_of(wishes: Wishes) -> dict[str, str]:
    """What the fields say, by name."""
    day = wishes.day
    start = day.quiet_from if day.quiet_from is not None else USUAL[0]
    end = day.quiet_until if day.quiet_until is not None else USUAL[1]
    cells = {name: wishes.pace(kind, channel).value for name, kind, channel in _fields()}
    quiet = (ticked(day.quiet_from is not None), clock_text(start), clock_text(end))
    return {**cells, "timezone": day.timezone, **dict(zip(QUIET, quiet, strict=True))}


def read_form(sent: Mapping[str, str]) -> dict[str, str]:
    """What was sent; a cell that is not in the form is left alone."""
    cells = {name: sent[name] for name, _kind, _channel in _fields() if name in sent}
    quiet = (ticked(bool(sent.get("quiet"))), sent.get("quiet_from", ""), sent.get("quiet_until", ""))
    return {**cells, "timezone": sent.get("timezone", ""), **dict(zip(QUIET, quiet, strict=True))}


def merged(sent: Mapping[str, str], now: Wishes) -> tuple[Cells, Day]:
    """What was changed here, and the rest as it is now; raises `ChangedMeanwhile` or `Invalid`."""
    found = merge(texts_of(now), read_form(sent), sent_base(), (QUIET,))
    cells = {(kind, channel): _pace(found[name]) for name, kind, channel in _fields() if name in found}
    return cells, _day(found)


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
