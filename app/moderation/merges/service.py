"""A moderator's decision whether two items are one, with its line in the log."""

from __future__ import annotations

from flask_babel import gettext as _

from app.community.merges.queries import get_merge
from app.community.merges.service import confirm_merge, refuse_merge
from app.kernel.errors import Invalid
from app.kernel.subjects import Subject
from app.moderation.actions.service import write_line
from app.moderation.actions.values import LONGEST_REASON, Decision
from app.platform.database import unit_of_work
from app.platform.markup import clean_text


def decide_merge(actor: int, merge_id: str, *, confirm: bool, reason: str = "") -> str:
    """Make one of the two, or leave them apart (which needs a reason); answers the id of what stays."""
    reason = clean_text(reason, LONGEST_REASON)
    with unit_of_work():
        proposal = get_merge(actor, merge_id)
        if confirm:
            merged = confirm_merge(actor, merge_id)
            stays = merged.kept_id
            reason = reason or proposal.why or _("The same thing, entered twice.")
        else:
            if not reason:
                raise Invalid(_("Please give a reason; it stays in the log."), code="reason_missing")
            refuse_merge(actor, merge_id)
            stays = proposal.kept.id if proposal.kept else ""
        write_line(
            actor,
            Decision.MERGE if confirm else Decision.KEEP_APART,
            Subject("item", stays),
            author_id=None,
            report_id=None,
            reason=reason,
        )
    return stays
