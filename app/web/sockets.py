"""The door of the socket server: a browser's session or an API token."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from app.kernel.errors import Unauthenticated
from app.platform import realtime
from app.platform.realtime import SESSION, SocketClient
from app.platform.settings import Settings
from app.web.api import who_has
from app.web.frame import viewer


def let_in(auth: object) -> SocketClient:
    """The guest for the client's `auth`; raises `Unauthenticated`.

    A session alone is not enough, for a browser sends its cookie wherever a page points it: either
    the page's CSRF token comes along, or the browser itself says that the page is ours.
    """
    token = auth.get("token") if isinstance(auth, dict) else None
    if isinstance(token, str) and token:
        bearer = who_has(token)
        if bearer is not None:
            return SocketClient(bearer.id, realtime.digest_of(token))
    who = viewer()
    if who is None:
        raise Unauthenticated("Sign in, or send a token.", code="unauthenticated")
    if token is not None:
        try:
            validate_csrf(token)
        except ValidationError as problem:
            raise Unauthenticated("The page was open for too long.", code="bad_token") from problem
    elif not _from_our_page():
        raise Unauthenticated("Send the page’s token.", code="missing_token")
    return SocketClient(who.id, SESSION)


def _from_our_page() -> bool:
    """Browsers set Origin themselves on sockets and on every POST; scripts cannot forge it."""
    origin = request.headers.get("Origin", "")
    settings: Settings = current_app.config["KIN"]
    return bool(urlsplit(origin).netloc) and origin in settings.origins
