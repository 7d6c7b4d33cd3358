"""My saved searches."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.community.items.queries import items_by_id
from app.discovery.saved_searches import queries, service
from app.discovery.saved_searches.values import MOST, NOTICE, Cadence
from app.discovery.search.asking import read_wanted
from app.discovery.search.values import ITEM
from app.kernel.errors import Invalid
from app.kernel.ids import SavedSearchId
from app.kernel.subjects import Subject
from app.market.listings.prices import usual_currency
from app.market.listings.queries import cards_by_id, with_trails
from app.notifications.inbox.service import mark_subject_read
from app.platform.limits import check_rate
from app.web.edits import ChangedMeanwhile, Filled, begin_with, give_back, merge, sent_base
from app.web.guards import current, signed_in

pages = Blueprint("saved_searches", __name__)
CADENCE = "cadence"


def _cadences() -> dict[str, str]:
    return {
        Cadence.INSTANT.value: _("Instantly"),
        Cadence.DAILY.value: _("Once a day"),
        Cadence.WEEKLY.value: _("Once a week"),
        Cadence.OFF.value: _("Never"),
    }


@pages.get("/searches")
@signed_in
def mine() -> ResponseReturnValue:
    return _mine({})


def _mine(given_back: Mapping[str, tuple[str, Filled]]) -> str:
    """The list; of a form that comes back, by its search, what was chosen and what it was filled with."""
    found = queries.mine(current().id)
    cadences = {one.id: (one.cadence.value, begin_with({CADENCE: one.cadence.value})) for one in found}
    return render_template(
        "discovery/saved_searches/mine.html",
        saved=found,
        cadences=_cadences(),
        chosen={**cadences, **given_back},
        most=MOST,
    )


@pages.post("/searches")
@signed_in
def save() -> ResponseReturnValue:
    me = current().id
    check_rate(f"save-search:{me}", "60/hour")
    service.save_search(me, read_wanted(request.form, partial(usual_currency, me)))
    flash(_("Saved. We’ll notify you about new results right away. You can change that here."))
    return redirect("/searches", 303)


@pages.get("/searches/<saved_id>")
@signed_in
def show(saved_id: SavedSearchId) -> ResponseReturnValue:
    """What it has found, as far as it is still there."""
    me = current().id
    one = queries.get_mine(me, saved_id)
    mark_subject_read(me, Subject(NOTICE, saved_id))
    refs = queries.found_by(saved_id)
    items = items_by_id(refs) if one.kind == ITEM else {}
    cards = {} if one.kind == ITEM else cards_by_id(me, refs)
    return render_template(
        "discovery/saved_searches/show.html",
        one=one,
        items=[items[ref] for ref in refs if ref in items],
        listings=with_trails(me, [cards[ref] for ref in refs if ref in cards]),
    )


@pages.post("/searches/<saved_id>/cadence")
@signed_in
def set_cadence(saved_id: SavedSearchId) -> ResponseReturnValue:
    chosen = _cadence(request.form.get(CADENCE, ""))

    def merged(now: Cadence) -> Cadence:
        return Cadence(merge({CADENCE: now}, {CADENCE: chosen}, sent_base())[CADENCE])

    try:
        service.set_cadence(current().id, saved_id, merged)
    except ChangedMeanwhile as problem:
        back = give_back(problem, {CADENCE: _("Notify me")}, {CADENCE: _cadences()[problem.theirs[CADENCE]]})
        return _mine({saved_id: (chosen, back)}), problem.status
    flash(_("Saved."))
    return redirect("/searches", 303)


@pages.post("/searches/<saved_id>/remove")
@signed_in
def remove(saved_id: SavedSearchId) -> ResponseReturnValue:
    service.remove_search(current().id, saved_id)
    flash(_("Search deleted."))
    return redirect("/searches", 303)


def _cadence(value: str) -> Cadence:
    if value not in set(Cadence):
        raise Invalid("Choose how often we notify you.", code="bad_cadence")
    return Cadence(value)
