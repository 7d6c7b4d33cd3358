"""The one place where an error becomes a page or problem+json (RFC 9457)."""

from __future__ import annotations

import http

import structlog
from flask import Flask, Response, g, json, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.exceptions import HTTPException, SecurityError

from app.kernel.errors import Conflict, DomainError, Invalid, Unauthenticated
from app.platform.addresses import absolute
from app.platform.database import db
from app.platform.logs import route_of_request
from app.platform.readiness import RETRY_AFTER, is_away
from app.platform.sql import is_race
from app.platform.wording import worded
from app.web.frame import viewer
from app.web.guards import to_sign_in
from app.web.held_forms import from_elsewhere, token_ended

log = structlog.get_logger()


def problem(status: int, code: str, detail: str, retry_after: int | None = None) -> Response:
    """application/problem+json with a stable `code`."""
    body = {
        "type": "about:blank",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    response = Response(json.dumps(body), status, content_type="application/problem+json")
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    if status == http.HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _for_api() -> bool:
    return request.path.startswith("/api/")


def _page(status: int, message: str, retry_after: int | None = None) -> ResponseReturnValue:
    headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    title = {
        403: _("No access"),
        404: _("Page not found"),
        409: _("Something changed"),
        413: _("Too large"),
        422: _("That didn’t work"),
        429: _("Too many requests"),
        500: _("Something went wrong"),
        503: _("Temporarily unavailable"),
    }.get(status, _("That didn’t work"))
    body = render_template("errors/error.html", status=status, title=title, message=message)
    return body, status, headers


def _domain(error: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    if _for_api():
        return problem(error.status, error.error_code, worded(error), error.retry_after)
    if isinstance(error, Unauthenticated):
        return to_sign_in()
    return _page(error.status, worded(error), error.retry_after)


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    if request.path == "/logout" and viewer() is None:
        return redirect("/")
    if from_elsewhere():
        return _page(422, _("This was sent from another site. Open the page here and try again."))
    return token_ended()


def _http(error: HTTPException) -> ResponseReturnValue:
    cause = getattr(error, "original_exception", None)
    if cause is not None:  # a page of this file has failed in its turn
        return _unexpected(cause)
    status = error.code or 500
    if error.response is not None:
        return error.response
    if isinstance(error, SecurityError):
        # Without the name that was asked for: it may be anybody's.
        return _foreign_name()
    if 300 <= status < 400:
        return error.get_response()
    if _for_api():
        code = error.name.lower().replace(" ", "_")
        return problem(status, code, error.description or error.name)
    messages = {
        404: _("This page doesn’t exist, or you can’t see it."),
        413: _("This is too large to send."),
        429: _("Too many attempts. Wait a few minutes and try again."),
    }
    return _page(status, messages.get(status, error.description or error.name))


def _foreign_name() -> ResponseReturnValue:
    message = _("This community’s address is %(address)s.", address=absolute("/"))
    return problem(400, "foreign_host", message) if _for_api() else _page(400, message)


def _away(error: Exception) -> ResponseReturnValue:
    """The database is not there, or has no room for one more: nothing on the way out may ask it again."""
    g.kin_viewer, g.kin_badges = None, {}
    db.session.close()
    log.error("database_away", method=request.method, error=f"{type(error).__name__}: {error}"[:300])
    message = _("Kinmarket can’t reach its database right now. Nothing is lost. Try again in a moment.")
    if _for_api():
        return problem(503, "unavailable", message, RETRY_AFTER)
    return _page(503, message, RETRY_AFTER)


def _out_of_bounds(error: Exception) -> ResponseReturnValue:
    """A value that no column can hold (too large, not a text): whoever sent it is told, it is no fault here.

    What is known to come from outside is checked before; this is for what was forgotten there.
    """
    log.warning("value_out_of_bounds", method=request.method, endpoint=request.endpoint, kind=type(error).__name__)
    return _domain(Invalid("A value is too large or isn’t text.", code="out_of_bounds"))


def _raced(error: IntegrityError) -> ResponseReturnValue:
    """Somebody else was faster: what was to be unique is there, or what was pointed at is gone.

    Where two people can meet, the use case itself has the better word; this is for what was forgotten there.
    """
    if not is_race(error):
        return _unexpected(error)
    log.warning("lost_a_race", method=request.method, endpoint=request.endpoint)
    return _domain(Conflict("Something changed at the same time. Check and try again."))


def _unexpected(error: Exception) -> ResponseReturnValue:
    if is_away(error):
        return _away(error)
    db.session.rollback()
    log.error("unexpected_error", route=route_of_request(), method=request.method, exc_info=error)
    if _for_api():
        return problem(500, "internal", "An unexpected error; it has been logged.")
    return _page(500, _("Something went wrong on our side. We’ve logged it. Nothing you saved is lost."))


def init_errors(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    for kind in (DataError, OverflowError, UnicodeEncodeError):
        app.register_error_handler(kind, _out_of_bounds)
    app.register_error_handler(IntegrityError, _raced)
    app.register_error_handler(Exception, _unexpected)
