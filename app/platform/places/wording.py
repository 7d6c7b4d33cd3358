"""How towns and distances are told, in the reader's language."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from babel.units import format_unit
from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _

from app.kernel.places import TownPoint
from app.platform.places.lookup import town_named


def kilometres(number: int) -> str:
    """“12 km”."""
    return _kilometres(number, str(get_locale() or "en"))


@lru_cache(maxsize=4096)
def _kilometres(number: int, locale: str) -> str:
    # Babel takes a tenth of a millisecond for each; a page of cards has dozens.
    text: str = format_unit(number, "length-kilometer", length="short", locale=locale)
    return text


def away(number: int) -> str:
    """How far something is from the reader's own town, in whole kilometres."""
    return str(_("%(distance)s from you", distance=kilometres(number)) if number else _("in your town"))


def town(known: TownPoint) -> str:
    """“Lund, Sweden”."""
    country = Locale.parse(str(get_locale() or "en"), sep="_").territories.get(known.country, known.country)
    return str(_("%(town)s, %(country)s", town=known.name, country=country))


def understood(text: str) -> str | None:
    """What a place was taken for, for whoever wrote it; None where it was not found out."""
    known = town_named(text) if text else None
    return str(_("We measure distances from %(town)s.", town=town(known))) if known else None


def init_places(app: Flask) -> None:
    for name, function in (("kilometres", kilometres), ("away", away), ("town", town), ("understood", understood)):
        app.jinja_env.filters[name] = function
