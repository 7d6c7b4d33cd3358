"""The writes of conversations. Each checks by itself who may."""

from __future__ import annotations

from sqlalchemy import update

from app.kernel.subjects import Subject
from app.messaging.conversations import queries, statements
from app.messaging.conversations.events import RequestAnswered
from app.messaging.conversations.message_rows import payload_of
from app.messaging.conversations.models import Participant
from app.messaging.conversations.queries import handle_of
from app.messaging.conversations.sending import enter, judged, people_of, post_card, send_message
from app.messaging.conversations.starting import start_conversation
from app.messaging.conversations.values import ROOM, ParticipantStatus, room_of
from app.messaging.fraud_signals.queries import fraud_signals_in
from app.messaging.fraud_signals.values import Verdict
from app.notifications.inbox.service import mark_subject_read
from app.people.accounts.queries import require_active
from app.platform.database import db, unit_of_work
from app.platform.realtime import member_room

__all__ = ["mark_read", "payload_of", "post_card", "send_message", "set_muted", "start_conversation"]


def mark_read(actor: int, conversation_id: str, seq: int) -> int:
    """Read up to `seq`; never back, never beyond the last message. Answers how far.

    Who looks at a request leaves no trace of it.
    """
    with unit_of_work() as work:
        view = queries.get_conversation(actor, conversation_id)
        upto = min(seq, view.last_seq)
        # What was let through afterwards may stand before what is read already.
        behind = view.first_unread is not None and view.first_unread <= upto
        if view.standing != ParticipantStatus.INSIDE or (upto <= view.read_seq and not behind):
            return view.read_seq
        place = {"conversation": conversation_id, "member": actor}
        db.session.execute(statements.READ_UPTO, {**place, "upto": upto, "change": view.last_change_seq})
        if upto >= view.last_seq:
            mark_subject_read(actor, Subject("conversation", conversation_id))
        if view.kind != ROOM and upto > view.read_seq:
            # In a room of thousands everybody's reading would be told to everybody.
            work.hint(
                room_of(conversation_id),
                "conversation:read",
                {"conversation": conversation_id, "member": handle_of(actor), "seq": upto},
                but=[member_room(one.card.id) for one in view.others if one.blocked],
            )
        return max(upto, view.read_seq)


def set_muted(actor: int, conversation_id: str, *, muted: bool) -> None:
    """A muted conversation goes on without telling of it."""
    with unit_of_work():
        queries.get_conversation(actor, conversation_id)
        db.session.execute(
            update(Participant)
            .where(Participant.conversation_id == conversation_id, Participant.member_id == actor)
            .values(muted=muted)
        )


def answer_request(actor: int, conversation_id: str, *, accept: bool) -> None:
    """Take part, or not; who wrote is not told of a refusal."""
    with unit_of_work() as work:
        require_active(actor)
        view = queries.get_conversation(actor, conversation_id)
        if view.standing == ParticipantStatus.INSIDE:
            return
        if accept:
            enter(work, actor, conversation_id)
            return
        db.session.execute(
            update(Participant)
            .where(
                Participant.conversation_id == conversation_id,
                Participant.member_id == actor,
                Participant.standing == ParticipantStatus.REQUEST,
            )
            .values(standing=ParticipantStatus.DECLINED.value)
        )
        work.record(RequestAnswered(conversation_id=conversation_id, member_id=actor, accepted=False))


def fraud_signals_of(actor: int, conversation_id: str, text: str) -> Verdict | None:
    """What the rules say of these words of the actor there; in the caller's unit of work."""
    return judged(actor, fraud_signals_in(text), people_of(actor, conversation_id))
