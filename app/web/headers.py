"""Security headers and CSRF."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request, session
from flask_wtf.csrf import CSRFProtect

from app.kernel.errors import NotFound
from app.platform.settings import Settings

csrf = CSRFProtect()
# Their pages hold passwords and codes of links, signed in or not.
ACCOUNT_ROOMS = frozenset({"accounts", "security"})
MAX_WITHOUT_FILES = 1024 * 1024  # bytes

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self' {sockets}; object-src 'none'; "
    "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


# Of the one page that scans a code.
CAMERA_HEADER = {"Permissions-Policy": "camera=(self), microphone=(), geolocation=(), browsing-topics=()"}
_NO_DEVICES = "camera=(), microphone=(), geolocation=(), browsing-topics=()"


def init_headers(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer."""
    csrf.init_app(app)
    # Older Safari does not take ws: for 'self'.
    sockets = " ".join(origin.replace("http", "ws", 1) for origin in settings.origins)
    policy = _POLICY.format(sockets=sockets)

    @app.before_request
    def bound() -> None:
        # No address of ours has a NUL, and PostgreSQL takes none in any text.
        if "\x00" in request.path:
            raise NotFound("There is nothing at this address.")
        # Only a form with photos may be large.
        if request.mimetype != "multipart/form-data":
            request.max_content_length = MAX_WITHOUT_FILES

    @app.after_request
    def protect(response: Response) -> Response:
        head = response.headers
        head.setdefault("Content-Security-Policy", policy)
        head.setdefault("X-Content-Type-Options", "nosniff")
        head.setdefault("Referrer-Policy", "same-origin")
        head.setdefault("X-Frame-Options", "DENY")
        head.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        head.setdefault("Permissions-Policy", _NO_DEVICES)
        if settings.https:
            head.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.path.startswith("/static/"):
            head["Cache-Control"] = "public, max-age=31536000, immutable"
        elif "Cache-Control" not in head:
            head["Cache-Control"] = "private, no-store" if _of_an_account() else "private, no-cache"
        return response


def _of_an_account() -> bool:
    """Whether the answer may show an account: going back after the sign-out must not bring it up again.

    Asked of the request and not of the database: whoever had the right when the page was made counts too.
    """
    if request.blueprint in ACCOUNT_ROOMS or "Authorization" in request.headers:
        return True
    remembered = current_app.config.get("REMEMBER_COOKIE_NAME", "remember_token") in request.cookies
    return remembered or "_user_id" in session or g.get("kin_viewer") is not None
