"""The writes of conversations. Each checks by itself who may."""

from __future__ import annotations

from sqlalchemy import update

from app.kernel.ids import ConversationId, MemberId
from app.messaging.conversations import queries
from app.messaging.conversations.events import RequestAnswered
from app.messaging.conversations.message_rows import payload_of
from app.messaging.conversations.models import Participant
from app.messaging.conversations.reading import mark_read
from app.messaging.conversations.sending import enter, judged, people_of, post_card, send_message
from app.messaging.conversations.starting import start_conversation
from app.messaging.conversations.values import ParticipantStatus
from app.messaging.fraud_signals.queries import fraud_signals_in
from app.messaging.fraud_signals.values import Verdict
from app.people.accounts.queries import require_active
from app.platform.database import db, unit_of_work

__all__ = ["mark_read", "payload_of", "post_card", "send_message", "set_muted", "start_conversation"]


def set_muted(actor: MemberId, conversation_id: ConversationId, *, muted: bool) -> None:
    """A muted conversation goes on without telling of it."""
    with unit_of_work():
        queries.get_conversation(actor, conversation_id)
        db.session.execute(
            update(Participant)
            .where(Participant.conversation_id == conversation_id, Participant.member_id == actor)
            .values(muted=muted)
        )


def answer_request(actor: MemberId, conversation_id: ConversationId, *, accept: bool) -> None:
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


def fraud_signals_of(actor: MemberId, conversation_id: ConversationId, text: str) -> Verdict | None:
    """What the rules say of these words of the actor there; in the caller's unit of work."""
    return judged(actor, fraud_signals_in(text), people_of(actor, conversation_id))
