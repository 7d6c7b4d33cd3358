"""Saved searches over JSON."""

from __future__ import annotations

from functools import partial
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.discovery.saved_searches import queries, service
from app.discovery.saved_searches.values import Cadence, SavedView
from app.discovery.search.asking import read_wanted
from app.kernel.errors import Invalid
from app.market.listings.prices import usual_currency
from app.platform.limits import check_rate
from app.web.api import api_auth, body, caller, text_field

api = APIBlueprint("api_saved_searches", __name__, url_prefix="/api/v1", tag="Search")

_FIELDS = ("q", "kind", "category", "offer", "max_price", "currency", "near", "distance")


@api.get("/saved-searches")
@api.doc(summary="The caller's saved searches, the newest first", security="token")
@api_auth
def list_saved() -> ResponseReturnValue:
    return {"items": [_json(one) for one in queries.mine(caller().id)], "next": None}


@api.post("/saved-searches")
@api.doc(
    summary="Keep a search",
    description="The fields of `GET /search`, and `alerts`: `instant`, `daily`, `weekly` or `off`. "
    "The same search again answers with the one that is kept.",
    security="token",
    responses=[201, 409],
)
@api_auth
def save() -> ResponseReturnValue:
    me = caller().id
    check_rate(f"save-search:{me}", "60/hour")
    data = body()
    asked = {name: str(data[name]) for name in _FIELDS if data.get(name) not in (None, "")}
    wanted = read_wanted(asked, partial(usual_currency, me), strict=True)
    saved_id = service.save_search(me, wanted, _alerts(data, Cadence.INSTANT))
    return _json(queries.get_mine(me, saved_id)), 201


@api.patch("/saved-searches/<saved_id>")
@api.doc(summary="How often to hear of new finds", security="token")
@api_auth
def change(saved_id: str) -> ResponseReturnValue:
    me = caller().id
    service.set_cadence(me, saved_id, _alerts(body(), None))
    return _json(queries.get_mine(me, saved_id))


@api.delete("/saved-searches/<saved_id>")
@api.doc(summary="Forget a saved search", security="token", responses=[204])
@api_auth
def remove(saved_id: str) -> ResponseReturnValue:
    service.remove_search(caller().id, saved_id)
    return "", 204


def _alerts(data: dict[str, Any], default: Cadence | None) -> Cadence:
    value = text_field(data, "alerts", required=default is None)
    if value is None and default is not None:
        return default
    if value not in set(Cadence):
        raise Invalid("“alerts” must be instant, daily, weekly or off", code="bad_alerts")
    return Cadence(value)


def _json(one: SavedView) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "q": one.q,
        "filters": one.filters,
        "alerts": one.cadence.value,
        "found": one.found,
        "waiting": one.waiting,
        "url": one.url,
        "at": one.created_at.isoformat(),
    }
