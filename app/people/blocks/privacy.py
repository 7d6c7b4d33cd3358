"""What blocks tell of a person."""

from __future__ import annotations

from sqlalchemy import delete, select

from app.kernel.ids import MemberId
from app.people.accounts.models import Member
from app.people.blocks.models import Block
from app.platform.database import db

NAME = "blocks"


def export(ident: MemberId) -> list[str]:
    """The handles that the member blocks; who blocks the member stays theirs to know."""
    return list(
        db.session.scalars(
            select(Member.handle).join(Block, Block.blocked_id == Member.id).where(Block.blocker_id == ident)
        )
    )


def erase(ident: MemberId) -> None:
    """Blocks of and against the member have no object any more."""
    db.session.execute(delete(Block).where((Block.blocker_id == ident) | (Block.blocked_id == ident)))
