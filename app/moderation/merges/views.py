"""The moderators' page of items that may be one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.community.item_merges.queries import open_merges
from app.kernel.errors import Conflict, Invalid
from app.kernel.ids import MergeId
from app.moderation.merges.service import decide_merge
from app.platform.wording import worded
from app.web.guards import current, needs_role

pages = Blueprint("moderation_merges", __name__)


@pages.get("/moderation/merges")
@needs_role("moderator")
def waiting() -> ResponseReturnValue:
    return _page()


@pages.post("/moderation/merges/<merge_id>")
@needs_role("moderator")
def decide(merge_id: MergeId) -> ResponseReturnValue:
    confirm = request.form.get("decision") == "merge"
    try:
        stays = decide_merge(current().id, merge_id, confirm=confirm, reason=request.form.get("reason", ""))
    except (Conflict, Invalid) as problem:
        return _page(merge_id, worded(problem)), problem.status
    flash(_("Merged and saved to the log.") if confirm else _("Kept separate and saved to the log."))
    return redirect(f"/items/{stays}" if confirm else "/moderation/merges")


def _page(refused: str | None = None, error: str | None = None) -> str:
    page = open_merges(current().id, cursor=request.args.get("cursor"))
    return render_template("moderation/merges/waiting.html", page=page, refused=refused, error=error)
