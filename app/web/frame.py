"""What every page carries: the viewer, the badges, assets, formats and language."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask, g, has_request_context, request
from sqlalchemy import Integer, ScalarSelect, bindparam, select

from app.kernel.ids import MemberId
from app.kernel.viewer import Viewer
from app.platform import formats
from app.platform.locales import LOCALES, english_of, preferred
from app.platform.places.wording import init_places
from app.platform.prepared import Prepared
from app.platform.slots import Slot
from app.web import drawing
from app.web.fragments import init_fragments
from app.web.languages import LANGUAGE_COOKIE, direction, init_languages, language

ZONE_COOKIE: Final = "kin_zone"  # set by the page's script
_ZONE_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,3}")


ViewerLoader = Callable[[], Viewer | None]
Badge = Callable[[Viewer], ScalarSelect[int] | None]
Fact = Callable[[Viewer], ScalarSelect[str]]


@dataclass(slots=True)
class _Frame:
    """What the rooms put into the frame of one application."""

    loader: ViewerLoader | None = None
    badges: dict[str, Badge] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    statements: dict[frozenset[str], Prepared | None] = field(default_factory=dict)


_FRAME: Slot[_Frame] = Slot("frame", _Frame)


def set_viewer_loader(app: Flask, loader: ViewerLoader) -> None:
    """The composition root says how a session becomes a viewer."""
    _FRAME.on(app).loader = loader


def register_badge(app: Flask, name: str, count: Badge) -> None:
    """A number in the frame: `count` gives a scalar subquery, so that all badges cost one statement.

    It is asked once for each set of roles; the viewer's id is then a parameter, to be compared with
    columns and not to be looked at.
    """
    frame = _FRAME.on(app)
    frame.badges[name] = count
    frame.statements.clear()


def register_fact(app: Flask, name: str, ask: Fact) -> None:
    """A text about the viewer that every page needs; asked for together with the badges."""
    frame = _FRAME.on(app)
    frame.facts[name] = ask
    frame.statements.clear()


def viewer() -> Viewer | None:
    """Who is signed in, loaded once per request."""
    if not has_request_context():
        return None
    if "kin_viewer" not in g:
        loader = _FRAME.here().loader
        g.kin_viewer = loader() if loader else None
    found: Viewer | None = g.kin_viewer
    return found


def badges() -> dict[str, int]:
    """The frame's numbers for the viewer, in one statement."""
    who = viewer()
    if who is None:
        return {}
    if "kin_badges" not in g:
        statement = _badges_for(who.roles)
        row = statement.rows(viewer=who.id)[0]._asdict() if statement is not None else {}
        facts = _FRAME.here().facts
        g.kin_badges = {name: int(value or 0) for name, value in row.items() if name not in facts}
        g.kin_facts = {name: value for name, value in row.items() if name in facts}
    found: dict[str, int] = g.kin_badges
    return found


def fact(name: str) -> str | None:
    """What is known of the viewer by that name; None for whoever is not signed in."""
    badges()
    found: str | None = g.get("kin_facts", {}).get(name)
    return found


def _badges_for(roles: frozenset[str]) -> Prepared | None:
    """The one statement, built once: that takes longer than to run it."""
    frame = _FRAME.here()
    if roles not in frame.statements:
        anybody = Viewer(cast(MemberId, bindparam("viewer", type_=Integer())), "", "", roles)
        wanted = [
            query.label(name)
            for name, count in (*frame.badges.items(), *frame.facts.items())
            if (query := count(anybody)) is not None
        ]
        frame.statements[roles] = Prepared(select(*wanted)) if wanted else None
    return frame.statements[roles]


class _Badges:
    """Asks the database only when the page shows a badge."""

    def __getattr__(self, name: str) -> int:
        return badges().get(name, 0)

    @property
    def all(self) -> tuple[tuple[str, int], ...]:
        """Every number that is shown: what the frame is kept by."""
        return tuple(badges().items())

    def get(self, name: str, default: int = 0) -> int:
        return badges().get(name, default)

    def __getitem__(self, name: str) -> int:
        return badges().get(name, 0)


# Where the frame marks a link as the page's own; elsewhere the first part of the address decides.
_MARKED = frozenset({"/market", "/market/new", "/login"})


def frame_place(path: str) -> str:
    """The address as far as the frame depends on it."""
    first = path.split("/", 2)[1]
    return path if path in _MARKED else first


class Assets:
    """Names of built files with their content hash, from the build's manifest."""

    def __init__(self, folder: Path) -> None:
        self._manifest = folder / "manifest.json"
        self._names: dict[str, str] = {}
        self._read_at = 0.0

    def __call__(self, name: str) -> str:
        self._refresh()
        return f"/static/{self._names.get(name, name)}"

    def _refresh(self) -> None:
        if self._names and self._read_at:
            return
        if self._manifest.exists():
            self._names = json.loads(self._manifest.read_text())
            self._read_at = self._manifest.stat().st_mtime


def _choose_locale() -> str | None:
    """What the member has chosen, else this browser's visitor in the footer, else the browser."""
    if not has_request_context():
        return "en"
    who, wishes = viewer(), request.headers.get("Accept-Language", "")
    chosen = who.locale if who is not None else None
    if chosen not in LOCALES:
        chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen not in LOCALES:
        chosen = preferred(wishes)
    return english_of(wishes) if chosen == "en" else chosen


def _choose_zone() -> str | None:
    """The zone that the member has chosen, else the browser's."""
    if not has_request_context():
        return None
    zone = fact("timezone") or request.cookies.get(ZONE_COOKIE, "")
    return zone if is_zone(zone) else None


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    if not _ZONE_NAME.fullmatch(name):
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def init_frame(app: Flask) -> None:
    """Globals and filters that base.html and the macros use."""
    init_languages(app, _choose_locale, _choose_zone)
    app.jinja_env.globals["chosen_zone"] = lambda: fact("timezone")
    formats.init_formats(app)
    init_places(app)
    app.jinja_env.globals["asset"] = Assets(Path(app.static_folder or "static/dist"))
    app.jinja_env.globals["frame_place"] = frame_place
    drawing.init_drawing(app)
    app.jinja_env.add_extension("jinja2.ext.do")
    init_fragments(app, language)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def frame() -> dict[str, Any]:
        locale = language()
        return {
            "viewer": viewer(),
            "badges": _Badges(),
            "locale": locale,
            "text_direction": direction(locale),
        }
