"""The one address that members see; what a request says about its host counts for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import Flask, current_app, request

from app.platform.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ASKED: Final = "kinmarket.host_asked"
# Asked by machines beside this one, by whatever name they know it.
PROBES: Final = frozenset({"/healthz", "/readyz", "/metrics"})


def host_asked() -> str:
    """The one of our names that the browser used, to compare its Referer and Origin with; never to make a link of."""
    return str(request.environ.get(ASKED, ""))


def absolute(path: str) -> str:
    """The full address of a path of this site: for mail, previews and other programs."""
    settings: Settings = current_app.config["KIN"]
    return f"{settings.public_url}{path}"


class PublicAddress:
    """Whatever is let in is handled as if it had come to KINMARKET_PUBLIC_URL.

    Libraries make absolute addresses from the request (`url_for(…, _external=True)`), and everybody can
    write its Host header. Other names than our own stay as they came, for Flask's TRUSTED_HOSTS to refuse.
    """

    def __init__(self, wsgi_app: WSGIApplication, settings: Settings) -> None:
        parts = urlsplit(settings.public_url)
        self._next = wsgi_app
        self._host, self._scheme = parts.netloc, parts.scheme
        self._ours = frozenset(settings.hosts)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        said = str(environ.get("HTTP_HOST") or environ.get("SERVER_NAME", ""))
        if _name_of(said) in self._ours or environ.get("PATH_INFO") in PROBES:
            environ[ASKED] = said
            environ["HTTP_HOST"] = self._host
            environ["wsgi.url_scheme"] = self._scheme
        elif self._host.startswith("["):
            # Werkzeug's list of trusted hosts knows no IPv6 addresses (it cuts them at the first colon).
            start_response("400 Bad Request", [("Content-Type", "text/plain")])
            return [b"This is not an address of this site."]
        return self._next(environ, start_response)


def init_addresses(app: Flask, settings: Settings) -> None:
    """Refuse other names than our own; give templates `absolute()`."""
    literal = ":" in (urlsplit(settings.public_url).hostname or "")
    app.config["TRUSTED_HOSTS"] = None if literal else list(settings.hosts)
    app.jinja_env.globals["absolute"] = absolute
    app.wsgi_app = PublicAddress(app.wsgi_app, settings)  # type: ignore[method-assign] # documented way


def _name_of(host: str) -> str | None:
    """Without the port; None for what is no host at all."""
    try:
        return urlsplit(f"//{host}").hostname if host and "@" not in host else None
    except ValueError:
        return None
