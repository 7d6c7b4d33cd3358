"""The first page: my circle, everybody, or a welcome; and what members tell the feed."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.discovery.feed import queries, service
from app.discovery.feed.forms import merged_personal, merged_topics, personal_form, topics_form
from app.discovery.feed.values import CIRCLE, EXPLORE, Choice, Entry
from app.discovery.feed.wishes import wishes_of
from app.kernel.ids import MemberId
from app.kernel.viewer import Viewer
from app.people.accounts.values import OPERATOR
from app.people.profiles.queries import cards
from app.platform.formats import time_tag
from app.trust.reputation.queries import has_seeds
from app.web.drawing import trail as draw_trail
from app.web.fragments import Fragments
from app.web.frame import viewer
from app.web.guards import current, safe_next, signed_in
from app.web.languages import language

pages = Blueprint("feed", __name__)
_things, _menus = Fragments(), Fragments()


@pages.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["draw_entry"] = _draw


def _draw(one: Entry, menu_opens: str, menu_closes: str, personal: bool) -> Markup:
    """One entry: a function, as a page has twenty; what is the same for all who see it is kept.

    The two ends of the menu are those of the page, empty for a visitor.
    """
    tongue = language()
    why = draw_trail(cast(Any, one.trail)) if one.trail else _parts().why(one.reason, one.because)
    thing = _things.get((tongue, one.member, one.said, one.listing), lambda: _parts().thing(one))
    menu = f"    {menu_opens}\n{_choices(tongue, one, personal)}      {menu_closes}" if menu_opens else ""
    return Markup(  # noqa: S704 - all four are drawn
        f'<article class="card feed-entry">\n  <div class="feed-why">{why}<span class="row">{time_tag(one.at)}{menu}'
        f"</span></div>\n{thing}</article>\n"
    )


def _choices(tongue: str, one: Entry, personal: bool) -> Markup:
    at, less = f"{one.kind}/{one.id}", bool(one.category)
    return _menus.get((tongue, at, personal, less), lambda: _parts().choices(at, personal, less))


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
    topics = queries.topics_to_choose(wishes.topics)
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
    """The first page after joining: topics for the first feed."""
    wishes = wishes_of(current().id)
    topics = queries.topics_to_choose(wishes.topics)
    return render_template("discovery/feed/topics.html", wishes=wishes, topics=topics, topics_form=topics_form(topics))
