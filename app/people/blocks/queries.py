"""Reads of blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, union, union_all

from app.kernel.ids import MemberId
from app.people.accounts.queries import visible_members
from app.people.blocks.models import Block
from app.platform.database import db
from app.platform.subjects import NOBODY, Condition, Looker


def is_blocked_between(a: MemberId, b: MemberId) -> bool:
    """Whether one of the two blocks the other."""
    return bool(who_blocks(a, b))


def who_blocks(a: MemberId, b: MemberId) -> frozenset[MemberId]:
    """Which of the two blocks the other; one statement."""
    either = or_(
        and_(Block.blocker_id == a, Block.blocked_id == b),
        and_(Block.blocker_id == b, Block.blocked_id == a),
    )
    return frozenset(db.session.scalars(select(Block.blocker_id).where(either)))


def has_blocked(blocker_id: MemberId, blocked_id: MemberId) -> bool:
    """Whether the first blocks the second."""
    return db.session.get(Block, (blocker_id, blocked_id)) is not None


def blocked_by(blocker_id: MemberId) -> list[MemberId]:
    """Whom the member blocks, newest first."""
    mine = select(Block.blocked_id).where(Block.blocker_id == blocker_id)
    return list(db.session.scalars(mine.order_by(Block.created_at.desc())))


def out_of_touch(member_id: MemberId) -> frozenset[MemberId]:
    """Everybody whom the member blocks or who blocks the member."""
    both = union(
        select(Block.blocked_id).where(Block.blocker_id == member_id),
        select(Block.blocker_id).where(Block.blocked_id == member_id),
    )
    return frozenset(db.session.execute(both).scalars())


def in_touch(member_id: Any, viewer: Looker) -> Condition:
    """A condition on a column of members: none of those whom the viewer blocks, or who block the viewer."""
    looker = NOBODY if viewer is None else viewer
    apart: Condition = member_id.not_in(
        union_all(
            select(Block.blocked_id).where(Block.blocker_id == looker),
            select(Block.blocker_id).where(Block.blocked_id == looker),
        )
    )
    return apart


def visible_owner(member_id: Any, viewer: Looker) -> Condition:
    """The rule that all things share: their owner is here, not suspended, and in touch with the viewer.

    `member_id` is the column of the owner. With no viewer blocks are not asked for.
    """
    here = visible_members(member_id)
    return here if viewer is None else and_(here, in_touch(member_id, viewer))


def unread_by(reader: Any, author: Any) -> ColumnElement[bool]:
    """A condition on two columns or ids: whoever blocks somebody does not read their words."""
    # The columns may be those of any statement around this one, not only of the nearest.
    return exists().where(Block.blocker_id == reader, Block.blocked_id == author).correlate_except(Block)


def apart(one: Any, other: Any) -> ColumnElement[bool]:
    """A condition on two columns or ids: one of them blocks the other, so neither is told of the other."""
    return or_(unread_by(one, other), unread_by(other, one))


def shunned(member: Any) -> ColumnElement[bool]:
    """A condition: somebody blocks the member."""
    return exists().where(Block.blocked_id == member).correlate_except(Block)


def has_blocks(member: Any) -> ColumnElement[bool]:
    """A condition: the member blocks somebody, or somebody the member."""
    return or_(shunned(member), exists().where(Block.blocker_id == member).correlate_except(Block))


def shunning(authors: Any) -> Select[MemberId]:
    """Those who block one of the authors: a list of ids, or a parameter that expands to one."""
    return select(Block.blocker_id).where(Block.blocked_id.in_(authors))


def any_apart(members: Sequence[MemberId], others: Sequence[MemberId] = ()) -> bool:
    """Whether a block stands between two of the members, or between one of them and one of the others."""
    inside = and_(Block.blocker_id.in_(members), Block.blocked_id.in_([*members, *others]))
    outside = and_(Block.blocker_id.in_(others), Block.blocked_id.in_(members))
    return db.session.scalar(select(Block.blocker_id).where(or_(inside, outside)).limit(1)) is not None
