"""What a page draws a hundred times, faces, trails, icons, times: functions, as macros cost more than text.

The templates import them from `macros/`, as if they were written there.
"""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

from flask import Flask, current_app
from flask.templating import Environment
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.platform.formats import time_tag
from app.web.fragments import Fragments
from app.web.graphemes import first_letter
from app.web.languages import language

_trails = Fragments()
_LATER = ' loading="lazy"'
MAX_FACES = 5  # a longer trail shows its ends and a number between them


class Face(Protocol):
    """Whoever can be shown: a member's card, or the viewer."""

    @property
    def handle(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def avatar_url(self) -> str | None: ...
    @property
    def hue(self) -> int: ...


class Step(Protocol):
    """One person on a trail; nobody where one does not want to be named."""

    @property
    def member(self) -> Face | None: ...


class Trail(Protocol):
    """From the viewer to somebody."""

    @property
    def steps(self) -> Sequence[Step]: ...
    @property
    def distance(self) -> int: ...
    @property
    def words(self) -> object: ...
    @property
    def note(self) -> object: ...
    @property
    def borrowed(self) -> bool: ...


def avatar(member: Face, size: str = "m") -> Markup:
    """A face. Without a picture: the first letter on the member's own colour."""
    return _avatar(member.avatar_url, member.name or member.handle, member.hue, size, hidden=True)


@lru_cache(maxsize=4096)
def _avatar(url: str | None, name: str, hue: int, size: str, *, hidden: bool) -> Markup:
    looks = f'class="avatar avatar-{size} hue-{hue}"'
    if url:
        return Markup(f'<img {looks} src="{escape(url)}" alt="" width="64" height="64" loading="lazy">')  # noqa: S704 - all that comes from outside is escaped
    silent = ' aria-hidden="true"' if hidden else ""
    return Markup(f"<span {looks}{silent}>{escape(first_letter(name))}</span>")  # noqa: S704 - as above


def seal(member: Face) -> Markup:
    """The mark of those whom trust from the operator's seeds reaches; nothing for others."""
    if not getattr(member, "certified", False):
        return Markup()
    return Markup('<span class="seal" title="{}">{}<span class="vh">{}</span></span>').format(
        _("Trusted in this community"), icon("handshake"), _("Trusted")
    )


def chip(member: Face, note: str | None = None, size: str = "m") -> Markup:
    """A face with a name that leads to the profile."""
    aside = f'<span class="chip-note soft">{escape(note)}</span>' if note else ""
    return Markup(  # noqa: S704 - a handle holds letters, digits and _ only; the rest is escaped
        f'<span class="chip"><a class="chip-link" href="/m/{escape(member.handle)}">{avatar(member, size)}'
        f'<span class="chip-name" dir="auto">{escape(member.name or member.handle)}</span>'
        f"{seal(member)}</a>{aside}</span>"
    )


def bdi(name: str) -> Markup:
    """A name in a sentence: whatever way it is written, the words around it keep their order."""
    return Markup("<bdi>{}</bdi>").format(name)


def trail(found: Trail | None, link: bool = True, through: Face | None = None) -> Markup:
    """The heart of every page: the faces from the viewer to somebody. Touching it explains it.

    `through` is who stands on this way and on all others of the page: that person is ringed and named.
    """
    if not found:
        return Markup('<span class="trail trail-none">{}</span>').format(_("Not connected yet"))
    return _trails.get((language(), found, link, through), lambda: _trail(found, link, through=through))


def faces(found: Trail) -> Markup:
    """The trail where its words stand beside it: for the eye the faces alone. Touching it explains it."""
    return _trails.get((language(), found, None), lambda: _trail(found, link=True, words="vh"))


def _trail(found: Trail, link: bool, words: str = "trail-words", through: Face | None = None) -> str:
    goal = found.steps[-1].member
    target = goal.handle if goal is not None and link else None
    shown = _shown(found.steps, link, through)
    shared = through is not None and any(step is not None and step.member == through for step, _more in shown)
    drawn = []
    for place, (step, more) in enumerate(shown):
        if step is None:
            drawn.append(f'<span class="avatar avatar-xs trail-more">+{more}</span>')
        elif place == 0:
            drawn.append(f'<span class="trail-me">{_face(step.member)}</span>')
        elif shared and step.member == through:
            name = escape(through.name or through.handle) if through else ""
            drawn.append(f'<span class="trail-through">{_face(step.member)}<b dir="auto">{name}</b></span>')
        else:
            drawn.append(_face(step.member))
        if place + 1 < len(shown):
            beside = (step, shown[place + 1][0])
            dashed = " dashed" if any(one is not None and one.member is None for one in beside) else ""
            drawn.append(f'<span class="trail-line{dashed}"></span>')
    tag = "a" if target else "span"
    leads = f' href="/trust/explain/{escape(target)}" data-explain' if target else ""
    aloud = (
        f'<span class="vh">{escape(_("All through %(name)s", name=through.name))}</span>' if shared and through else ""
    )
    return (
        f'<{tag} class="trail"{leads}><span class="trail-faces" aria-hidden="true">{"".join(drawn)}</span>'
        f'<span class="{words}" dir="auto">{escape(str(found.words))}</span>{aloud}</{tag}>'
    )


def _shown(steps: Sequence[Step], link: bool, through: Face | None) -> list[tuple[Step | None, int]]:
    """The steps that have room; in place of those that have none how many they are. Who is marked always has."""
    hidden = len(steps) - MAX_FACES + 1 if link and len(steps) > MAX_FACES else 0
    found: list[tuple[Step | None, int]] = []
    for place, step in enumerate(steps):
        marked = through is not None and step.member == through
        if not 2 <= place < 2 + hidden or marked:
            found.append((step, 0))
        elif found[-1][0] is None:
            found[-1] = (None, found[-1][1] + 1)
        else:
            found.append((None, 1))
    return found


def _face(member: Face | None) -> str:
    if member is None:
        return '<span class="avatar avatar-xs masked">·</span>'
    return _avatar(member.avatar_url, member.name or member.handle, member.hue, "xs", hidden=False)


def icon(name: str, looks: str = "") -> Markup:
    """One of the built icons."""
    return _icon(current_app.jinja_env.globals["asset"]("icons.svg"), name, looks)  # type: ignore[operator] # of init_frame


@lru_cache(maxsize=1024)
def _icon(sprite: str, name: str, looks: str) -> Markup:
    return Markup('<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>').format(
        looks, sprite, name
    )


def at_once(drawn: Markup) -> Markup:
    """What holds the largest picture of the window: it is asked for before styles and scripts are read."""
    return Markup(drawn.replace(_LATER, ' fetchpriority="high"', 1))  # noqa: S704 - it was drawn, an attribute changes


class Drawing(Environment):
    """Flask's own, whose templates share the application's globals: each import of a macro compares them.

    Jinja lays a map over them, in which a page looks up hundreds of names more than once.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The application's, unless a template brings some of its own."""
        return super().make_globals(d) if d else self.globals


def init_drawing(app: Flask) -> None:
    """Makes the functions known to the templates under the names that `macros/` gives on."""
    app.jinja_env.filters["bdi"] = bdi
    app.jinja_env.filters["at_once"] = at_once
    app.jinja_env.globals.update(
        draw_icon=icon,
        draw_avatar=avatar,
        draw_chip=chip,
        draw_seal=seal,
        draw_trail=trail,
        draw_time=time_tag,
    )
