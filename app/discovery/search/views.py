"""The search page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.discovery.search.asking import read_wanted
from app.discovery.search.forms import distance_labels, kind_labels, order_labels
from app.discovery.search.queries import search
from app.discovery.search.values import Results, Wanted
from app.market.listings.prices import usual_currency
from app.market.listings.values import CATEGORIES, CURRENCIES, ListingKind
from app.platform.formats import counted
from app.platform.limits import asker, check_rate
from app.web.frame import viewer

pages = Blueprint("search", __name__)


@pages.get("/search")
def results() -> ResponseReturnValue:
    who = viewer()
    wanted = read_wanted(request.args, partial(usual_currency, who.id if who else None))
    if who is None:
        # A trust distance begins with somebody.
        wanted = replace(wanted, hops=None)
    found = None
    if wanted.q or wanted.filtered:
        check_rate(f"search:{who.id if who else asker()}", "120/minute")
        found = search(who.id if who else None, wanted, cursor=request.args.get("cursor"))
    return render_template(
        "discovery/search/results.html",
        q=wanted.q,
        wanted=wanted,
        found=found,
        tabs=_tabs(found) if found else [],
        more_url=_url(_as_shown(found), cursor=found.next) if found and found.next else None,
        exact_url=_url(replace(wanted, exact=True)),
        instead_url=_url(replace(wanted, q=found.instead)) if found and found.instead else None,
        everybody_url=_url(replace(wanted, hops=None)),
        plain_url=_url(Wanted(q=wanted.q, kind=wanted.kind)),
        shown=wanted.parameters(),
        categories=CATEGORIES,
        currencies=CURRENCIES,
        typed_price=request.args.get("max_price", ""),
        offers=[kind.value for kind in ListingKind],
        distances=distance_labels(),
        orders=order_labels(found.kind if found else "listing"),
        hidden=counted(found.hidden) if found else "",
    )


def _as_shown(found: Results) -> Wanted:
    """What was searched in the end: its next page must not be corrected anew."""
    wanted = replace(found.wanted, kind=found.kind)
    return replace(wanted, q=found.corrected, exact=True) if found.corrected else wanted


def _tabs(found: Results) -> list[tuple[str, str, bool]]:
    rows = []
    for kind, label in kind_labels().items():
        if kind not in found.counts:
            continue
        count = found.counts.get(kind, 0)
        shown = f"{label} · {counted(count)}"
        rows.append((_url(replace(found.wanted, kind=kind)), shown, kind == found.kind))
    return rows


def _url(wanted: Wanted, **more: str | None) -> str:
    parts = wanted.parameters() | {name: value for name, value in more.items() if value}
    return f"/search?{urlencode(parts)}" if parts else "/search"
