"""A member's page, and my own face."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.community.questions.queries import thanked_count
from app.community.recommendations.queries import by_member
from app.discovery.people_suggestions.queries import friends_in_common
from app.kernel.errors import DomainError
from app.market.listings.queries import of_seller
from app.market.pins.queries import on_top
from app.market.records.queries import record_of
from app.market.reviews.queries import praise_of
from app.people.accounts.queries import member_id
from app.people.blocks.queries import who_blocks
from app.people.profiles import queries, service
from app.people.profiles.forms import ProfileForm
from app.platform.markup import render_markdown
from app.platform.places.lookup import learn
from app.platform.settings import Settings
from app.platform.wording import worded
from app.trust.circle.queries import trail_to
from app.trust.vouches import queries as vouches
from app.web.edits import ChangedMeanwhile
from app.web.frame import viewer
from app.web.guards import current, safe_next, signed_in
from app.web.languages import LANGUAGE_COOKIE

pages = Blueprint("profiles", __name__)
SHOWN_LISTINGS = 8
SHOWN_RECOMMENDATIONS = 10
_YEAR: Final = 365 * 24 * 3600  # seconds


@pages.get("/m/<handle>")
def show(handle: str) -> ResponseReturnValue:
    """Who this is, how the viewer knows them, what they recommend and offer."""
    ident = member_id(handle)
    profile = queries.profile(ident)
    who = viewer()
    viewer_id = who.id if who else None
    blockers = who_blocks(who.id, ident) if who is not None else frozenset[int]()
    # Of whom the viewer is not in touch with, and of the suspended, only the face is left.
    bare = profile.suspended or bool(blockers)
    panel = vouches.panel(viewer_id, ident)
    pinned, listings = on_top(viewer_id, ident, of_seller(viewer_id, ident, limit=SHOWN_LISTINGS))
    return render_template(
        "people/profiles/show.html",
        profile=replace(profile, bio="", place="") if bare else profile,
        card=profile.card,
        bio=render_markdown("" if bare else profile.bio),
        own=viewer_id == ident,
        blocked=viewer_id in blockers,
        trail=trail_to(viewer_id, ident) if viewer_id != ident else None,
        friends=None if bare else friends_in_common(viewer_id, ident),
        helped=thanked_count(ident),
        panel=panel,
        recommendations=by_member(viewer_id, ident, limit=SHOWN_RECOMMENDATIONS),
        pinned=pinned,
        listings=listings,
        praise=None if bare else praise_of(viewer_id, ident),
        record={} if bare else record_of(ident),
    )


@pages.get("/me")
@signed_in
def me() -> ResponseReturnValue:
    """All that belongs to the viewer, one tap away."""
    return render_template("people/profiles/me.html", profile=queries.profile(current().id))


@pages.get("/settings/profile")
@signed_in
def edit() -> ResponseReturnValue:
    profile = queries.profile(current().id)
    form = ProfileForm(
        name=profile.card.name,
        place=profile.place,
        bio=profile.bio,
        discreet=profile.card.discreet,
    )
    return render_template("people/profiles/edit.html", form=form, profile=profile)


@pages.post("/settings/profile")
@signed_in
def save() -> ResponseReturnValue:
    who = current()
    form, status = ProfileForm(), 422
    if form.validate_on_submit():
        upload = request.files.get("avatar")
        field = form.avatar
        try:
            if upload is not None and upload.filename:
                service.set_avatar(who.id, upload.stream)
            elif form.remove_avatar.data:
                service.remove_avatar(who.id)
            field = form.bio
            learn(form.place.data or "")
            service.change_profile(who.id, form.merged)
        except ChangedMeanwhile as problem:
            status = problem.status
        except DomainError as problem:
            field.errors = [*field.errors, worded(problem)]
        else:
            flash(_("Saved."))
            return redirect(f"/m/{who.handle}")
    return render_template("people/profiles/edit.html", form=form, profile=queries.profile(who.id)), status


@pages.post("/language")
def choose_language() -> ResponseReturnValue:
    """For members their setting; the cookie is for guests, and for the pages after the sign-out."""
    wanted, who = request.form.get("language", ""), viewer()
    service.check_language(wanted)
    if who is not None:
        service.choose_language(who.id, wanted)
    answer = redirect(safe_next(request.form.get("next")), 303)
    settings: Settings = current_app.config["KIN"]
    answer.set_cookie(LANGUAGE_COOKIE, wanted, max_age=_YEAR, httponly=True, samesite="Lax", secure=settings.https)
    return answer
