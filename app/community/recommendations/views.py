"""Pages of recommendations: say it, read its history, find it helpful, keep it."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.community.commercial_ties.queries import tie_to, tied_to
from app.community.items.queries import Moved, see_item
from app.community.recommendations import queries, service
from app.community.recommendations.forms import PHOTOS, SayForm, form_of, read_form, with_photos
from app.community.recommendations.values import MAX_PHOTOS, Endorsement, RecommendationView
from app.community.subject_items.queries import describe, find_item, find_subject
from app.kernel.errors import DomainError, Invalid
from app.kernel.ids import ItemId, MemberId, RecommendationId
from app.kernel.subjects import Subject
from app.kernel.viewer import Viewer
from app.market.listings.queries import saved as saved_listings
from app.people.profiles.values import MemberCard
from app.platform.formats import time_tag
from app.platform.limits import check_rate
from app.platform.photo_urls import photo_url
from app.platform.wording import worded
from app.trust.circle.queries import trails
from app.web.drawing import trail as draw_trail
from app.web.edits import ChangedMeanwhile, begin_with, give_back
from app.web.fragments import Fragments
from app.web.frame import viewer
from app.web.guards import current, safe_next, signed_in
from app.web.languages import language

pages = Blueprint("recommendations", __name__)
_words, _acts = Fragments(), Fragments()


@pages.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(draw_endorsement=_draw, draw_buttons=_draw_buttons)


def _draw(said: Endorsement, who: Viewer | None, through: MemberCard | None = None) -> Markup:
    """A row of an item's page: a function, as a page has dozens; what is the same for all viewers is kept."""
    shown = said.shown
    words = _words.get((language(), shown), lambda: _macros().words(shown))
    way = draw_trail(cast(Any, said.trail), through=through) if said.trail or who else ""
    changed = f'<a class="soft" href="{said.url}/history">{escape(_("edited"))}</a>' if said.revisions else ""
    return Markup(  # noqa: S704 - all of it is drawn, and ids hold letters and digits only
        f'<article class="say-row">\n{words}'
        f'    <p class="say-foot">{way}<a class="soft" href="{said.url}">{time_tag(said.at)}</a>{changed}</p>\n'
        f"{_draw_buttons(said)}  </div>\n</article>\n"
    )


def _draw_buttons(said: Endorsement, own: bool = False) -> Markup:
    """To find it helpful and to keep it; for its author how many did."""
    marks = said.marks
    return _acts.get((language(), marks, own), lambda: _macros().acts(marks, own))


def _macros() -> Any:
    return current_app.jinja_env.get_template("macros/recommendation.html").module


@pages.route("/items/<item_id>/recommend", methods=["GET", "POST"])
@signed_in
def say(item_id: ItemId) -> ResponseReturnValue:
    """What the member thinks of an item."""
    try:
        item = see_item(current().id, item_id)
    except Moved as moved:
        # 308: what was typed before the two became one is sent again, not lost.
        return redirect(f"/items/{moved.item_id}/recommend", 308)
    subject = find_subject(item.id)
    if subject is not None:
        return redirect(f"/recommend/{subject.kind}/{subject.id}", 303)
    return _say(item.id, None, item.title, item.url, service.recommend, item.id)


@pages.route("/recommend/<kind>/<subject_id>", methods=["GET", "POST"])
@signed_in
def say_of(kind: str, subject_id: str) -> ResponseReturnValue:
    """Write a recommendation of a listing or a store."""
    subject = Subject(kind, subject_id)
    thing = describe(subject, current().id)
    item_id = find_item(subject)
    return _say(item_id, thing.party, thing.title, thing.url, service.recommend_subject, subject)


@pages.get("/items/<item_id>/subject")
def subject_of(item_id: ItemId) -> ResponseReturnValue:
    """To the listing or the store that the item stands for."""
    who = viewer()
    subject = find_subject(item_id)
    if subject is None:
        return redirect(see_item(who.id if who else None, item_id).url)
    return redirect(describe(subject, who.id if who else None).url)


@pages.get("/recommendations/<recommendation_id>/history")
def history(recommendation_id: RecommendationId) -> ResponseReturnValue:
    """What was said before."""
    who = viewer()
    me = who.id if who else None
    return render_template(
        "community/recommendations/history.html",
        said=queries.get_recommendation_view(me, recommendation_id),
        one=queries.endorsement(me, recommendation_id),
        revisions=queries.history(me, recommendation_id),
    )


@pages.post("/recommendations/<recommendation_id>/remove")
@signed_in
def remove(recommendation_id: RecommendationId) -> ResponseReturnValue:
    said = queries.get_recommendation_view(current().id, recommendation_id)
    service.take_back(current().id, recommendation_id)
    flash(_("Recommendation deleted."))
    return redirect(_url_of(said, current().id))


@pages.post("/recommendations/<recommendation_id>/helpful")
@signed_in
def helpful(recommendation_id: RecommendationId) -> ResponseReturnValue:
    me = current().id
    check_rate(f"helpful:{me}", "120/hour")
    service.set_helpful(me, recommendation_id, helpful=request.form.get("helpful") == "1")
    return _after(recommendation_id, me)


@pages.post("/recommendations/<recommendation_id>/save")
@signed_in
def save(recommendation_id: RecommendationId) -> ResponseReturnValue:
    me = current().id
    service.save_recommendation(me, recommendation_id, keep=request.form.get("keep") == "1")
    return _after(recommendation_id, me)


@pages.get("/saved")
@signed_in
def saved() -> ResponseReturnValue:
    """What the member keeps to find it again: words and offers."""
    me = current().id
    kept = queries.saved(me)
    ways = trails(me, {one.member_id for one in kept} - {me})
    return render_template("community/recommendations/saved.html", kept=kept, trails=ways, listings=saved_listings(me))


def _say(
    item_id: ItemId | None, party: Subject | None, title: str, url: str, recommend: Any, target: Any
) -> ResponseReturnValue:
    me = current().id
    mine = queries.own_words(me, item_id) if item_id else None
    form, refused, status = form_of(mine), None, 200 if request.method == "GET" else 422
    filled_form = begin_with(form.texts()) if mine else None
    if request.method == "POST":
        check_rate(f"recommend:{me}", "60/hour")
        form, refused = with_photos(read_form(request.form), me, request.form, request.files)
        if refused is None:
            try:
                refused = _change(me, mine.id, form) if mine else _sent(me, recommend, target, form)
            except ChangedMeanwhile as problem:
                form, status = form.given_back(problem), problem.status
                filled_form = give_back(problem, _labels(), _names(problem))
        if refused is None and status != ChangedMeanwhile.status:
            flash(_("Posted. People who trust you will see it."))
            return redirect(url, 303)
    page = render_template(
        "community/recommendations/form.html",
        title=title,
        url=url,
        form=form,
        shots=[(one, photo_url(one.id, "thumb")) for one in form.photos],
        most_photos=MAX_PHOTOS,
        tie=_tie(me, item_id, party),
        mine=mine,
        refused=refused,
        filled_form=filled_form,
    )
    return page, status


def _change(me: MemberId, recommendation_id: RecommendationId, form: SayForm) -> str | None:
    try:
        service.change_recommendation(me, recommendation_id, form.merged)
    except Invalid as problem:
        return worded(problem)
    return None


def _labels() -> dict[str, str]:
    return {
        "stance": _("Would you recommend it?"),
        "text": _("In your words"),
        "rating": _("Rating"),
        "disclosure": _("Were you paid or given anything?"),
        PHOTOS: _("Photos"),
    }


def _names(problem: ChangedMeanwhile) -> dict[str, str]:
    """What stands for codes that people do not read."""
    named = {
        "recommend": _("Yes"),
        "neutral": _("Neutral"),
        "avoid": _("No"),
        "none": _("No"),
        "gifted": _("A gift"),
        "paid": _("Paid"),
    }
    shown = {name: str(named.get(text, text)) for name, text in problem.theirs.items() if name != "text"}
    return {**shown, PHOTOS: _("these are your photos and the ones saved since")}


def _sent(me: MemberId, recommend: Any, target: Any, form: SayForm) -> str | None:
    try:
        recommend(
            me,
            target,
            form.stance,
            text=form.text,
            rating=form.number,
            disclosure=form.disclosure,
            photos=form.photos,
        )
    except Invalid as problem:
        return worded(problem)
    return None


def _tie(me: MemberId, item_id: ItemId | None, party: Subject | None) -> bool:
    """Whether the question what they got has no “nothing” for an answer."""
    if item_id is not None:
        return tie_to(me, item_id) is not None
    return party is not None and tied_to(me, party)


def _after(recommendation_id: RecommendationId, me: MemberId) -> ResponseReturnValue:
    """htmx gets the buttons anew; a plain form goes back to where it was sent from."""
    if request.headers.get("HX-Request"):
        return render_template(
            "community/recommendations/_actions.html",
            one=queries.endorsement(me, recommendation_id),
        )
    back = safe_next(request.form.get("next"), f"/recommendations/{recommendation_id}")
    return redirect(back, 303)


def _url_of(said: RecommendationView, me: MemberId) -> str:
    """The page of what it is about: the listing's or the store's own, or the item's."""
    subject = find_subject(said.item_id)
    if subject is not None:
        try:
            return describe(subject, me).url
        except DomainError:
            return "/"
    return said.item_url
