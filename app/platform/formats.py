"""How money and times are written, in the reader's language."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

from babel.dates import format_timedelta
from babel.numbers import format_currency, format_decimal
from flask import Flask
from flask_babel import format_datetime, get_locale, get_timezone
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.kernel.bounds import MAX_COUNTED
from app.kernel.clock import clock
from app.kernel.money import Money

# “SEK120” reads as one word; a sign like “€” stands close.
_WORD_BEFORE_NUMBER = re.compile(r"(?<=[^\W\d_])(?=\d)")


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
    passed = clock.now() - at
    if timedelta(0) <= passed < timedelta(minutes=1):
        return str(_("just now"))
    if passed > timedelta(hours=1):
        # Whole minutes: from here on they are all that is told, and the same text serves many.
        passed = timedelta(minutes=passed // timedelta(minutes=1))
    return _distance(-passed, str(get_locale() or "en"))


@lru_cache(maxsize=4096)
def _distance(passed: timedelta, locale: str) -> str:
    return format_timedelta(passed, add_direction=True, locale=locale)


def exact(at: datetime) -> str:
    """The full date and time in the reader's zone, which it names, for the hover."""
    return _exact(at, str(get_locale() or "en"), str(get_timezone() or "UTC"))


@lru_cache(maxsize=8192)
def _exact(at: datetime, _locale: str, _zone: str) -> str:
    # A fifth of a millisecond each; a page shows dozens, mostly those of a moment ago.
    text: str = format_datetime(at, "long")
    return text


def iso(at: datetime) -> str:
    return at.isoformat()


def time_tag(at: datetime) -> Markup:
    return Markup(f'<time datetime="{iso(at)}" title="{escape(exact(at))}">{escape(ago(at))}</time>')  # noqa: S704 - escaped


def init_formats(app: Flask) -> None:
    for name, function in (
        ("money", money),
        ("counted", counted),
        ("ago", ago),
        ("exact", exact),
        ("iso", iso),
        ("time_tag", time_tag),
    ):
        app.jinja_env.filters[name] = function
