"""What I am told, how and when; works without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.kernel.errors import DomainError, Invalid
from app.notifications.devices.queries import devices_of
from app.notifications.kinds.values import KINDS, Channel, Group, Kind, Pace
from app.notifications.preferences import queries, service
from app.notifications.preferences.rules import clock_text, minutes_of, paces_of, timezones
from app.notifications.preferences.values import Day
from app.people.accounts.queries import account_of
from app.platform.web_push import public_key
from app.web.guards import current, signed_in

pages = Blueprint("preferences", __name__)

GROUPS = {
    Group.PEOPLE: _l("People"),
    Group.CHAT: _l("Chat"),
    Group.WORDS: _l("Words and questions"),
    Group.MARKET: _l("Market"),
    Group.ORDER: _l("Order in the community"),
    Group.SECURITY: _l("Safety of my account"),
}
CHANNELS = {Channel.PAGE: _l("Page"), Channel.EMAIL: _l("Mail"), Channel.PUSH: _l("Push")}
PACES = {
    Pace.NOW: _l("at once"),
    Pace.DAILY: _l("daily"),
    Pace.WEEKLY: _l("weekly"),
    Pace.OFF: _l("off"),
}


@pages.get("/settings/notifications")
@signed_in
def show() -> ResponseReturnValue:
    return _page()


@pages.post("/settings/notifications")
@signed_in
def save() -> ResponseReturnValue:
    try:
        service.choose(current().id, _cells(request.form), _day(request.form))
    except DomainError as problem:
        return _page(problem.message), problem.status
    flash(_("Saved."))
    return redirect("/settings/notifications", 303)


def _page(error: str | None = None) -> str:
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
        timezones=timezones(),
        clock_text=clock_text,
        devices=devices_of(me),
        push_key=public_key(),
        account=account_of(me),
        error=error,
        sent=request.form if error else None,
    )


def _cells(form: Mapping[str, str]) -> dict[tuple[str, Channel], Pace]:
    found = {}
    for name in KINDS:
        for channel in Channel:
            value = form.get(f"{name}.{channel.value}")
            if value is None or KINDS[name].fixed:
                continue
            if value not in set(Pace):
                raise Invalid(_("Please choose from the list."), code="bad_pace")
            found[name, channel] = Pace(value)
    return found


def _day(form: Mapping[str, str]) -> Day:
    quiet = bool(form.get("quiet"))
    start, end = minutes_of(form.get("quiet_from", "")), minutes_of(form.get("quiet_until", ""))
    if quiet and (start is None or end is None):
        raise Invalid(_("Quiet hours need a beginning and an end."), code="bad_quiet_hours")
    return Day(form.get("timezone", ""), start if quiet else None, end if quiet else None)
