"""What I am told, how and when; works without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.kernel.errors import DomainError
from app.notifications.devices.queries import devices_of
from app.notifications.kinds.values import KINDS, Channel, Group, Kind, Pace
from app.notifications.preferences import queries, service
from app.notifications.preferences.forms import merged, read_form, switch_name, texts_of, usual_pace
from app.notifications.preferences.rules import paces_of, timezones
from app.people.accounts.queries import account_of
from app.platform.web_push import public_key
from app.platform.wording import worded
from app.web.edits import ChangedMeanwhile, Filled, begin_with, give_back
from app.web.guards import current, signed_in

pages = Blueprint("preferences", __name__)

GROUPS = {
    Group.PEOPLE: _l("People"),
    Group.CHAT: _l("Chat"),
    Group.WORDS: _l("Recommendations and questions"),
    Group.MARKET: _l("Market"),
    Group.ORDER: _l("Moderation"),
    Group.SECURITY: _l("Account security"),
}
# Translators: columns of a table, where a notification is shown or sent
CHANNELS = {Channel.PAGE: _l("In app"), Channel.EMAIL: _l("Email"), Channel.PUSH: _l("Push")}
# Translators: how often a notification is sent
PACES = {
    Pace.NOW: _l("Instantly"),
    Pace.DAILY: _l("Daily"),
    Pace.WEEKLY: _l("Weekly"),
    Pace.OFF: _l("Off"),
}


@pages.get("/settings/notifications")
@signed_in
def show() -> ResponseReturnValue:
    return _page()


@pages.post("/settings/notifications")
@signed_in
def save() -> ResponseReturnValue:
    try:
        service.change(current().id, partial(merged, request.form))
    except ChangedMeanwhile as problem:
        return _page(sent=problem.fields, filled_form=give_back(problem, _labels(), _named(problem.theirs))), 409
    except DomainError as problem:
        return _page(worded(problem), read_form(request.form)), problem.status
    flash(_("Saved."))
    return redirect("/settings/notifications", 303)


def _page(error: str | None = None, sent: Mapping[str, str] | None = None, filled_form: Filled | None = None) -> str:
    me = current().id
    wishes = queries.wishes_of(me)
    groups: dict[Group, list[Kind]] = {group: [] for group in Group}
    for kind in KINDS.values():
        groups[kind.group].append(kind)
    return render_template(
        "notifications/preferences/show.html",
        wishes=wishes,
        groups=[(group, name, groups[group]) for group, name in GROUPS.items()],
        channels=[(channel, name, paces_of(channel)) for channel, name in CHANNELS.items()],
        paces=PACES,
        switch_name=switch_name,
        usual_pace=usual_pace,
        timezones=timezones(),
        devices=devices_of(me),
        push_key=public_key(),
        account=account_of(me),
        error=error,
        says={**texts_of(wishes), **(sent or {})},
        filled_form=filled_form or begin_with(texts_of(wishes)),
    )


def _labels() -> dict[str, str]:
    cells = {
        f"{kind.name}.{channel.value}": f"{gettext(kind.title)}: {name}"
        for kind in KINDS.values()
        for channel, name in CHANNELS.items()
    }
    day = {"timezone": _("Time zone"), "quiet": _("Quiet hours"), "quiet_from": _("From"), "quiet_until": _("Until")}
    switches = {
        switch_name(group, channel): f"{heading}: {name}"
        for group, heading in GROUPS.items()
        for channel, name in CHANNELS.items()
    }
    return cells | switches | day


def _named(theirs: Mapping[str, str]) -> dict[str, str]:
    """Codes by the names that the page has for them."""
    boxes = {
        name: _("On") if text else _("Off")
        for name, text in theirs.items()
        if name == "quiet" or name.startswith("all.")
    }
    return {name: str(PACES[Pace(text)]) for name, text in theirs.items() if text in set(Pace)} | boxes
