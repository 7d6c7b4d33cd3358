"""A form or a call that is sent twice: the second answer leads to the first thing."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from typing import Any, Final

from flask import Flask, Response, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import DomainError, Invalid
from app.platform import idempotency
from app.platform.database import after_commit, before_write, db
from app.platform.idempotency import API_LIFE, FORM_LIFE, MAX_KEY_LENGTH, NOBODY, AlreadySent, Once, Used
from app.web.api import caller
from app.web.errors import problem
from app.web.frame import viewer
from app.web.held_forms import TOKEN, held_form, page_address

FIELD: Final = "once"
HEADER: Final = "Idempotency-Key"
PATIENCE: Final = 8.0  # seconds that the second waits for the first one's answer
MAX_ANSWER_LENGTH: Final = 256 * 1024
_NUMBER: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")


def new_once() -> str:
    """The number of a form, unguessable, so that nobody uses another's up."""
    return secrets.token_urlsafe(16)


def init_once(app: Flask) -> None:
    """Every POST form with a number and every POST of the API with a key is done once."""
    app.jinja_env.globals["new_once"] = new_once
    before_write(app, idempotency.claim)
    after_commit(app, idempotency.committed)
    app.before_request(_begin)
    app.after_request(_keep)
    app.register_error_handler(AlreadySent, _sent_meanwhile)
    app.add_url_rule("/once/<number>", "was_sent", _was_sent)


def _begin() -> ResponseReturnValue | None:
    once = _named()
    if once is None:
        return None
    # Whoever has just joined sends the form of somebody who had no account yet.
    used = idempotency.find_used(once.member_id, once.key) or idempotency.find_used(NOBODY, once.key)
    if used is not None:
        return _again(once, used)
    idempotency.begin(once)
    return None


def _named() -> Once | None:
    """The number that came along, None when there is none; raises `Invalid` when it cannot be one."""
    if request.method != "POST":
        return None
    if request.path.startswith("/api/"):
        key = request.headers.get(HEADER, "")
        if not key:
            return None
        if len(key) > MAX_KEY_LENGTH or not key.isprintable():
            raise Invalid(
                "%(header)s must have at most %(most)s printable characters.",
                code="bad_key",
                header=HEADER,
                most=MAX_KEY_LENGTH,
            )
        body = _digest()
        try:
            return Once(caller().id, f"api:{key}"[:MAX_KEY_LENGTH], body, API_LIFE)
        except DomainError:
            return None  # the view says who may not call
    number = request.form.get(FIELD, "")
    if not _NUMBER.fullmatch(number):
        return None
    body = _digest()
    who = viewer()
    return Once(who.id if who else NOBODY, f"form:{number}", body, FORM_LIFE)


def _digest() -> str:
    """Of what was asked, without what differs between two tries of the same."""
    found = hashlib.sha256(request.full_path.encode())
    if request.mimetype in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        for name, value in request.form.items(multi=True):
            # A quick hash of a password would be kept with it.
            if name not in {TOKEN, FIELD} and "password" not in name:
                found.update(repr((name, value)).encode("utf-8", "surrogatepass"))
        for name, file in request.files.items(multi=True):
            found.update(repr((name, file.filename)).encode("utf-8", "surrogatepass"))
            found.update(hashlib.file_digest(file.stream, "sha256").digest())  # type: ignore[arg-type] # a stream with readinto
            file.stream.seek(0)
    else:
        found.update(request.get_data(cache=True))
    return found.hexdigest()


def _sent_meanwhile(_error: AlreadySent) -> ResponseReturnValue:
    db.session.rollback()
    once = idempotency.under_way()
    used = idempotency.find_used(once.member_id, once.key) if once else None
    if once is None or used is None:
        raise RuntimeError("a number was taken, and is not there")
    return _again(once, used)


def _again(once: Once, used: Used) -> ResponseReturnValue:
    api = request.path.startswith("/api/")
    if used.digest != once.digest:
        if api:
            return problem(409, "key_used", f"This {HEADER} was used for another request.")
        return held_form(409, _("You already sent this form with different text. Send it again?"), new_once())
    answer = _awaited(once, used)
    if answer is None:
        if api:
            return problem(409, "in_progress", "The first request with this key is not done yet.", 1)
        return _sent_page()
    if "location" in answer and not api:
        return redirect(answer["location"], 303)
    response = Response(answer["body"], answer["status"], content_type=answer["type"])
    if "location" in answer:
        response.headers["Location"] = answer["location"]
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _awaited(once: Once, used: Used) -> dict[str, Any] | None:
    """The first one's answer; nobody is waited for with a connection in hand."""
    until = time.monotonic() + PATIENCE
    while used.answer is None and time.monotonic() < until:
        db.session.remove()
        time.sleep(0.05)
        used = idempotency.find_used(once.member_id, once.key) or used
    found: dict[str, Any] | None = used.answer
    return found


def _sent_page() -> ResponseReturnValue:
    message = _("This was already sent.")
    return render_template("errors/error.html", status=409, title=_("Already sent"), message=message), 409


def _keep(response: Response) -> Response:
    once = idempotency.under_way()
    if once is None or not once.done or response.status_code >= 500:
        return response
    location = response.headers.get("Location")
    if not request.path.startswith("/api/"):
        # A page that answers without leading elsewhere may show what is shown once only: lead to its address.
        idempotency.keep_answer(once, {"location": location or page_address()})
    elif response.is_streamed is False and (response.content_length or 0) <= MAX_ANSWER_LENGTH:
        answer = {
            "status": response.status_code,
            "body": response.get_data(as_text=True),
            "type": response.content_type,
        }
        idempotency.keep_answer(once, answer | ({"location": location} if location else {}))
    return response


def _was_sent(number: str) -> ResponseReturnValue:
    """For the page's script: whether what was typed has arrived, so that its draft can go."""
    who = viewer()
    sent = who is not None and idempotency.find_used(who.id, f"form:{number}"[:MAX_KEY_LENGTH]) is not None
    return jsonify(sent=sent if who is not None else None)
