"""What was sent without a session, or with a token that has ended: nothing typed is lost.

A form comes back filled, with a fresh token, and can be sent again after signing in elsewhere. What a
page asks for by itself (htmx, fetch) never navigates: the page says that one is signed out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from flask import Flask, Response, current_app, json, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import generate_csrf

from app.platform.addresses import host_asked
from app.platform.settings import Settings
from app.web.frame import viewer

TOKEN: Final = "csrf_token"  # noqa: S105 - the name of a field
# How the fields that people type into are called; all others go along unseen.
TYPED: Final = {
    "about": _l("About"),
    "bio": _l("About you"),
    "body": _l("Message"),
    "category": _l("Category"),
    "description": _l("Description"),
    "email": _l("Email"),
    "gtin": _l("Barcode number"),
    "handle": _l("Username"),
    "handles": _l("People"),
    "item": _l("Item"),
    "maker": _l("Brand"),
    "name": _l("Name"),
    "place": _l("Place"),
    "price": _l("Price"),
    "reason": _l("Reason"),
    "slug": _l("Web address"),
    "text": _l("Text"),
    "title": _l("Title"),
    "topic": _l("Topic"),
    "until": _l("Until"),
    "url": _l("Website"),
    "use": _l("Where it is used"),
    "why": _l("Reason"),
}
# In some forms these are a choice, with a code as its value.
CHOSEN_TOO: Final = {"category", "reason"}
LONG: Final = 60  # characters; what is longer is shown in several lines
# Of people who have no account yet, or have forgotten how to get in.
OPEN_DOORS: Final = ("/login", "/register", "/reset", "/confirm/", "/signin/", "/unsubscribe/")


@dataclass(frozen=True, slots=True)
class HeldField:
    """One value of the form, as it was sent."""

    name: str
    value: str
    label: str | None

    @property
    def secret(self) -> bool:
        return "password" in self.name

    @property
    def long(self) -> bool:
        return len(self.value) > LONG or "\n" in self.value


def in_background() -> bool:
    """Whether a script asks, not somebody who goes to another page."""
    head = request.headers
    if "HX-Request" in head and "HX-Boosted" not in head:
        return True
    if head.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return True
    return request.is_json or head.get("Accept", "").partition(",")[0] == "application/json"


def page_address() -> str:
    """The path of the page that the reader has before them, never of a part of it."""
    if request.method in {"GET", "HEAD"} and not in_background() and not _is_fragment():
        return request.full_path.rstrip("?")
    said = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    settings: Settings = current_app.config["KIN"]
    try:
        page = urlsplit(said)
        ours = page.netloc == host_asked() or page.hostname in settings.hosts
    except ValueError:
        return "/"
    if not ours or not page.path or page.path.startswith(("//", *OPEN_DOORS)):
        return "/"
    return page.path + (f"?{page.query}" if page.query else "")


def sign_in_address() -> str:
    return f"/login?next={quote(page_address())}"


def signed_out_notice() -> ResponseReturnValue:
    """401 for a script: what happened, and where to sign in; the page itself stays."""
    return _problem(401, "unauthenticated", _("You’re signed out. Sign in to continue."))


def token_ended_notice() -> ResponseReturnValue:
    """400 for a script, which fetches a fresh token and tries again."""
    return _problem(400, "token_ended", _("This page was open for too long. Try again."))


def token_ended() -> ResponseReturnValue:
    """A form whose token is of a session that has ended."""
    if in_background():
        return signed_out_notice() if _wants_sign_in() else token_ended_notice()
    return held_form(401 if _wants_sign_in() else 400)


def held_form(status: int, notice: str | None = None, once: str | None = None) -> ResponseReturnValue:
    """The form that was sent, as a page: filled, with a fresh token. Passwords are asked for anew."""
    fields = [
        HeldField(name, value, _label(name, value))
        for name, value in request.form.items(multi=True)
        if name != TOKEN and not (once and name == "once")
    ]
    body = render_template(
        "web/held_form.html",
        fields=fields,
        files=sorted({name for name, file in request.files.items(multi=True) if file.filename}),
        multipart=request.mimetype == "multipart/form-data",
        action=request.full_path.rstrip("?"),
        signed_out=_wants_sign_in(),
        sign_in=sign_in_address(),
        notice=notice,
        once=once,
    )
    return body, status


def from_elsewhere() -> bool:
    """A strange page must not bring words into a form of ours that needs only one more touch."""
    origin = request.headers.get("Origin")
    settings: Settings = current_app.config["KIN"]
    return origin is not None and urlsplit(origin).netloc != host_asked() and origin not in settings.origins


def _wants_sign_in() -> bool:
    return viewer() is None and not request.path.startswith(OPEN_DOORS)


def _label(name: str, value: str) -> str | None:
    if "password" in name:
        return str(_("Password"))
    found = TYPED.get(name)
    chosen = name in CHOSEN_TOO and value.replace("_", "").isalpha() and value.islower()
    return str(found) if found is not None and not chosen else None


def _is_fragment() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "kin_fragment", False))


def init_held_forms(app: Flask) -> None:
    """`/session`: with it a page that is open for long keeps its token fresh."""
    app.add_url_rule("/session", "session_state", _session_state)


def _session_state() -> ResponseReturnValue:
    who = viewer()
    response = jsonify(viewer=who.handle if who else None, token=generate_csrf())
    response.headers["Cache-Control"] = "no-store"
    return response


def _problem(status: int, code: str, detail: str) -> Response:
    body = {"status": status, "code": code, "detail": detail, "sign_in": sign_in_address()}
    return Response(json.dumps(body), status, content_type="application/problem+json")
