"""How far people have read: many of them in one transaction, each with an answer of their own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.kernel.errors import DomainError, NotFound
from app.kernel.ids import MemberId
from app.kernel.subjects import Subject
from app.messaging.conversations import statements
from app.messaging.conversations.values import ROOM, ParticipantStatus, room_of
from app.notifications.inbox.service import mark_subjects_read
from app.people.blocks.queries import out_of_touch
from app.platform.database import UnitOfWork, db, unit_of_work
from app.platform.group_commit import GroupCommit
from app.platform.realtime import member_room
from app.platform.slots import Slot


@dataclass(frozen=True, slots=True)
class Reading:
    """A member says how far they have read."""

    reader: MemberId
    conversation: str
    seq: int


@dataclass(slots=True)
class _Reader:
    """Somebody's place in a conversation, and whether it has moved."""

    row: Any
    read_seq: int
    first_unread: int | None
    moved: bool = False

    def read(self, seq: int) -> int:
        """Up to `seq`; never back, never beyond the last message. Who looks at a request leaves no trace of it."""
        upto = min(seq, self.row.last_seq)
        # What was let through afterwards may stand before what is read already.
        behind = self.first_unread is not None and self.first_unread <= upto
        if self.row.standing == ParticipantStatus.INSIDE and (upto > self.read_seq or behind):
            self.read_seq, self.first_unread, self.moved = max(upto, self.read_seq), None, True
        return self.read_seq


def mark_read(reader: MemberId, conversation: str, seq: int) -> int:
    """Read up to `seq`; answers how far."""
    with unit_of_work() as work:
        outcome = mark_all_read(work, [Reading(reader, conversation, seq)])[0]
        if isinstance(outcome, DomainError):
            raise outcome
        return outcome


def mark_read_with_others(reader: MemberId, conversation: str, seq: int) -> int:
    """Read up to `seq`, committed together with what others read: one message is read by many at once."""
    return _TOGETHER.here().submit(Reading(reader, conversation, seq))


def mark_all_read(work: UnitOfWork, readings: Sequence[Reading]) -> list[int | DomainError]:
    """How far each has read, as if they came one after the other; in the caller's unit of work."""
    readers = _readers(readings)
    outcomes: list[int | DomainError] = []
    for said in readings:
        reader = readers.get((said.conversation, said.reader))
        outcomes.append(NotFound("This conversation doesn’t exist.") if reader is None else reader.read(said.seq))
    # In one order: two who write the same places at the same time wait for each other, never both.
    moved = [readers[place] for place in sorted(readers) if readers[place].moved]
    if moved:
        db.session.execute(statements.READ_UPTO, [_place_of(one) for one in moved])
        mark_subjects_read(
            [
                (one.row.member_id, Subject("conversation", one.row.conversation_id))
                for one in moved
                if one.read_seq >= one.row.last_seq
            ]
        )
    for one in moved:
        _tell(work, one)
    return outcomes


def _place_of(one: _Reader) -> dict[str, Any]:
    row = one.row
    place = {"conversation": row.conversation_id, "member": row.member_id}
    return {**place, "upto": one.read_seq, "change": row.last_change_seq}


def _tell(work: UnitOfWork, one: _Reader) -> None:
    row = one.row
    # In a room of thousands everybody's reading would be told to everybody.
    if row.kind != ROOM and one.read_seq > row.read_seq:
        work.hint(
            room_of(row.conversation_id),
            "conversation:read",
            {"conversation": row.conversation_id, "member": row.handle, "seq": one.read_seq},
            but=[member_room(ident) for ident in sorted(out_of_touch(row.member_id))] if row.touchy else (),
        )


def _readers(readings: Sequence[Reading]) -> dict[tuple[str, int], _Reader]:
    asked = {(one.conversation, one.reader) for one in readings}
    given = json.dumps([{"conversation": place, "member": who, "client": ""} for place, who in sorted(asked)])
    rows = db.session.execute(statements.readers(db.engine.dialect.name), {"asked": given})
    return {(row.conversation_id, row.member_id): _Reader(row, row.read_seq, row.first_unread) for row in rows}


_TOGETHER: Final[Slot[GroupCommit[Reading, int]]] = Slot("chat_reads", lambda: GroupCommit(mark_all_read))
