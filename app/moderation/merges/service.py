"""A moderator's decision whether two items are one, with its line in the log."""

from __future__ import annotations

from app.community.item_merges.queries import get_merge
from app.community.item_merges.service import confirm_merge, refuse_merge
from app.kernel.ids import ItemId, MemberId, MergeId
from app.kernel.subjects import Subject
from app.moderation.audit_log.service import required_reason, write_line
from app.moderation.audit_log.values import Action
from app.platform.database import unit_of_work


def decide_merge(actor: MemberId, merge_id: MergeId, *, confirm: bool, reason: str) -> str:
    """Make one of the two, or leave them apart, with a reason; answers the id of what stays."""
    reason = required_reason(reason)
    with unit_of_work():
        proposal = get_merge(actor, merge_id)
        if confirm:
            stays = confirm_merge(actor, merge_id).kept_id
        else:
            refuse_merge(actor, merge_id)
            stays = proposal.kept.id if proposal.kept else ItemId("")
        write_line(
            actor,
            Action.MERGE if confirm else Action.KEEP_APART,
            Subject("item", stays),
            author_id=MemberId(proposal.proposer.id) if proposal.proposer else None,
            report_id=None,
            reason=reason,
        )
    return stays
