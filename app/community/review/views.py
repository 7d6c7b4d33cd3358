"""The moderators' page of messages that wait to be looked at."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.community.chat import changes
from app.community.review import queries
from app.people.profiles.queries import cards
from app.trust.circle.queries import trails
from app.web.guards import current, needs_role

pages = Blueprint("review", __name__)


@pages.get("/moderation/held")
@needs_role("moderator")
def held() -> ResponseReturnValue:
    me = current().id
    messages = queries.held_messages(me)
    authors = {one.author_id for one in messages}
    return render_template(
        "community/chat/held.html", messages=messages, faces=cards(authors), ways=trails(me, authors)
    )


@pages.post("/moderation/held/<message_id>/release")
@needs_role("moderator")
def release(message_id: str) -> ResponseReturnValue:
    changes.release_by_moderator(current().id, message_id)
    flash(_("Let through: now the others read it."))
    return redirect("/moderation/held", 303)


@pages.post("/moderation/held/<message_id>/drop")
@needs_role("moderator")
def drop(message_id: str) -> ResponseReturnValue:
    changes.remove_by_moderator(current().id, message_id)
    flash(_("Dropped: nobody but its author has read it."))
    return redirect("/moderation/held", 303)
