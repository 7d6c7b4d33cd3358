"""The writes of blocks."""

from __future__ import annotations

from sqlalchemy import delete

from app.kernel.clock import clock
from app.kernel.errors import Invalid
from app.kernel.ids import MemberId
from app.people.accounts.queries import get_member, require_active
from app.people.blocks.events import MemberBlocked, MemberUnblocked
from app.people.blocks.models import Block
from app.platform.database import db, unit_of_work
from app.platform.sql import insert_into


def block(actor: MemberId, member_id: MemberId) -> None:
    """No contact from now on; again changes nothing."""
    if actor == member_id:
        raise Invalid("You can’t block yourself.", code="own_self")
    with unit_of_work() as work:
        require_active(actor)
        get_member(member_id)
        row = insert_into(Block).values(blocker_id=actor, blocked_id=member_id, created_at=clock.now())
        if db.session.scalar(row.on_conflict_do_nothing().returning(Block.blocked_id)):
            work.record(MemberBlocked(blocker_id=actor, blocked_id=member_id))


def unblock(actor: MemberId, member_id: MemberId) -> None:
    """Contact is possible again."""
    with unit_of_work() as work:
        require_active(actor)
        gone = db.session.scalar(
            delete(Block).where(Block.blocker_id == actor, Block.blocked_id == member_id).returning(Block.blocked_id)
        )
        if gone is not None:
            work.record(MemberUnblocked(blocker_id=actor, blocked_id=member_id))
