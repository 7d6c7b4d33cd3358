"""Security headers and CSRF."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect

from app.kernel.errors import NotFound
from app.platform.settings import Settings

csrf = CSRFProtect()
MOST_WITHOUT_FILES = 1024 * 1024  # bytes

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self' {sockets}; object-src 'none'; "
    "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def init_headers(app: Flask, settings: Settings) -> None:
    """The same headers on every answer."""
    csrf.init_app(app)
    # Older Safari does not take ws: for 'self'.
    sockets = " ".join(origin.replace("http", "ws", 1) for origin in settings.origins)
    policy = _POLICY.format(sockets=sockets)

    @app.before_request
    def bound() -> None:
        # No address of ours has a NUL, and PostgreSQL takes none in any text.
        if "\x00" in request.path:
            raise NotFound("There is nothing at this address.")
        while b"%00" in request.query_string:
            request.query_string = request.query_string.replace(b"%00", b"")
        # Only a form with photos may be large.
        if request.mimetype != "multipart/form-data":
            request.max_content_length = MOST_WITHOUT_FILES

    @app.after_request
    def protect(response: Response) -> Response:
        head = response.headers
        head.setdefault("Content-Security-Policy", policy)
        head.setdefault("X-Content-Type-Options", "nosniff")
        head.setdefault("Referrer-Policy", "same-origin")
        head.setdefault("X-Frame-Options", "DENY")
        head.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        head.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()"
        )
        if settings.https:
            head.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.path.startswith("/static/"):
            head["Cache-Control"] = "public, max-age=31536000, immutable"
        elif "Cache-Control" not in head:
            head["Cache-Control"] = "private, no-cache"
        return response
