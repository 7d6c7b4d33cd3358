"""The moderators' pages of rings."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import Conflict, Invalid, TooMany
from app.kernel.ids import RingId
from app.moderation.rings import queries, service
from app.platform.jobs import enqueue
from app.platform.limits import check_rate
from app.platform.wording import worded
from app.trust.circle.queries import trails
from app.web.guards import current, needs_role

pages = Blueprint("rings", __name__)


@pages.get("/moderation/rings")
@needs_role("moderator")
def waiting() -> ResponseReturnValue:
    decided = request.args.get("show") == "decided"
    found = queries.rings(current().id, decided=decided)
    return render_template("moderation/rings/list.html", rings=found, decided=decided)


@pages.post("/moderation/rings/look")
@needs_role("moderator")
def look() -> ResponseReturnValue:
    check_rate("rings:look", "6/hour")
    enqueue("moderation.rings")
    flash(_("Checking all vouches. Results will appear here."))
    return redirect("/moderation/rings")


@pages.get("/moderation/rings/<ring_id>")
@needs_role("moderator")
def show(ring_id: RingId) -> ResponseReturnValue:
    return _page(ring_id)


@pages.post("/moderation/rings/<ring_id>")
@needs_role("moderator")
def decide(ring_id: RingId) -> ResponseReturnValue:
    me, reason = current().id, request.form.get("reason", "")
    try:
        if request.form.get("decision") == "report":
            service.report_members(me, ring_id, request.form.getlist("member"), reason)
            flash(_("Reported. Each member now has a report in the queue."))
        elif request.form.get("decision") == "dismiss":
            service.dismiss(me, ring_id, reason)
            flash(_("Dismissed and saved to the log."))
        else:
            raise Invalid("Choose what to do.", code="bad_decision")
    except (Conflict, Invalid, TooMany) as problem:
        return _page(ring_id, worded(problem)), problem.status
    return redirect("/moderation/rings")


def _page(ring_id: RingId, error: str | None = None) -> str:
    me = current().id
    ring = queries.get_ring(me, ring_id)
    ways = trails(me, [one.member.id for one in ring.members if one.member.id != me])
    chosen = set(request.form.getlist("member"))
    return render_template(
        "moderation/rings/show.html", ring=ring, trails=ways, error=error, chosen=chosen, form=request.form
    )
