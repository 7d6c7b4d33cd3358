"""Who reported a thing, and whose thing it is, learn what a moderator decided, and why."""

from __future__ import annotations

from flask_babel import gettext as _

from app.kernel.errors import NotFound
from app.kernel.events import Event
from app.kernel.subjects import Subject
from app.moderation.actions.queries import reason_of
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.queries import told_of
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import MODERATED, REPORT_DECIDED


def react(event: Event, _event_id: int) -> None:
    """The author gets the statement of reasons, without a word of who reported it."""
    if not isinstance(event, ReportDecided):
        return
    try:
        title, reporters = told_of(event.report_id)
    except NotFound:
        return
    acted = event.decision != "dismiss"
    for report_id, reporter_id in reporters:
        notify(
            reporter_id,
            REPORT_DECIDED,
            Subject("report", report_id),
            key=f"decided:{report_id}",
            data={
                "title": title,
                "text": _("It broke the rules of the community, and something was done about it. Thank you.")
                if acted
                else _("It was looked at, and it is within the rules of the community. Thank you for the hint."),
            },
        )
    if acted and event.author_id is not None:
        notify(
            event.author_id,
            MODERATED,
            Subject(event.subject_kind, event.subject_id),
            key=f"moderated:{event.report_id}",
            data={"title": title, "text": _statement(event.decision, reason_of(event.report_id))},
        )


def _statement(decision: str, reason: str) -> str:
    done = {
        "remove": _("It was removed: nobody sees it any more."),
        "suspend": _("It was removed, and your account is suspended."),
    }.get(decision, _("A moderator has acted on it."))
    parts = [done]
    if reason:
        parts.append(_("Reason: %(reason)s", reason=reason))
    parts.append(_("A person decided this, after another member had reported it. If you think that it is wrong, "
                   "write to the moderators."))
    return "\n\n".join(parts)
