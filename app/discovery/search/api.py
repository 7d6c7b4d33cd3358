"""Search over JSON."""

from __future__ import annotations

from functools import partial
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.discovery.search.asking import read_wanted
from app.discovery.search.queries import search
from app.discovery.search.schemas import FoundPage, SearchQuery
from app.discovery.search.values import Results
from app.kernel.bounds import MAX_COUNTED
from app.market.listings.prices import usual_currency
from app.platform.limits import check_rate
from app.trust.circle.values import Trail
from app.web.api import caller
from app.web.operations import operation

api = APIBlueprint("api_search", __name__, url_prefix="/api/v1", tag="Search")

_MOST = 48


@api.get("/search")
@operation(
    "Search listings, items, members and rooms",
    about="`q`; `kind`: listing, item, member or room (else the first that has something); `category`, `offer`, "
    "`max_price` in `currency` (else in the caller's usual one), `near`; "
    "`distance`: 1, 2, 3 or circle; `sort`: best, newest, trust or price; `exact=1` takes "
    "the words as they are typed. `corrected` says what was searched instead, `filtered_out` how many lie beyond "
    "the trust distance. Counts end at 1000.",
    query=SearchQuery,
    answers=FoundPage,
)
def find(query: SearchQuery) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"search:{me}", "240/minute")
    wanted = read_wanted(query.given(), partial(usual_currency, me), strict=True)
    found = search(me, wanted, cursor=query.cursor, limit=min(query.most(24), _MOST))
    return {
        "kind": found.kind,
        "counts": {kind: min(number, MAX_COUNTED) for kind, number in found.counts.items()},
        "filtered_out": min(found.hidden, MAX_COUNTED),
        "corrected": found.corrected,
        "instead": found.instead,
        "items": _items(found),
        "next": found.next,
    }


def _items(found: Results) -> list[dict[str, Any]]:
    listings = [
        {
            "kind": "listing",
            "id": one.id,
            "title": one.title,
            "url": one.url,
            "price": str(one.price.major) if one.price else None,
            "currency": one.price.currency if one.price else None,
            "place": one.place,
            "seller": one.seller.handle,
            **_way(one.trail),
        }
        for one in found.listings
    ]
    items = [
        {
            "kind": "item",
            "id": one.item.id,
            "title": one.item.title,
            "url": one.item.url,
            "recommending": one.recommending,
            **_way(one.trail),
        }
        for one in found.items
    ]
    members = [
        {
            "kind": "member",
            "id": one.member.handle,
            "title": one.member.name,
            "url": f"/m/{one.member.handle}",
            **_way(one.trail),
        }
        for one in found.members
    ]
    rooms = [
        {"kind": "room", "id": one.id, "title": one.title, "url": one.url, "trusted": one.trusted, **_way(one.trail)}
        for one in found.rooms
    ]
    return [*listings, *items, *members, *rooms]


def _way(trail: Trail | None) -> dict[str, Any]:
    return {"distance": trail.distance if trail else None, "path": trail.handles if trail else None}
