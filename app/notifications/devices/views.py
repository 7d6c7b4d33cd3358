"""A browser says that it may be alerted, or not any more."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import DomainError, Invalid
from app.notifications.devices import service
from app.people.accounts.sessions import session_digest
from app.platform.wording import worded
from app.web.bounds import takes_json
from app.web.guards import current, signed_in

pages = Blueprint("devices", __name__)


@pages.post("/settings/notifications/devices")
@signed_in
@takes_json
def add() -> ResponseReturnValue:
    """JSON, as the browser's own `PushSubscription` gives it."""
    try:
        endpoint, p256dh, auth = _subscription()
        agent = request.headers.get("User-Agent", "")
        ident = service.add_device(current().id, endpoint, p256dh, auth, agent, session=session_digest())
    except DomainError as problem:
        return jsonify(code=problem.error_code, message=worded(problem)), problem.status
    return jsonify(id=ident), 201


@pages.post("/settings/notifications/devices/gone")
@signed_in
@takes_json
def gone() -> ResponseReturnValue:
    """The browser has unsubscribed by itself."""
    data = request.get_json(silent=True)
    endpoint = data.get("endpoint") if isinstance(data, dict) else None
    if isinstance(endpoint, str):
        service.remove_endpoint(current().id, endpoint)
    return "", 204


@pages.post("/settings/notifications/devices/<ident>/remove")
@signed_in
def remove(ident: str) -> ResponseReturnValue:
    service.remove_device(current().id, ident)
    flash(_("Push is off for this device."))
    return redirect("/settings/notifications#devices", 303)


def _subscription() -> tuple[str, str, str]:
    data = request.get_json(silent=True)
    keys = data.get("keys") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(keys, dict):
        raise Invalid("The browser’s push subscription is invalid.", code="bad_field")
    found = (data.get("endpoint"), keys.get("p256dh"), keys.get("auth"))
    if not all(isinstance(one, str) and one and "\x00" not in one for one in found):
        raise Invalid("The browser’s push subscription is invalid.", code="bad_field")
    return str(found[0]), str(found[1]), str(found[2])
