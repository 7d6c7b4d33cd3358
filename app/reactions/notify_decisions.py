"""Who reported a thing, and whom a decision concerns, learn what a moderator decided, and why."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext as _

from app.kernel.errors import NotFound
from app.kernel.events import Event
from app.kernel.ids import ActionId, EventId, MemberId, MessageId, ReportId
from app.kernel.subjects import Subject
from app.messaging.conversations.queries import get_message
from app.moderation.audit_log.events import DecisionLogged
from app.moderation.audit_log.queries import line_of
from app.moderation.audit_log.values import Action
from app.moderation.decisions.queries import reason_of
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.queries import told_of
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import MODERATED, REPORT_DECIDED
from app.platform.event_log import Start

NAME = "notify_decisions"
STARTS = Start.HEAD
LISTENS_TO: Final = (ReportDecided, DecisionLogged)


def concerns(event: Event) -> bool:
    """A line that stands behind a report is told with the report, one about nobody to nobody."""
    return isinstance(event, ReportDecided) or (
        isinstance(event, DecisionLogged) and _by_itself(event) and event.author_id is not None
    )


def react(event: Event, _event_id: EventId) -> None:
    """The author gets the statement of reasons, without a word of who reported it."""
    if isinstance(event, ReportDecided):
        _tell_of_report(event)
    elif isinstance(event, DecisionLogged) and _by_itself(event) and event.author_id is not None:
        _tell_of_line(event.author_id, event.action_id)


def _by_itself(event: DecisionLogged) -> bool:
    """A line without a report behind it, or long after the report was answered."""
    return event.report_id is None or event.decision == Action.RESTORE


def _tell_of_line(member_id: MemberId, action_id: ActionId) -> None:
    """What was decided without a report before it."""
    line = line_of(ActionId(action_id))
    if line is None:
        return
    decision, subject, reason = line
    parts = [_done(decision), _("Reason: %(reason)s", reason=reason)]
    if decision is Action.DROP:
        parts.append(_("A person made this decision. If you think it’s wrong, write to the moderators."))
    data = {"title": "", "text": "\n\n".join(parts)}
    if subject.kind == "message":
        # Not told of the conversation: who looks at it has not read the reason by that.
        data["url"] = f"/messages/{get_message(MessageId(subject.id)).conversation_id}"
    about = Subject("account", "mine") if decision is Action.REINSTATE else subject
    notify(member_id, MODERATED, about, key=f"decision:{action_id}", data=data)


def _done(decision: Action) -> str:
    done: dict[Action, str] = {
        Action.RELEASE: _("One of your messages was held because it looked like fraud. It has now been delivered."),
        Action.DROP: _("One of your messages was held because it looked like fraud. It has been deleted."),
        Action.REINSTATE: _("Your account is no longer suspended."),
        Action.RESTORE: _("A moderator reviewed the decision again. What was removed has been restored."),
        Action.MERGE: _("The two items you reported as duplicates have been merged."),
        Action.KEEP_APART: _("The two items you reported as duplicates stay separate."),
    }
    return done.get(decision) or str(_("A moderator has taken action."))


def _tell_of_report(event: ReportDecided) -> None:
    try:
        title, reporters = told_of(ReportId(event.report_id))
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
                "text": _("It broke the community rules, and we took action. Thank you for reporting it.")
                if acted
                else _("We reviewed it, and it doesn’t break the community rules. Thank you for reporting it."),
            },
        )
    if acted and event.author_id is not None:
        notify(
            event.author_id,
            MODERATED,
            Subject(event.subject_kind, event.subject_id),
            key=f"moderated:{event.report_id}",
            data={"title": title, "text": _statement(event.decision, reason_of(ReportId(event.report_id)))},
        )


def _statement(decision: str, reason: str) -> str:
    done = {
        "remove": _("It was removed. Nobody can see it any more."),
        "suspend": _("It was removed, and your account is suspended."),
    }.get(decision, _("A moderator has taken action."))
    parts = [done]
    if reason:
        parts.append(_("Reason: %(reason)s", reason=reason))
    parts.append(
        _(
            "A person made this decision after another member’s report. If you think it’s wrong, write to the "
            "moderators."
        )
    )
    return "\n\n".join(parts)
