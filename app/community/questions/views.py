"""Pages of asks: mine, those that came to me, one with its answers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.community.items.queries import answers_to, candidates, titled
from app.community.questions import answering, queries, service
from app.community.questions.forms import AnswerForm, QuestionForm
from app.community.questions.values import EVERYBODY, MAX_ANSWER_LENGTH, QuestionPage
from app.community.recommendations.queries import glances
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.ids import AnswerId, ItemId, MemberId, QuestionId, is_id
from app.kernel.subjects import Subject
from app.notifications.inbox.service import mark_subject_read
from app.platform.limits import check_rate
from app.platform.places.lookup import learn
from app.platform.wording import worded
from app.web.edits import ChangedMeanwhile
from app.web.guards import current, fragment, signed_in

pages = Blueprint("asks", __name__)
KNOWN = 4  # items that may be the answer already


@pages.get("/asks")
@signed_in
def browse() -> ResponseReturnValue:
    me, cursor = current().id, request.args.get("cursor")
    mine = request.args.get("whose") == "mine"
    page = queries.asks_of(me, cursor=cursor) if mine else queries.asks_for(me, cursor=cursor)
    more = f"/asks?{'whose=mine&' if mine else ''}cursor={page.next}" if page.next else None
    return render_template("community/questions/browse.html", page=page, mine=mine, more_url=more)


@pages.route("/asks/new", methods=["GET", "POST"])
@signed_in
def new() -> ResponseReturnValue:
    form, me = QuestionForm(), current().id
    if form.validate_on_submit():
        try:
            check_rate(f"ask:{me}", "20/hour")
            ask_id = service.publish_question(me, form.draft())
        except Invalid as problem:
            form.text.errors = [worded(problem)]
        else:
            flash(_("Question posted. Your circle sees it first."))
            return redirect(f"/asks/{ask_id}?asked=1")
    elif request.method == "GET":
        form.text.data, form.topic.data = request.args.get("text", ""), request.args.get("topic", "")
    status = 422 if request.method == "POST" else 200
    return render_template("community/questions/form.html", form=form, ask=None, **_known("")), status


@pages.get("/asks/known")
@signed_in
@fragment
def known() -> ResponseReturnValue:
    """While somebody asks: what people they trust recommend already."""
    me, args = current().id, request.args
    check_rate(f"suggest:{me}", "240/minute")
    words = " ".join(args.get(name, "")[:600] for name in ("text", "topic", "place"))
    return render_template("community/questions/_known.html", **_known(words))


@pages.get("/asks/<ask_id>")
@signed_in
def show(ask_id: QuestionId) -> ResponseReturnValue:
    me = current().id
    page = queries.get_question(me, ask_id)
    if page.card.new:
        service.mark_seen(me, ask_id)
        mark_subject_read(me, Subject("ask", ask_id))
    return _show(page)


@pages.route("/asks/<ask_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(ask_id: QuestionId) -> ResponseReturnValue:
    me = current().id
    page = queries.get_question(me, ask_id)
    if not page.card.mine:
        raise NotFound("This question doesn’t exist, or wasn’t shared with you.")
    status = 422 if request.method == "POST" else 200
    form = QuestionForm(text=page.card.text, topic=page.card.topic, place=page.card.place, reach=page.card.reach)
    if form.validate_on_submit():
        learn(form.place.data or "")
        try:
            service.edit_question(me, ask_id, form.merged)
        except ChangedMeanwhile as problem:
            status = problem.status
        except Invalid as problem:
            field = form.reach if problem.error_code == "bad_reach" else form.text
            field.errors = [worded(problem)]
        else:
            flash(_("Saved."))
            return redirect(f"/asks/{ask_id}")
    return render_template("community/questions/form.html", form=form, ask=page.card, **_known("")), status


@pages.post("/asks/<ask_id>/answers")
@signed_in
def answer(ask_id: QuestionId) -> ResponseReturnValue:
    """In words; with an item that is chosen, else "is it one of these?", else with a new one."""
    me, given = current().id, request.form
    page = queries.get_question(me, ask_id)
    title = given.get("title", "").strip()
    found: list[Any] = []
    try:
        check_rate(f"recommend:{me}", "60/hour")
        item_id = ItemId(given.get("item") or _item_in(title))
        if not item_id and "confirmed" not in given and title:
            found = candidates(title[:200])
            # Written as it is called here, it is that one: nobody is asked which they mean.
            item_id = titled(found, title) or item_id
        if found and not item_id:
            return _show(page, found=found)
        _give(me, ask_id, item_id, title)
    except (Conflict, Invalid, NotFound) as problem:
        return _show(page, error=worded(problem)), problem.status
    flash(_("Answer posted. %(name)s will see it.", name=page.card.author.name))
    return redirect(f"/asks/{ask_id}#answers")


@pages.route("/answers/<answer_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_answer(answer_id: AnswerId) -> ResponseReturnValue:
    me = current().id
    page, mine = queries.own_answer(me, answer_id)
    status = 422 if request.method == "POST" else 200
    form = AnswerForm(text=mine.text)
    form.text.flags.required = mine.said is None
    if form.validate_on_submit():
        try:
            answering.edit_answer(me, answer_id, form.merged)
        except ChangedMeanwhile as problem:
            status = problem.status
        except Invalid as problem:
            form.text.errors = [worded(problem)]
        else:
            flash(_("Saved."))
            return redirect(f"{page.card.url}#answer-{answer_id}")
    return render_template("community/questions/answer_form.html", form=form, ask=page.card, answer=mine), status


@pages.post("/answers/<answer_id>/remove")
@signed_in
def remove_answer(answer_id: AnswerId) -> ResponseReturnValue:
    ask_id = answering.remove_answer(current().id, answer_id)
    flash(_("Answer deleted."))
    return redirect(f"/asks/{ask_id}#answers")


@pages.post("/asks/<ask_id>/thanks")
@signed_in
def thank(ask_id: QuestionId) -> ResponseReturnValue:
    answering.thank_for(current().id, ask_id, AnswerId(request.form.get("answer", "")))
    flash(_("Thanks sent."))
    return redirect(f"/asks/{ask_id}#answers")


@pages.post("/asks/<ask_id>/widen")
@signed_in
def widen(ask_id: QuestionId) -> ResponseReturnValue:
    try:
        hops = service.widen_question(current().id, ask_id)
    except (Conflict, Invalid) as problem:
        flash(worded(problem), "error")
    else:
        flash(_("Everyone can answer now.") if hops == EVERYBODY else _("Shared one step further."))
    return redirect(f"/asks/{ask_id}")


@pages.post("/asks/<ask_id>/close")
@signed_in
def close(ask_id: QuestionId) -> ResponseReturnValue:
    try:
        service.close_question(current().id, ask_id)
    except Conflict as problem:
        flash(worded(problem), "error")
    else:
        flash(_("Question closed. The answers stay visible."))
    return redirect(f"/asks/{ask_id}")


@pages.post("/asks/<ask_id>/remove")
@signed_in
def remove(ask_id: QuestionId) -> ResponseReturnValue:
    service.remove_question(current().id, ask_id)
    flash(_("Question deleted."))
    return redirect("/asks?whose=mine")


def _give(me: MemberId, ask_id: QuestionId, item_id: ItemId, title: str) -> None:
    given = request.form
    text = given.get("text", "")
    if not item_id and not title:
        answering.answer_in_words(me, ask_id, text)
        return
    # The words stay between those whom the question has reached, unless the member wants them on the item's page.
    shared = "shared" in given
    said: dict[str, Any] = {
        "words": "" if shared else text,
        "text": text if shared else "",
        "disclosure": given.get("disclosure", ""),
    }
    if item_id:
        answering.answer_question(me, ask_id, item_id, **said)
    else:
        answering.answer_with_new(
            me, ask_id, title=title, kind=given.get("kind", ""), category=given.get("category", ""), **said
        )


def _show(page: QuestionPage, *, found: list[Any] | None = None, error: str | None = None) -> str:
    me, card = current().id, page.card
    asked = card.mine and "asked" in request.args
    words = f"{card.text} {card.topic} {card.place}"
    return render_template(
        "community/questions/show.html",
        page=page,
        ask=card,
        given=request.form,
        error=error,
        found=found or [],
        said=glances(me, [one.item.id for one in found or []]),
        longest=MAX_ANSWER_LENGTH,
        **_known(words if asked else ""),
    )


def _known(words: str) -> dict[str, Any]:
    """Items the question may be about, those first that more trusted people recommend."""
    if len(words.strip()) < 4:
        return {"known": [], "known_said": {}}
    items = answers_to(words)
    said = glances(current().id, [one.id for one in items])
    spoken = [one for one in items if said[one.id].recommending or said[one.id].others]
    spoken.sort(key=lambda one: -said[one.id].recommending)
    return {"known": spoken[:KNOWN], "known_said": said}


def _item_in(text: str) -> str:
    """The id when somebody pasted the address of an item of ours."""
    _before, found, after = text.partition("/items/")
    return after[:26] if found and is_id(after[:26]) else ""
