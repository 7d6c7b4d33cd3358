"""Asking for an introduction, and what waits for me."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import DomainError, Invalid, NotFound
from app.kernel.ids import IntroductionId
from app.messaging.introductions import queries, service
from app.messaging.introductions.values import MAX_NOTE_LENGTH, MAX_WORD_LENGTH, Answer
from app.people.accounts.queries import member_id
from app.people.profiles.queries import cards
from app.platform.wording import worded
from app.trust.circle.queries import trail_to
from app.web.guards import current, signed_in

pages = Blueprint("introductions", __name__)


@pages.get("/introductions")
@signed_in
def mine() -> ResponseReturnValue:
    me = current().id
    return render_template(
        "messaging/introductions/mine.html",
        waiting=queries.waiting_for(me),
        asked=queries.asked_by(me),
        longest=MAX_WORD_LENGTH,
    )


@pages.route("/introductions/to/<handle>", methods=["GET", "POST"])
@signed_in
def ask(handle: str) -> ResponseReturnValue:
    me, target = current().id, member_id(handle)
    note, error, status = request.form.get("note", ""), None, 200
    if request.method == "POST":
        try:
            service.ask_for_introduction(me, target, note)
        except (NotFound, Invalid, DomainError) as problem:
            error, status = worded(problem), problem.status
        else:
            flash(_("Request sent to the first friend on the way."))
            return redirect("/introductions", 303)
    face = cards([target])[target]
    return (
        render_template(
            "messaging/introductions/ask.html",
            target=face,
            trail=trail_to(me, target),
            possible=queries.may_ask(me, target),
            note=note,
            error=error,
            longest=MAX_NOTE_LENGTH,
        ),
        status,
    )


@pages.post("/introductions/<introduction_id>/pass")
@signed_in
def pass_on(introduction_id: IntroductionId) -> ResponseReturnValue:
    room = service.answer_introduction(current().id, introduction_id, Answer.FORWARD, request.form.get("word", ""))
    if room is not None:
        flash(_("You’re connected. Say hello!"))
        return redirect(f"/messages/{room}", 303)
    flash(_("Passed on. Thank you."))
    return redirect("/introductions", 303)


@pages.post("/introductions/<introduction_id>/hold")
@signed_in
def hold(introduction_id: IntroductionId) -> ResponseReturnValue:
    service.answer_introduction(current().id, introduction_id, Answer.HOLD)
    flash(_("Not passed on. Nobody is told that it was you."))
    return redirect("/introductions", 303)


@pages.post("/introductions/<introduction_id>/thank")
@signed_in
def thank(introduction_id: IntroductionId) -> ResponseReturnValue:
    service.thank_helpers(current().id, introduction_id)
    flash(_("We’ve thanked everyone who helped."))
    return redirect("/introductions", 303)
