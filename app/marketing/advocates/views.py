"""Advocates: join, share the link, and what came of it."""

from __future__ import annotations

import secrets
from typing import Final

import structlog
from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.kernel.errors import DomainError, NotFound
from app.marketing.advocates import queries, rules, service
from app.merchants.stores.queries import find_store_of, get_by_slug, get_store
from app.people.accounts.sessions import session_viewer
from app.platform.limits import asker, check_rate
from app.platform.settings import Settings
from app.web.frame import viewer
from app.web.guards import current, needs_role, signed_in

log = structlog.get_logger()
pages = Blueprint("advocacy", __name__)

COOKIE: Final = "kin_came_through"
VISITOR: Final = "visitor"
THROUGH: Final = "came_through"  # the session: a link was opened, its page was not looked at yet
REMEMBERED: Final = 30 * 24 * 3600  # seconds between a visit and a sign-up that counts


@pages.post("/s/<slug>/advocate")
@signed_in
def join(slug: str) -> ResponseReturnValue:
    """The member speaks for the store from now on."""
    store = get_by_slug(current().id, slug)
    service.become_advocate(current().id, store.id, consent="consent" in request.form)
    flash(_("You’re an advocate now. Your link is on this page."))
    return redirect(store.url)


@pages.post("/s/<slug>/advocate/leave")
@signed_in
def leave(slug: str) -> ResponseReturnValue:
    store = get_by_slug(current().id, slug)
    service.leave(current().id, store.id)
    flash(_("You’re no longer an advocate of this store."))
    return redirect(store.url)


@pages.get("/r/<code>")
def follow(code: str) -> ResponseReturnValue:
    """An advocate's link: remembered, and on to the store, whose page is the visit."""
    advocate = queries.get_by_code(code)
    answer = redirect(get_store(advocate.store_id).url)
    who = viewer()
    own = who is not None and who.id == advocate.member_id
    if own or request.method == "HEAD" or not rules.may_be_a_person(dict(request.headers)):
        return answer
    check_rate(f"visit:{asker()}", "60/minute")
    session[THROUGH] = code
    if who is None:
        settings: Settings = current_app.config["KIN"]
        answer.set_cookie(
            COOKIE,
            _signer().dumps(code),
            max_age=REMEMBERED,
            httponly=True,
            samesite="Lax",
            secure=settings.https,
        )
    return answer


@pages.after_app_request
def count_visit(response: Response) -> Response:
    """The store's page came after the link, to the same browser: that is a visit, with scripts or without."""
    code = session.get(THROUGH) if request.endpoint == "stores.show" else None
    headers = dict(request.headers)
    if code is None or request.method != "GET" or response.status_code != 200 or not rules.may_be_a_person(headers):
        return response
    session.pop(THROUGH)
    who = viewer()
    visitor = f"member:{who.id}" if who else session.setdefault(VISITOR, secrets.token_urlsafe(12))
    try:
        advocate = queries.get_by_code(code)
        if who is None or who.id != advocate.member_id:
            service.record_visit(code, visitor)
    except DomainError as problem:
        log.info("visit_not_counted", reason=str(problem))  # it never spoils the page
    return response


@pages.get("/store/advocates")
@needs_role("merchant")
def report() -> ResponseReturnValue:
    """Visits, sign-ups and recommendations per advocate."""
    store = find_store_of(current().id)
    if store is None:
        raise NotFound("Open your store first.")
    return render_template("marketing/advocates/report.html", store=store, report=queries.report(store.id))


@pages.after_app_request
def remember_signup(response: Response) -> Response:
    """A sign-up by one who came through a link is counted; it never spoils the sign-up itself."""
    cookie = request.cookies.get(COOKIE)
    joined = request.endpoint == "accounts.register" and request.method == "POST"
    if not (cookie and joined and response.status_code == 302):
        return response
    newcomer = session_viewer()
    if newcomer is not None:
        try:
            service.record_signup(_signer().loads(cookie, max_age=REMEMBERED), newcomer.id)
        except (BadSignature, DomainError) as problem:
            log.info("signup_not_counted", reason=str(problem))
        response.delete_cookie(COOKIE)
    return response


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="came-through")
