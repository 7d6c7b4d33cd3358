"""Vouches over JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.kernel.bounds import moment
from app.kernel.errors import Invalid, NotFound
from app.people.accounts.queries import member_id
from app.trust.vouches import queries, service
from app.trust.vouches.schemas import Vouch, VouchBody
from app.trust.vouches.values import VouchView
from app.web.api import caller
from app.web.operations import operation

api = APIBlueprint("api_vouches", __name__, url_prefix="/api/v1", tag="Trust")


@api.post("/vouches")
@operation("Vouch for a member, or change the vouch", takes=VouchBody, answers=Vouch, status=201, refuses=[403, 404])
def give(body: VouchBody) -> ResponseReturnValue:
    ident = member_id(body.member)
    me = caller().id
    service.vouch(me, ident, body.strength, body.reason, body.topic, _time(body.expires_at))
    given = queries.vouch_between(me, ident)
    if given is None:
        raise NotFound("The vouch was withdrawn in the meantime.")
    return _json(given), 201


@api.delete("/vouches/<handle>")
@operation("Withdraw a vouch", answers=None, status=204)
def withdraw(handle: str) -> ResponseReturnValue:
    service.withdraw(caller().id, member_id(handle))
    return "", 204


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return moment(text)
    except Invalid as problem:
        raise Invalid("“expires_at” must be a time in ISO 8601", code="bad_expiry") from problem


def _json(vouch: VouchView) -> dict[str, Any]:
    return {
        "member": vouch.trustee.handle,
        "strength": vouch.strength,
        "reason": vouch.reason,
        "topic": vouch.topic,
        "expires_at": vouch.expires_at.isoformat() if vouch.expires_at else None,
        "created_at": vouch.created_at.isoformat(),
    }
