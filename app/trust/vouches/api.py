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
from app.trust.vouches.values import VouchView
from app.web.api import api_auth, body, caller, text_field

api = APIBlueprint("api_vouches", __name__, url_prefix="/api/v1", tag="Trust")


@api.post("/vouches")
@api.doc(summary="Vouch for a member, or change the vouch", security="token", responses=[201, 422])
@api_auth
def give() -> ResponseReturnValue:
    data = body()
    ident = member_id(text_field(data, "member", required=True) or "")
    me = caller().id
    service.vouch(
        me,
        ident,
        text_field(data, "strength", required=True) or "",
        text_field(data, "reason"),
        text_field(data, "topic"),
        _time(text_field(data, "expires_at")),
    )
    given = queries.vouch_between(me, ident)
    if given is None:
        raise NotFound("The vouch was withdrawn meanwhile.")
    return _json(given), 201


@api.delete("/vouches/<handle>")
@api.doc(summary="Withdraw a vouch", security="token", responses=[204, 404])
@api_auth
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
