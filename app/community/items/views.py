"""Pages of things: look, add, and see who recommends them."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.community.items import queries, service
from app.community.items.forms import ItemForm
from app.community.recommendations import queries as recommendations
from app.community.recommendations.values import Said, Stance
from app.kernel.errors import Invalid
from app.platform.files import store_photo
from app.platform.limits import check_rate
from app.web.frame import viewer
from app.web.guards import current, signed_in

pages = Blueprint("items", __name__)


@pages.get("/items")
def browse() -> ResponseReturnValue:
    q, category = request.args.get("q", "").strip(), request.args.get("category", "")
    page = queries.browse(q, category, cursor=request.args.get("cursor"))
    more = urlencode({"q": q, "category": category, "cursor": page.next}) if page.next else None
    return render_template(
        "community/items/browse.html",
        page=page,
        q=q,
        category=category,
        categories=queries.categories(),
        more_url=f"/items?{more}" if more else None,
    )


@pages.route("/items/new", methods=["GET", "POST"])
@signed_in
def new() -> ResponseReturnValue:
    form = ItemForm()
    if form.validate_on_submit():
        me = current().id
        check_rate(f"item:{me}", "30/hour")
        try:
            photo = form.photo.data
            photo_id = store_photo(photo.stream, me).id if photo and photo.filename else None
            item_id = service.add_item(
                me,
                kind=form.kind.data,
                title=form.title.data,
                category=form.category.data or "",
                description=form.description.data or "",
                photo_id=photo_id,
            )
        except Invalid as problem:
            form.title.errors = [problem.message]
        else:
            flash(_("Added. What do you think of it?"))
            return redirect(f"/items/{item_id}#say")
    elif request.method == "GET":
        form.title.data = request.args.get("title", "")
    status = 422 if request.method == "POST" else 200
    return render_template("community/items/new.html", form=form), status


@pages.get("/items/<item_id>")
def show(item_id: str) -> ResponseReturnValue:
    """An item with its word of mouth."""
    who = viewer()
    item = queries.get_item(item_id)
    most = recommendations.EVERYBODY if "all" in request.args else recommendations.SHOWN
    found = recommendations.endorsements(who.id if who else None, item_id, most=most)
    mine: Said | None = recommendations.own(who.id, item_id) if who else None
    return render_template(
        "community/items/show.html", item=item, found=found, mine=mine, stances=list(Stance)
    )
