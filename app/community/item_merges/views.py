"""Saying that two entries are one thing."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.community.item_merges import service
from app.community.items.queries import Moved, candidates, get_item, similar_items
from app.community.items.values import Candidate, ItemView
from app.community.recommendations.queries import glances
from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import ItemId
from app.platform.wording import worded
from app.web.guards import current, signed_in

pages = Blueprint("merges", __name__)


@pages.get("/items/<item_id>/double")
@signed_in
def propose(item_id: ItemId) -> ResponseReturnValue:
    """Which other entry is the same, and which of the two should stay."""
    try:
        item = get_item(item_id)
    except Moved as moved:
        return redirect(f"/items/{moved.item_id}/double", 301)
    return _form(item, request.args.get("title", "").strip())


@pages.post("/items/<item_id>/double")
@signed_in
def send(item_id: ItemId) -> ResponseReturnValue:
    item, given = get_item(item_id), request.form
    other = ItemId(given.get("item") or _id_in(given.get("address", "")))
    try:
        if not other:
            raise Invalid("Choose the duplicate item.", code="missing_item")
        gone, kept = (other, item_id) if given.get("stays") == "this" else (item_id, other)
        service.propose_merge(current().id, gone, kept, given.get("why", ""))
    except (Invalid, NotFound) as problem:
        return _form(item, given.get("title", "").strip(), worded(problem), other), 422
    flash(_("Thank you. A moderator will review both."))
    return redirect(f"/items/{item_id}")


def _form(item: ItemView, title: str, error: str | None = None, chosen: str | None = None) -> str:
    found: list[Candidate] = (
        [one for one in candidates(title) if one.item.id != item.id]
        if title
        # Who looks for a double knows that there is one: less alike will do.
        else similar_items(item.title, but=[item.id], least=50.0)
    )
    return render_template(
        "community/item_merges/propose.html",
        item=item,
        title=title,
        found=found,
        said=glances(current().id, [one.item.id for one in found]),
        pick=True,
        chosen=chosen,
        error=error,
        given=request.form,
    )


def _id_in(address: str) -> str:
    """The item's id at the end of its address, however it was pasted."""
    return address.strip().split("#")[0].split("?")[0].rstrip("/").rsplit("/", 1)[-1]
