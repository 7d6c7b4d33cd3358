"""How money and times are written, in the reader's language."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import TIMEDELTA_UNITS, format_timedelta
from babel.numbers import format_currency, format_decimal
from flask import Flask, g, has_app_context
from flask_babel import format_date, format_datetime, format_time, get_locale, get_timezone, to_user_timezone
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.kernel.bounds import MAX_COUNTED
from app.kernel.clock import clock
from app.kernel.money import Money

# “SEK120” reads as one word; a sign like “€” stands close.
_WORD_BEFORE_NUMBER = re.compile(r"(?<=[^\W\d_])(?=\d)")
_CONTEXT: Final = "_flask_babel"  # where Flask-Babel keeps what it found out for this context
_SWITCH: Final = 0.85  # of a unit is told as one
# What was told of distances: there are few, as only the largest unit is told. Babel takes half a
# millisecond for each, and a page shows dozens.
_distances: dict[tuple[int, int, bool, str], str] = {}
_MAX_DISTANCES: Final = 2048


def money(value: Money) -> str:
    """`€18` without idle zeros, `€18.50` with cents."""
    return _money(value, str(get_locale() or "en"))


@lru_cache(maxsize=4096)
def _money(value: Money, locale: str) -> str:
    # Babel takes a tenth of a millisecond for each; a page of cards has dozens.
    text: str = format_currency(value.major, value.currency, locale=locale)
    text = _WORD_BEFORE_NUMBER.sub("\N{NO-BREAK SPACE}", text)
    if value.major == value.major.to_integral_value():
        for idle in (".00", ",00"):
            text = text.replace(idle, "")
    return text


def counted(number: int) -> str:
    """A count that was stopped one above `MAX_COUNTED`: “1,000+”."""
    text: str = format_decimal(min(number, MAX_COUNTED), locale=get_locale() or "en")
    return f"{text}+" if number > MAX_COUNTED else text


def ago(at: datetime) -> str:
    """“3 hours ago”; “just now” within a minute."""
    return _ago(at, str(get_locale() or "en"))


def _ago(at: datetime, locale: str) -> str:
    passed = clock.now() - at
    if timedelta(0) <= passed < timedelta(minutes=1):
        return str(_("just now"))
    if passed > timedelta(hours=1):
        # Whole minutes: from here on they are all that is told.
        passed = timedelta(minutes=passed // timedelta(minutes=1))
    told = (*_told(-passed), locale)
    found = _distances.get(told)
    if found is None:
        found = format_timedelta(-passed, add_direction=True, threshold=_SWITCH, locale=locale)
        if len(_distances) >= _MAX_DISTANCES:
            _distances.clear()
        _distances[told] = found
    return found


def _told(delta: timedelta) -> tuple[int, int, bool]:
    """All that Babel tells of a distance: which unit, how many of it, and in which direction."""
    seconds = delta.days * 86400 + delta.seconds
    length = next((one for _unit, one in TIMEDELTA_UNITS if abs(seconds) / one >= _SWITCH), 1)
    return length, round(abs(seconds) / length), seconds >= 0


def exact(at: datetime) -> str:
    """The full date and time in the reader's zone, which it names, for the hover."""
    return _exact(at, *_reader())


@lru_cache(maxsize=8192)
def _exact(at: datetime, _locale: str, _zone: str) -> str:
    # A fifth of a millisecond each; a page shows dozens, mostly those of a moment ago.
    text: str = format_datetime(at, "long")
    return text


def iso(at: datetime) -> str:
    return at.isoformat()


def time_tag(at: datetime) -> Markup:
    """The distance, with the exact time for whoever asks."""
    locale, zone = _reader()
    return _time_tag(at, _ago(at, locale), locale, zone)


def clock_tag(at: datetime) -> Markup:
    """The time of day, where the day stands above it; never told as a distance."""
    return _clock_tag(at, *_reader())


def until_tag(at: datetime) -> Markup:
    """Until when something can be done: the day and the time, from which a script may count down.

    What is left is counted by the server's clock, which comes along: the reader's may be wrong.
    """
    return _until_tag(at, iso(clock.now().replace(microsecond=0)), *_reader())


def reader_zone() -> ZoneInfo:
    """The zone that the reader's typed times are in; Flask-Babel's own can't be put into a time as it is."""
    return ZoneInfo(str(get_timezone() or "UTC"))


def day_of(at: datetime) -> date:
    """The day it was for the reader."""
    day: date = to_user_timezone(at).date()
    return day


def day_words(day: date) -> str:
    """“Today”, “Yesterday”, else the whole date."""
    passed = day_of(clock.now()) - day
    if passed == timedelta(0):
        return str(_("Today"))
    if passed == timedelta(days=1):
        return str(_("Yesterday"))
    return _full_date(day, str(get_locale() or "en"))


@lru_cache(maxsize=512)
def _full_date(day: date, _locale: str) -> str:
    text: str = format_date(day, "full", rebase=False)
    return text


def _reader() -> tuple[str, str]:
    """Locale and time zone in force by their names, which are spelt once for a page and not for each time on it."""
    kept = getattr(g, _CONTEXT, None) if has_app_context() else None
    in_force = getattr(kept, "babel_locale", None), getattr(kept, "babel_tzinfo", None)
    found: tuple[object, object, tuple[str, str]] | None = getattr(kept, "kin_reader", None)
    # Another locale may be forced for a while; then it is another object.
    if found is not None and found[0] is in_force[0] and found[1] is in_force[1]:
        return found[2]
    locale, zone = get_locale(), get_timezone()
    names = str(locale or "en"), str(zone or "UTC")
    if kept is not None:
        kept.kin_reader = locale, zone, names
    return names


@lru_cache(maxsize=8192)
def _time_tag(at: datetime, distance: str, locale: str, zone: str) -> Markup:
    return Markup(f'<time datetime="{iso(at)}" title="{escape(_exact(at, locale, zone))}">{escape(distance)}</time>')  # noqa: S704 - escaped


def _until_tag(at: datetime, now: str, locale: str, zone: str) -> Markup:
    told = escape(f"{format_date(at, 'medium')}, {format_time(at, 'short')}")
    whole = escape(_exact(at, locale, zone))
    left = f'data-until="{iso(at)}" data-now="{now}"'
    return Markup(f'<time datetime="{iso(at)}" title="{whole}" data-clock {left}>{told}</time>')  # noqa: S704 - escaped


@lru_cache(maxsize=8192)
def _clock_tag(at: datetime, locale: str, zone: str) -> Markup:
    told, whole = escape(format_time(at, "short")), escape(_exact(at, locale, zone))
    return Markup(f'<time datetime="{iso(at)}" title="{whole}" data-clock>{told}</time>')  # noqa: S704 - escaped


def init_formats(app: Flask) -> None:
    for name, function in (
        ("money", money),
        ("counted", counted),
        ("until_tag", until_tag),
        ("ago", ago),
        ("exact", exact),
        ("iso", iso),
        ("time_tag", time_tag),
        ("clock_tag", clock_tag),
        ("day_words", day_words),
    ):
        app.jinja_env.filters[name] = function
