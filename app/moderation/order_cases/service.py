"""A moderator's decision about an order, with its line in the log; the decision and the line are one transaction."""

from __future__ import annotations

from app.kernel.ids import CaseId, MemberId
from app.kernel.subjects import Subject
from app.market.cases import service as cases
from app.market.cases.queries import KIND
from app.market.cases.values import CaseAction, Given
from app.moderation.audit_log.service import required_reason, write_line
from app.moderation.audit_log.values import Action
from app.people.accounts.queries import require_role
from app.people.accounts.values import MODERATOR
from app.platform.database import unit_of_work


def decide(actor: MemberId, case_id: CaseId, given: Given) -> None:
    """Divide the money, with reasons that both read; raises `Conflict` when it is decided or another's."""
    reason = required_reason(given.text)
    with unit_of_work():
        require_role(actor, MODERATOR)
        cases.act_as_moderator(actor, case_id, CaseAction.DECIDE, given)
        write_line(actor, Action.SETTLE, Subject(KIND, case_id), author_id=None, report_id=None, reason=reason)


def ask(actor: MemberId, case_id: CaseId, given: Given) -> None:
    """Ask the two something, which both read."""
    cases.act_as_moderator(actor, case_id, CaseAction.SAY, given)


def claim(actor: MemberId, case_id: CaseId) -> None:
    """Take it on, or over from another moderator."""
    cases.claim(actor, case_id)
