"""Pages of things: look, add, and see who recommends them."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.community.items import queries, service
from app.community.items.forms import ItemForm
from app.community.items.values import MAX_TITLE_LENGTH, Candidate
from app.community.recommendations import queries as recommendations
from app.community.recommendations.values import Stance
from app.kernel.bounds import whole
from app.kernel.errors import Invalid
from app.kernel.ids import ItemId, MemberId
from app.platform.collation import sort_key
from app.platform.files import store_photo
from app.platform.limits import check_rate
from app.platform.vocabulary.reading import category_name
from app.platform.wording import worded
from app.web.frame import viewer
from app.web.guards import current, fragment, signed_in

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
        categories=_named(queries.categories()),
        more_url=f"/items?{more}" if more else None,
    )


@pages.route("/items/new", methods=["GET", "POST"])
@signed_in
def new() -> ResponseReturnValue:
    """Add a thing; before it is saved: "is it one of these?", which loses nothing that was typed."""
    form, me = ItemForm(), current().id
    if request.method == "GET":
        form.title.data = request.args.get("title", "")
        return render_template("community/items/new.html", form=form, found=[], said={})
    found: list[Candidate] = []
    status = 422
    if form.validate_on_submit():
        check_rate(f"item:{me}", "60/hour")
        try:
            _keep_photo(form, me)
            if "confirmed" not in request.form:
                found = queries.candidates(form.title.data, form.gtin.data or "", form.url.data or "")
            if not found:
                item_id = _add(form, me)
                flash(_("Added. Now write your recommendation."))
                return redirect(f"/items/{item_id}/recommend")
            status = 200
        except service.Duplicate as there:
            found, status = list(there.candidates), there.status
        except Invalid as problem:
            fields = {"bad_gtin": form.gtin, "bad_url": form.url, "bad_photo": form.photo}
            fields.get(problem.error_code, form.title).errors = [worded(problem)]
    said = recommendations.glances(me, [one.item.id for one in found])
    return render_template("community/items/new.html", form=form, found=found, said=said), status


@pages.get("/items/suggest")
@signed_in
@fragment
def suggest() -> ResponseReturnValue:
    """While somebody types: what is there already. `pick` asks for choices of a form."""
    me, args = current().id, request.args
    check_rate(f"suggest:{me}", "240/minute")
    title = args.get("title", "").strip()[:MAX_TITLE_LENGTH]
    found = queries.candidates(title, args.get("gtin", ""), args.get("url", "")) if len(title) > 1 else []
    said = recommendations.glances(me, [one.item.id for one in found])
    chosen = queries.titled(found, title) if "pick" in args else None
    return render_template("community/items/_alike.html", found=found, said=said, pick="pick" in args, chosen=chosen)


@pages.get("/items/<item_id>")
def show(item_id: ItemId) -> ResponseReturnValue:
    """An item with its word of mouth."""
    who = viewer()
    try:
        item = queries.see_item(who.id if who else None, item_id)
    except queries.Moved as moved:
        return redirect(f"/items/{moved.item_id}", 301)
    most = recommendations.EVERYBODY if "all" in request.args else recommendations.SHOWN
    stance = request.args.get("stance", "")
    found = recommendations.endorsements(
        who.id if who else None,
        item_id,
        most=most,
        others=recommendations.OTHERS,
        start=max(0, request.args.get("from", 0, type=whole)),
        stance=stance if stance in set(Stance) else None,
        category=item.category,
    )
    return render_template("community/items/show.html", item=item, found=found, stance=stance)


def _named(words: list[str]) -> list[tuple[str, str]]:
    """Categories with their names in the reader's language, in the order of its alphabet."""
    tongue = str(get_locale() or "en")
    named = [(one, category_name(one)) for one in words]
    return sorted(named, key=lambda one: sort_key(one[1], tongue))


def _keep_photo(form: ItemForm, me: MemberId) -> None:
    photo = form.photo.data
    if photo and photo.filename:
        form.photo_id.data = store_photo(photo.stream, me).id


def _add(form: ItemForm, me: MemberId) -> str:
    return service.add_item(
        me,
        kind=form.kind.data,
        title=form.title.data,
        category=form.category.data or "",
        description=form.description.data or "",
        maker=form.maker.data or "",
        gtin=form.gtin.data or "",
        url=form.url.data or "",
        photo_id=form.photo_id.data or None,
    )
