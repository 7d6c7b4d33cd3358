"""The search page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.discovery.search.asking import read_wanted
from app.discovery.search.forms import distance_labels, kind_labels, order_labels
from app.discovery.search.queries import search
from app.discovery.search.values import Order, Results, Wanted
from app.market.listings.prices import usual_currency
from app.market.listings.values import CURRENCIES, ListingKind
from app.platform.formats import counted, money
from app.platform.limits import asker, check_rate
from app.platform.vocabulary.reading import category_choices, category_name
from app.web.frame import viewer

pages = Blueprint("search", __name__)
# What can be asked of each kind; of listings all.
_FIELDS = {"item": ("distance", "sort"), "member": ("distance", "sort", "near"), "room": ("sort", "near")}


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
        chips=_chips(found.kind if found else wanted.kind or "listing", wanted),
        categories=category_choices(),
        currencies=CURRENCIES,
        typed_price=request.args.get("max_price", ""),
        offers=[kind.value for kind in ListingKind],
        distances=distance_labels(),
        orders=order_labels(found.kind if found else "listing"),
        hidden=counted(found.hidden) if found else "",
    )


def _chips(kind: str, wanted: Wanted) -> list[tuple[str, str, str | None, str]]:
    """For each filter of a kind its field, its name, what it is set to (a code of the market), the search without."""
    distance = wanted.parameters().get("distance", "")
    price, order = wanted.max_price, wanted.order
    rows = (
        ("category", _("Category"), category_name(wanted.category), replace(wanted, category=None)),
        ("distance", _("Connection"), distance_labels()[distance] if distance else None, replace(wanted, hops=None)),
        (
            "price",
            _("Price"),
            _("up to %(price)s", price=money(price)) if price else None,
            replace(wanted, max_price=None, currency=None),
        ),
        ("near", _("Near"), _("near %(place)s", place=wanted.near) if wanted.near else None, replace(wanted, near="")),
        ("offer", _("Type"), wanted.offer, replace(wanted, offer=None)),
        (
            "sort",
            _("Sort by"),
            None if order is Order.BEST else order_labels(kind).get(order.value),
            replace(wanted, order=Order.BEST),
        ),
    )
    shown = _FIELDS.get(kind, ("category", "distance", "sort", "offer", "near", "price"))
    open_to = shown if viewer() else tuple(one for one in shown if one != "distance")
    return [(f"s-{one}", name, value, _url(without)) for one, name, value, without in rows if value or one in open_to]


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
