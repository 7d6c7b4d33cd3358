"""The browser's session: which one it is, how it begins, how it ends."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from typing import Any, Final

from flask import Flask, Response, after_this_request, current_app, g, request, session
from flask_login import current_user
from flask_login.utils import decode_cookie
from flask_security.utils import login_user, set_request_attr

from app.kernel.ids import MemberId
from app.kernel.viewer import Viewer
from app.people.accounts.credentials import Why, begin_session, end_credentials
from app.people.accounts.queries import SESSION_MARK, digest_of, get_member, member_of_session, viewer_of
from app.people.accounts.reauthentication import Proof
from app.platform.settings import Settings

SESSION_KEY: Final = "_user_id"  # Flask-Login's; its remember-me cookie repeats it
DEVICE_COOKIE: Final = "kin_device"
DEVICE_LIFE: Final = timedelta(days=400)  # the longest that browsers keep one
LATELY: Final = timedelta(hours=1)


def init_sessions(app: Flask) -> None:
    """Flask-Login asks for members by the keys of their sessions."""
    app.extensions["security"].login_manager.user_loader(_load)


def session_viewer() -> Viewer | None:
    """Who the browser's session says it is; one statement."""
    key = session.get(SESSION_KEY)
    if key is None:
        if _remember_cookie() not in request.cookies:
            return None
        # Asking Flask-Login restores the session from its signed cookie.
        if not current_user.is_authenticated:
            return None
        key = session.get(SESSION_KEY)
    return viewer_of(str(key)) if key else None


def session_key() -> str | None:
    """The key of the session that acts, also when it is just being ended."""
    key = session.get(SESSION_KEY) or g.get("kin_session")
    return str(key) if key else None


def session_digest() -> str | None:
    """How other rooms name the session that acts."""
    key = session_key()
    return digest_of(key) if key else None


def signed_in_lately() -> bool:
    """Whether the member has signed in, or given the password, a short while ago."""
    return time.time() - float(session.get("fs_paa", 0)) < LATELY.total_seconds()


def proof(password: str | None) -> Proof:
    """What this browser brings to show that it is the owner."""
    return Proof(password, session_digest() or "", signed_in_lately())


def this_device() -> str:
    """What this browser is known by; it is told so if it did not know."""
    device: str = g.get("kin_device") or request.cookies.get(DEVICE_COOKIE, "")[:64] or secrets.token_urlsafe(24)
    g.kin_device = device
    settings: Settings = current_app.config["KIN"]

    @after_this_request
    def remember(response: Response) -> Response:
        response.set_cookie(
            DEVICE_COOKIE,
            device,
            max_age=DEVICE_LIFE,
            httponly=True,
            secure=settings.https,
            samesite="Lax",
        )
        return response

    return device


def enter(ident: MemberId) -> None:
    """The browser is the member's from now on."""
    g.kin_session = session.get(SESSION_KEY)
    login_user(get_member(ident), remember=True, authn_via=["link"])


def after_sign_in(ident: MemberId) -> None:
    """A key of its own for each sign-in, also where the browser had one before."""
    old = g.pop("kin_session", None)
    owner = member_of_session(old) if old else None
    if owner is not None and owner.id != ident:
        end_credentials(owner.id, Why.SIGN_OUT, session=old)
        old = None
    session[SESSION_KEY] = begin_session(ident, instead_of=old)
    # Who looks at the rest of this request is the member.
    g.pop("kin_viewer", None)


def keep_session(ident: MemberId) -> None:
    """Let this browser go on with another key, where its own is one that is bound to the uniquifier."""
    key = session_key()
    if key is not None and not key.startswith(SESSION_MARK):
        session[SESSION_KEY] = begin_session(ident)
        if _remember_cookie() in request.cookies:
            session["_remember"] = "set"


def after_sign_out(ident: MemberId) -> None:
    """This session is over, wherever copies of its cookies are."""
    keys = {g.pop("kin_session", None), decode_cookie(request.cookies.get(_remember_cookie(), ""))}
    for key in keys - {None}:
        if (owner := member_of_session(str(key))) is not None and owner.id == ident:
            end_credentials(ident, Why.SIGN_OUT, session=str(key))


def _load(key: Any) -> Any:
    """For Flask-Login: the member whose session it is, while they may act."""
    found = member_of_session(str(key)) if key else None
    if found is None or not found.is_active:
        return None
    g.kin_session = str(key)
    # As Flask-Security's own loader does, for its guards.
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return found


def _remember_cookie() -> str:
    name: str = current_app.config.get("REMEMBER_COOKIE_NAME", "remember_token")
    return name
