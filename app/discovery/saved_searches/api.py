"""Saved searches over JSON."""

from __future__ import annotations

from functools import partial
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.discovery.saved_searches import queries, service
from app.discovery.saved_searches.schemas import AlertsBody, SavedSearch, SearchBody
from app.discovery.saved_searches.values import Cadence, SavedView
from app.discovery.search.asking import read_wanted
from app.kernel.errors import Invalid
from app.kernel.ids import SavedSearchId
from app.market.listings.prices import usual_currency
from app.platform.limits import check_rate
from app.web.api import caller
from app.web.operations import operation
from app.web.schemas import Page

api = APIBlueprint("api_saved_searches", __name__, url_prefix="/api/v1", tag="Search")

_FIELDS = ("q", "kind", "category", "offer", "max_price", "currency", "near", "distance")


@api.get("/saved-searches")
@operation("The caller's saved searches, the newest first", answers=Page[SavedSearch])
def list_saved() -> ResponseReturnValue:
    return {"items": [_json(one) for one in queries.mine(caller().id)], "next": None}


@api.post("/saved-searches")
@operation(
    "Keep a search",
    about="The fields of `GET /search`, and `alerts`: `instant`, `daily`, `weekly` or `off`. "
    "The same search again answers with the one that is kept.",
    takes=SearchBody,
    answers=SavedSearch,
    status=201,
)
def save(body: SearchBody) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"save-search:{me}", "60/hour")
    asked = {name: str(value) for name, value in body.given().items() if value not in (None, "") and name in _FIELDS}
    wanted = read_wanted(asked, partial(usual_currency, me), strict=True)
    saved_id = service.save_search(me, wanted, _cadence(body.alerts or Cadence.INSTANT))
    return _json(queries.get_mine(me, saved_id)), 201


@api.patch("/saved-searches/<saved_id>")
@operation("How often to hear of new finds", takes=AlertsBody, answers=SavedSearch)
def change(saved_id: SavedSearchId, body: AlertsBody) -> ResponseReturnValue:
    me = caller().id
    service.set_cadence(me, saved_id, _cadence(body.alerts))
    return _json(queries.get_mine(me, saved_id))


@api.delete("/saved-searches/<saved_id>")
@operation("Forget a saved search", answers=None, status=204)
def remove(saved_id: SavedSearchId) -> ResponseReturnValue:
    service.remove_search(caller().id, saved_id)
    return "", 204


def _cadence(value: str) -> Cadence:
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
