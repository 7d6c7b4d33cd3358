"""One-click unsubscribing, and the operator's list of what could not be sent."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import N_, NotFound
from app.kernel.ids import DeliveryId, MemberId
from app.notifications.delivery import queries, service
from app.notifications.delivery.rendering import DIGEST
from app.notifications.kinds.values import Channel, kind_named
from app.notifications.preferences.service import stop, stop_digests
from app.people.profiles.queries import cards
from app.platform.job_queue import GivenUp
from app.platform.limits import limiter
from app.web.guards import current, needs_role
from app.web.headers import csrf

pages = Blueprint("delivery", __name__)
# What a job does, for the operator.
JOB_TITLES: Final = {
    "send_mail": N_("Email"),
    "mail_confirmation": N_("Email to confirm an address"),
    "mail_reset_link": N_("Email to reset a password"),
    "trust.compute_reputation": N_("Calculating who is trusted"),
    "trust.reputation": N_("Nightly calculation of who is trusted"),
    "trust.snapshot": N_("Saving the connections for the next start"),
    "moderation.rings": N_("Looking for rings of vouches"),
    "widen_asks": N_("Sharing questions one step further"),
    "saved_searches": N_("Summaries of saved searches"),
    "search_folding": N_("Updating the search index"),
    "broken_off_imports": N_("Finishing an interrupted import"),
    "locate_listings": N_("Finding the towns of listings"),
    "offer_deadlines": N_("Reminders and deadlines of offers"),
    "booking_reminders": N_("Reminders of bookings"),
    "read_reaches": N_("Who sees listings with a chosen audience"),
    "forget_reaches": N_("Clean up audiences nobody needs"),
    "widen_listings": N_("Show listings to more people"),
    "end_introductions": N_("End unanswered introductions"),
    "lapse_coupons": N_("Coupons that are held no longer"),
    "order_deadlines": N_("Reminders and deadlines of orders"),
    "review_times": N_("Reminders of reviews, and showing them"),
    "case_deadlines": N_("Reminders and deadlines of complaints"),
    "void_expired_holds": N_("Freeing money that was set aside too long"),
    "refund_at_provider": N_("Refund to a card"),
    "sweep_deliveries": N_("Tidying up sent messages"),
    "sweep_photos": N_("Deleting photos nobody uses"),
    "forget-once-keys": N_("Tidying up sent forms"),
}


@pages.get("/unsubscribe/<token>")
@limiter.limit("60/minute")
def ask(token: str) -> ResponseReturnValue:
    """Changes nothing: mail scanners follow every link."""
    _member, kind, channel = _read(token)
    return render_template("notifications/delivery/unsubscribe.html", **_words(kind, channel), done=False)


@pages.post("/unsubscribe/<token>")
@csrf.exempt
@limiter.limit("60/minute")
def unsubscribe(token: str) -> ResponseReturnValue:
    """What the mail program sends (RFC 8058), and the button of the page: the signature is proof enough."""
    member_id, kind, channel = _read(token)
    if kind == DIGEST:
        stop_digests(member_id, Channel(channel))
    else:
        stop(member_id, kind, Channel(channel))
    return render_template("notifications/delivery/unsubscribe.html", **_words(kind, channel), done=True)


@pages.get("/operator/deliveries")
@needs_role("operator")
def parked() -> ResponseReturnValue:
    found = queries.parked(current().id)
    return render_template(
        "notifications/delivery/parked.html",
        parked=found,
        faces=cards({one.member_id for one in found}),
        jobs=[(one, _job_title(one)) for one in queries.parked_jobs(current().id)],
        kinds={one.kind: _(kind_named(one.kind).title) for one in found},
    )


@pages.post("/operator/deliveries/jobs/<ident>")
@needs_role("operator")
def again_job(ident: str) -> ResponseReturnValue:
    if request.form.get("do") == "drop":
        service.drop_job(current().id, ident)
    elif service.try_job_again(current().id, ident):
        flash(_("Trying again now."))
    return redirect("/operator/deliveries", 303)


@pages.post("/operator/deliveries/<ident>")
@needs_role("operator")
def again(ident: DeliveryId) -> ResponseReturnValue:
    if request.form.get("do") == "drop":
        service.give_up(current().id, ident)
    elif service.try_again(current().id, ident):
        flash(_("Trying again now."))
    return redirect("/operator/deliveries", 303)


def _job_title(one: GivenUp) -> str:
    title = _(JOB_TITLES[one.name]) if one.name in JOB_TITLES else _("Background task")
    return f"{title}: {one.subject}" if one.subject else title


def _read(token: str) -> tuple[MemberId, str, str]:
    found = queries.read_token(token)
    if found is None:
        raise NotFound("This link is incomplete. Copy the whole link from the email.")
    return found


def _words(kind: str, channel: str) -> dict[str, object]:
    title = _("Summaries") if kind == DIGEST else _(kind_named(kind).title)
    return {"what": title, "channel": channel}
