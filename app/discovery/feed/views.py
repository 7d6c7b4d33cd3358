"""The first page: my circle, everybody, or a welcome; and what members tell the feed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from app.community.recommendations.values import Stance
from app.discovery.feed import queries, service
from app.discovery.feed.forms import merged_personal, merged_topics, personal_form, topics_form
from app.discovery.feed.values import CIRCLE, EXPLORE, Choice, Entry
from app.discovery.feed.wishes import wishes_of
from app.discovery.people_suggestions.queries import suggestions
from app.kernel.ids import MemberId
from app.kernel.viewer import Viewer
from app.people.accounts.values import OPERATOR
from app.people.profiles.queries import cards
from app.platform.formats import time_tag
from app.trust.reputation.queries import has_seeds
from app.web.drawing import faces
from app.web.drawing import trail as draw_trail
from app.web.fragments import Fragments
from app.web.frame import viewer
from app.web.guards import current, safe_next, signed_in
from app.web.languages import language

pages = Blueprint("feed", __name__)
WELCOMED_BY = 4  # people suggested to a newcomer
_things, _menus, _people = Fragments(), Fragments(), Fragments()


@pages.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(draw_entry=_draw, draw_tile=_draw_tile)


def _draw(one: Entry, who: Viewer | None, menu_opens: str, menu_closes: str, personal: bool) -> Markup:
    """A thing with what people say of it: a function, as a page has twenty; what all see alike is kept.

    The two ends of the menu are those of the page, empty for a visitor.
    """
    words = (one, *one.further)
    lead = _names(words) if one.further else _who(one)
    agreed = len({each.stance for each in words}) == 1
    said = "".join(_words(each, who, lead=not one.further, first=each is one, agreed=agreed) for each in words)
    unshown = f'<p><a href="{one.url}">{_more(one.unshown)}</a></p>' if one.unshown else ""
    return Markup(  # noqa: S704 - all of it is drawn
        f'<article class="card feed-entry">\n  {_picture(one)}<div class="feed-body">\n  <div class="feed-top">{lead}'
        f"{_menu(one, menu_opens, menu_closes, personal)}</div>\n{_thing(one)}{said}{unshown}</div></article>\n"
    )


def _draw_tile(one: Entry, menu_opens: str, menu_closes: str, personal: bool) -> Markup:
    """A thing among many: its picture, and who leads there."""
    if one.trail:
        why = draw_trail(cast(Any, one.trail))
    else:
        why = _people.get((language(), one.reason, one.because), lambda: _parts().reason(one.reason, one.because))
    return Markup(  # noqa: S704 - all of it is drawn
        f'<article class="card feed-tile">\n  {_picture(one)}<div class="feed-body">\n{_thing(one)}'
        f'<p class="feed-told">{_names((one, *one.further))}{_notes(one)}</p>{why}</div>'
        f"{_menu(one, menu_opens, menu_closes, personal)}</article>\n"
    )


def _words(one: Entry, who: Viewer | None, *, lead: bool, first: bool, agreed: bool) -> str:
    """What one person says: the first of a card with all buttons, the others with a link to theirs."""
    if one.said is None or one.marks is None:
        sale = one.listing
        if who is None or sale is None or sale.mine:
            return ""
        return _menus.get((language(), sale.id, sale.saved), lambda: _parts().keep(sale))
    person = "" if lead else _who(one, stance=not agreed)
    text = f'<div class="prose feed-prose" dir="auto">{one.said.text_html}</div>' if one.said.text_html else ""
    if not first:
        acts = _parts().comments(one.marks) if one.marks.comments else Markup()
    else:
        acts = _draw_buttons()(one, one.member.id == who.id) if who else Markup()
    return f'<div class="feed-words">{person}{text}{acts}</div>\n'


def _notes(one: Entry) -> Markup | str:
    if not one.disclosure or one.disclosure == "none":
        return ""
    return _menus.get((language(), one.disclosure), lambda: _parts().disclosed(one.disclosure))


def _who(one: Entry, *, stance: bool = True) -> str:
    """The faces from the viewer to whoever speaks, the name, and how they are known.

    Without the stance where the card has said it of all.
    """
    key = (language(), one.member, one.trail, one.reason, one.because, stance and one.stance, one.disclosure, one.sale)
    drawn = _people.get(key, lambda: _parts().who(one, faces(cast(Any, one.trail)) if one.trail else "", stance))
    return f'<div class="feed-who">{drawn}<small class="soft">{time_tag(one.at)}</small></div>'


def _names(words: Sequence[Entry]) -> str:
    """Who says it, in a sentence."""
    drawn = [
        Markup('<a class="name" href="/m/{}"><bdi>{}</bdi></a>').format(o.member.handle, o.member.name) for o in words
    ]
    stances, others = {one.stance for one in words}, len(words) - 2 + words[0].unshown
    if len(words) == 1:
        alone = "" if words[0].stance else " feed-name-alone"
        return f'<span class="feed-names{alone}">{_sentence(words[0], drawn[0])}</span>'
    first, second = drawn[:2]
    if others and stances == {Stance.RECOMMEND}:
        text = ngettext(
            "%(first)s, %(second)s and %(num)s other recommend this",
            "%(first)s, %(second)s and %(num)s others recommend this",
            others,
            first=first,
            second=second,
        )
    elif others:
        text = ngettext(
            "%(first)s, %(second)s and %(num)s other reviewed this",
            "%(first)s, %(second)s and %(num)s others reviewed this",
            others,
            first=first,
            second=second,
        )
    elif stances == {Stance.RECOMMEND}:
        text = _("%(first)s and %(second)s recommend this", first=first, second=second)
    elif stances == {Stance.AVOID}:
        text = _("%(first)s and %(second)s would avoid this", first=first, second=second)
    else:
        text = _("%(first)s and %(second)s reviewed this", first=first, second=second)
    return f'<span class="feed-names">{text}</span>'


def _sentence(one: Entry, name: Markup) -> str:
    if one.stance == Stance.RECOMMEND:
        return str(_("%(name)s recommends this", name=name))
    if one.stance == Stance.AVOID:
        return str(_("%(name)s would avoid this", name=name))
    return str(_("%(name)s reviewed this", name=name)) if one.stance else name


def _more(number: int) -> str:
    return str(ngettext("Read %(num)s more", "Read %(num)s more", number))


def _picture(one: Entry) -> Markup:
    return _things.get((one.url, one.photo_url), lambda: _parts().picture(one))


def _thing(one: Entry) -> Markup:
    key = (language(), one.url, one.title, one.listing)
    return _things.get(key, lambda: _parts().thing(one))


def _menu(one: Entry, opens: str, closes: str, personal: bool) -> str:
    if not opens:
        return ""
    tongue, at, less = language(), f"{one.kind}/{one.id}", bool(one.category)
    choices = _menus.get((tongue, at, personal, less), lambda: _parts().choices(at, personal, less))
    return f"\n    {opens}\n{choices}      {closes}"


def _draw_buttons() -> Callable[[Any, bool], Markup]:
    """Those of a recommendation's own page."""
    found: Callable[[Any, bool], Markup] = current_app.jinja_env.globals["draw_buttons"]  # type: ignore[assignment] # of recommendations
    return found


def _parts() -> Any:
    return current_app.jinja_env.get_template("discovery/feed/_entry.html").module


@pages.get("/")
def circle() -> ResponseReturnValue:
    """What the viewer used last, the circle or everything; visitors are welcomed."""
    who = viewer()
    if who is None:
        page = queries.feed(None, EXPLORE, limit=6)
        return render_template("discovery/feed/welcome.html", page=page)
    asked = CIRCLE if request.args.get("mode") == CIRCLE else None
    return _page(asked, "/", who)


@pages.get("/explore")
def explore() -> ResponseReturnValue:
    """Everything new, with the paths where there are any."""
    return _page(EXPLORE, "/explore", viewer())


def _page(mode: str | None, address: str, who: Viewer | None) -> ResponseReturnValue:
    viewer_id = who.id if who else None
    page = queries.feed(viewer_id, mode, cursor=request.args.get("cursor"))
    if viewer_id is not None and mode is not None and page.remembered != mode:
        service.remember_mode(viewer_id, mode)
    if page.mode == EXPLORE:
        address = "/explore"
    operator = who is not None and who.is_a(OPERATOR)
    more = f"{address}?{'mode=circle&' if page.mode == CIRCLE else ''}cursor={page.next}"
    return render_template(
        "discovery/feed/feed.html",
        page=page,
        mode=page.mode,
        feed_mode=page.mode,
        more_url=more if page.next else None,
        seedless=operator and page.personal and not has_seeds(),
    )


@pages.post("/feed/<choice>/<kind>/<ident>")
@signed_in
def choose(choice: str, kind: str, ident: str) -> ResponseReturnValue:
    """From an entry's menu; the entry gives way to a line that can take it back."""
    target = service.choose(current().id, choice, kind, ident)
    if request.headers.get("HX-Request"):
        return render_template("discovery/feed/_chosen.html", choice=choice, target=target)
    flash(_("Done. You can undo this in your feed settings."))
    return redirect(safe_next(request.form.get("next")))


@pages.post("/feed/checklist/dismiss")
@signed_in
def dismiss_checklist() -> ResponseReturnValue:
    service.dismiss_checklist(current().id)
    return redirect(safe_next(request.form.get("next"), "/"))


@pages.post("/feed/take-back")
@signed_in
def take_back() -> ResponseReturnValue:
    service.take_back(current().id, request.form.get("choice", ""), request.form.get("target", ""))
    flash(_("Undone."))
    return redirect(safe_next(request.form.get("next"), "/settings/feed"))


@pages.get("/settings/feed")
@signed_in
def settings() -> ResponseReturnValue:
    """Personalisation, topics, and what was hidden."""
    wishes = wishes_of(current().id)
    chosen = queries.choices_of(current().id)
    people = cards(MemberId(int(one.target)) for one in chosen if one.choice == Choice.TASTE)
    topics = queries.topics_to_choose(wishes.ticked)
    return render_template(
        "discovery/feed/settings.html",
        wishes=wishes,
        chosen=chosen,
        people=people,
        topics=topics,
        personal_form=personal_form(wishes.personal),
        topics_form=topics_form(topics),
    )


@pages.post("/settings/feed")
@signed_in
def change_settings() -> ResponseReturnValue:
    who = current().id
    if "personal_asked" in request.form:
        service.personalise(who, merged_personal)
    if "topics_asked" in request.form:
        service.choose_topics(who, merged_topics)
    flash(_("Saved."))
    return redirect(safe_next(request.form.get("next"), "/settings/feed"))


@pages.get("/welcome")
@signed_in
def welcome() -> ResponseReturnValue:
    """The first page after joining: topics for the first feed, and people who may be known already."""
    me = current().id
    wishes = wishes_of(me)
    topics = queries.topics_to_choose(wishes.ticked)
    return render_template(
        "discovery/feed/topics.html",
        wishes=wishes,
        topics=topics,
        topics_form=topics_form(topics),
        suggestions=suggestions(me, limit=WELCOMED_BY),
    )
