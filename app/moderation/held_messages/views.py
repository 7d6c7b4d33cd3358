"""The moderators' page of messages that wait to be looked at."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import Conflict, Invalid
from app.kernel.ids import MemberId, MessageId
from app.moderation.held_messages import queries, service
from app.people.profiles.queries import cards
from app.platform.wording import worded
from app.trust.circle.queries import trails
from app.web.guards import current, needs_role

pages = Blueprint("held_messages", __name__)


@pages.get("/moderation/held")
@needs_role("moderator")
def held() -> ResponseReturnValue:
    return _page()


@pages.post("/moderation/held/<message_id>/release")
@needs_role("moderator")
def release(message_id: MessageId) -> ResponseReturnValue:
    return _decided(service.release, message_id, _("Delivered. We’ve told the author."))


@pages.post("/moderation/held/<message_id>/drop")
@needs_role("moderator")
def drop(message_id: MessageId) -> ResponseReturnValue:
    return _decided(service.drop, message_id, _("Deleted. Nobody but the author has read it. We’ve told the author."))


def _decided(
    decide: Callable[[MemberId, MessageId, str], None], message_id: MessageId, done: str
) -> ResponseReturnValue:
    try:
        decide(current().id, message_id, request.form.get("reason", ""))
    except (Conflict, Invalid) as problem:
        return _page(message_id, worded(problem)), problem.status
    flash(done)
    return redirect("/moderation/held", 303)


def _page(refused: str | None = None, error: str | None = None) -> str:
    me = current().id
    messages = queries.held_messages(me)
    authors = {one.author_id for one in messages}
    return render_template(
        "moderation/held_messages/list.html",
        messages=messages,
        faces=cards(authors),
        ways=trails(me, authors),
        refused=refused,
        error=error,
        form=request.form,
    )
