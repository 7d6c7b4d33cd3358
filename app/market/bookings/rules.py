"""Which times a plan means, what may be done with a booking, and how a calendar file is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from app.kernel.errors import N_, Conflict, Invalid
from app.market.bookings.values import (
    CANCEL_HOURS,
    LONGEST,
    MOST_IN_A_ROW,
    MOST_WEEKS,
    SHORTEST,
    SlotPlan,
    Span,
)
from app.market.orders.values import Stage, Who

FARTHEST: Final = timedelta(weeks=MOST_WEEKS + 1)
# Somebody who is not there by then has not come.
PATIENCE: Final = timedelta(minutes=15)
# How long after the time it can still be said.
NOTED_WITHIN: Final = timedelta(days=14)


class SlotTaken(Conflict):
    """Somebody was faster, or the seller has closed it."""

    code = "slot_taken"

    def __init__(self) -> None:
        super().__init__(N_("This time is no longer free. Choose another one."))


def check_plan(plan: SlotPlan, now: datetime) -> None:
    """Raises `Invalid` with the first thing that does not fit."""
    if plan.first.tzinfo is None or not now < plan.first <= now + FARTHEST:
        raise Invalid("Choose a time within the next 12 weeks.", code="bad_time")
    if not SHORTEST <= plan.minutes <= LONGEST:
        raise Invalid("Choose a length from 15 minutes to 12 hours.", code="bad_length")
    if not 1 <= plan.in_a_row <= MOST_IN_A_ROW or plan.in_a_row * plan.minutes > 24 * 60:
        raise Invalid("Choose fewer appointments in a row.", code="bad_number")
    if not 1 <= plan.weeks <= MOST_WEEKS:
        raise Invalid("Repeat it for up to 12 weeks.", code="bad_weeks")
    if plan.cancel_hours not in CANCEL_HOURS:
        raise Invalid("Choose until when it can be cancelled.", code="bad_cancel_hours")


def spans_of(plan: SlotPlan) -> list[Span]:
    """Each week at the same time by the seller's clock, whatever it does in between."""
    found = []
    for week in range(plan.weeks):
        # With a zone, adding days keeps the hour on the wall.
        first = (plan.first + timedelta(weeks=week)).astimezone(UTC)
        for number in range(plan.in_a_row):
            start = first + timedelta(minutes=plan.minutes * number)
            found.append(Span(start, start + timedelta(minutes=plan.minutes)))
    return found


def fitting(spans: Iterable[Span], taken: Sequence[Span], now: datetime) -> list[Span]:
    """Those that lie ahead and across no other one."""
    there = list(taken)
    found = []
    for span in spans:
        if span.start > now and not any(span.start < one.end and one.start < span.end for one in there):
            found.append(span)
            there.append(span)
    return found


def cancel_by(starts_at: datetime, hours: int) -> datetime:
    """Until when the buyer may call it off."""
    return starts_at - timedelta(hours=hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All that decides what may be done with a booking."""

    stage: Stage
    starts_at: datetime
    role: Who
    proposed_by: Who | None = None
    missed: frozenset[Who] = frozenset()  # who is said not to have come


def doable(now: datetime, it: Standing) -> frozenset[str]:
    """`move`, `agree`, `decline`, `no_show`: what this side can do."""
    if it.stage is not Stage.CONFIRMED:
        return frozenset()
    if now >= it.starts_at:
        other = Who.SELLER if it.role is Who.BUYER else Who.BUYER
        late = it.starts_at + PATIENCE <= now <= it.starts_at + NOTED_WITHIN
        return frozenset({"no_show"}) if late and other not in it.missed else frozenset()
    answers = {"agree", "decline"} if it.proposed_by not in {None, it.role} else set()
    return frozenset({"move", *answers, *({"decline"} if it.proposed_by is it.role else ())})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a calendar file."""

    ident: str
    title: str
    place: str
    url: str
    starts_at: datetime
    ends_at: datetime


def calendar_file(entries: Iterable[Entry], now: datetime) -> str:
    """RFC 5545: lines of at most 75 bytes, times in UTC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kinmarket//Bookings//EN", "CALSCALE:GREGORIAN"]
    for one in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{one.ident}@kinmarket",
            f"DTSTAMP:{_stamp(now)}",
            f"DTSTART:{_stamp(one.starts_at)}",
            f"DTEND:{_stamp(one.ends_at)}",
            f"SUMMARY:{_text(one.title)}",
            f"LOCATION:{_text(one.place)}",
            f"URL:{one.url}",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    for letter, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        words = words.replace(letter, written)
    return words


def _folded(line: str) -> str:
    parts: list[str] = []
    held = b""
    for letter in line:
        more = letter.encode()
        # The space at the beginning of a further line counts too.
        if len(held) + len(more) > (75 if not parts else 74):
            parts.append(held.decode())
            held = b""
        held += more
    return "\r\n ".join([*parts, held.decode()])
