"""Reads and changes a member's notification preferences over JSON."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.kernel.errors import Invalid
from app.kernel.ids import MemberId
from app.notifications.kinds.values import KINDS, Channel, Pace
from app.notifications.preferences import queries, service
from app.notifications.preferences.rules import clock_text, minutes_of
from app.notifications.preferences.schemas import Wishes, WishesBody
from app.notifications.preferences.values import Day
from app.web.api import caller
from app.web.operations import operation

api = APIBlueprint("api_preferences", __name__, url_prefix="/api/v1", tag="Notifications")

ABOUT = (
    "`preferences` has for each kind its `page` (`now`, `off`), `email` and `push` (`now`, `daily`, `weekly`, "
    "`off`), and `fixed`: what concerns the safety of the account always comes at once. `timezone` is a name such "
    'as `Europe/Stockholm`; `quiet_hours` is null or `{"from": "22:00", "until": "07:00"}`, by that clock.'
)
PUT_ABOUT = "What is left out stays as it is. The answer is the whole, as `GET` gives it. " + ABOUT


@api.get("/notifications/preferences")
@operation("What I am told, how and when", about=ABOUT, answers=Wishes)
def read_preferences() -> dict[str, Any]:
    return _json(caller().id)


@api.put("/notifications/preferences")
@operation("Change it", about=PUT_ABOUT, takes=WishesBody, answers=Wishes)
def change_preferences(body: WishesBody) -> dict[str, Any]:
    me = caller().id
    data = body.given()
    service.choose(me, _cells(data.get("preferences", {})), _day(me, data))
    return _json(me)


def _json(member_id: MemberId) -> dict[str, Any]:
    wishes = queries.wishes_of(member_id)
    day = wishes.day
    quiet = None
    if day.quiet_from is not None and day.quiet_until is not None:
        quiet = {"from": clock_text(day.quiet_from), "until": clock_text(day.quiet_until)}
    return {
        "preferences": {
            name: {
                "fixed": kind.fixed,
                **{channel.value: wishes.pace(name, channel).value for channel in Channel},
            }
            for name, kind in KINDS.items()
        },
        "timezone": day.timezone,
        "quiet_hours": quiet,
    }


def _cells(data: object) -> dict[tuple[str, Channel], Pace]:
    if not isinstance(data, dict):
        raise Invalid("“preferences” must be an object.", code="bad_field")
    found = {}
    for name, ways in data.items():
        if name not in KINDS:
            raise Invalid("“%(kind)s” is not a kind of notification.", code="bad_kind", kind=name[:40])
        if not isinstance(ways, dict):
            raise Invalid("“preferences” must be an object.", code="bad_field")
        for way, pace in ways.items():
            if way == "fixed":
                continue  # what GET gave may come back whole
            if way not in set(Channel) or not isinstance(pace, str) or pace not in set(Pace):
                raise Invalid("“%(name)s” has an invalid value.", code="bad_pace", name=name)
            found[name, Channel(way)] = Pace(pace)
    return found


def _day(member_id: MemberId, data: dict[str, Any]) -> Day | None:
    if "timezone" not in data and "quiet_hours" not in data:
        return None
    now = queries.wishes_of(member_id).day
    zone = data.get("timezone", now.timezone)
    if "quiet_hours" not in data:
        return Day(zone, now.quiet_from, now.quiet_until)
    quiet = data["quiet_hours"]
    if quiet is None:
        return Day(zone)
    start, end = (quiet.get("from"), quiet.get("until")) if isinstance(quiet, dict) else (None, None)
    minutes = [minutes_of(one) if isinstance(one, str) else None for one in (start, end)]
    if None in minutes:
        raise Invalid("Enter a start and an end for quiet hours.", code="bad_quiet_hours")
    return Day(zone, minutes[0], minutes[1])
