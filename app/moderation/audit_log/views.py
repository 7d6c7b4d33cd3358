"""The log of the moderators, for moderators."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.moderation.audit_log.queries import log_page
from app.web.guards import current, needs_role

pages = Blueprint("audit_log", __name__)


@pages.get("/moderation/log")
@needs_role("moderator")
def log() -> ResponseReturnValue:
    page = log_page(current().id, cursor=request.args.get("cursor"))
    return render_template("moderation/audit_log/log.html", page=page)
