"""The writes of groups and open rooms: who comes, who goes, what it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import select, update

from app.kernel.clock import clock
from app.kernel.errors import Forbidden, Invalid, NotFound
from app.kernel.ids import ConversationId, MemberId, new_id
from app.kernel.titles import is_title
from app.messaging.conversations import queries
from app.messaging.conversations.events import ConversationStarted, PersonJoined, PersonLeft, RoomChanged
from app.messaging.conversations.models import Conversation, Participant
from app.messaging.conversations.owners import keep_owned, lock
from app.messaging.conversations.service import post_card
from app.messaging.conversations.starting import check_reachable, check_start, group_name, strangers_among
from app.messaging.conversations.values import (
    GROUP,
    MAX_MEMBERS,
    MAX_TITLE_LENGTH,
    ROOM,
    CardKind,
    ConversationView,
    ParticipantStatus,
    Role,
)
from app.messaging.groups.values import MAX_ABOUT_LENGTH, MAX_PLACE_LENGTH
from app.people.accounts.models import Member
from app.people.accounts.queries import has_role, require_active, require_role
from app.people.accounts.service import check_name
from app.people.accounts.values import MODERATOR
from app.platform.database import UnitOfWork, db, rows_changed, unit_of_work
from app.platform.limits import check_rate
from app.platform.markup import clean_line, clean_text
from app.platform.search.folding import fold
from app.platform.sql import insert_into
from app.platform.subjects import Ruling, Taken

ROOMS_RATE = "5/day"
JOIN_RATE = "60/hour"
ADD_RATE = "60/hour"


def open_room(actor: MemberId, title: str, about: str = "", place: str = "") -> ConversationId:
    """A room that everybody may enter, about a topic or for a place; answers its id."""
    name = _room_name(actor, title)
    topic, where = clean_text(about, MAX_ABOUT_LENGTH), clean_line(place, MAX_PLACE_LENGTH)
    with unit_of_work() as work:
        require_active(actor)
        check_rate(f"chat-rooms:{actor}", ROOMS_RATE)
        ident, now = ConversationId(new_id()), clock.now()
        db.session.add(
            Conversation(
                id=ident,
                kind=ROOM,
                title=name,
                about=topic,
                place=where,
                search_key=fold(f"{name}\n{where}\n{topic}"),
                started_at=now,
                last_at=now,
            )
        )
        db.session.flush()
        db.session.add(Participant(conversation_id=ident, member_id=actor, role=Role.OWNER))
        work.record(ConversationStarted(conversation_id=ident, starter_id=actor))
        db.session.flush()
        post_card(actor, ident, CardKind.STARTED, key="started", quiet=True)
    return ident


def join_room(actor: MemberId, room_id: ConversationId) -> None:
    """Take part from now on; again changes nothing. Who was sent away stays outside."""
    with unit_of_work() as work:
        require_active(actor)
        check_rate(f"chat-join-room:{actor}", JOIN_RATE)
        lock(room_id)
        is_open = select(Conversation.id).where(
            Conversation.id == room_id, Conversation.kind == ROOM, Conversation.search_key != ""
        )
        if db.session.scalar(is_open) is None:
            raise NotFound("This room doesn’t exist.")
        _come_in(work, actor, room_id, [(actor, ParticipantStatus.INSIDE)])


def add_people(actor: MemberId, conversation_id: ConversationId, member_ids: Iterable[MemberId]) -> int:
    """Bring others into a group; for whoever does not know the actor it begins as a request."""
    view = _group(actor, conversation_id)
    present = {actor, *view.other_ids}
    wanted = sorted(set(member_ids) - present)
    if not wanted:
        return 0
    strangers = strangers_among(actor, wanted, None)
    check_start(actor, wanted, None)
    with unit_of_work() as work:
        require_active(actor)
        check_rate(f"chat-add:{actor}", ADD_RATE, count=len(wanted))
        lock(conversation_id)
        view = _group(actor, conversation_id)
        check_reachable(actor, wanted, view.other_ids)
        if view.people + len(wanted) > MAX_MEMBERS:
            raise Invalid("That’s too many people for one conversation.", code="too_many_members")
        people = [(one, ParticipantStatus.REQUEST if one in strangers else ParticipantStatus.INSIDE) for one in wanted]
        return _come_in(work, actor, conversation_id, people)


def remove_person(actor: MemberId, conversation_id: ConversationId, member_id: MemberId) -> None:
    """The owner sends somebody away; from a room for good."""
    with unit_of_work() as work:
        require_active(actor)
        view = _many(actor, conversation_id)
        if view.role != Role.OWNER or member_id == actor:
            raise Forbidden("Only the person who opened this can remove people.", code="not_yours")
        standing = ParticipantStatus.BANNED if view.kind == ROOM else ParticipantStatus.INSIDE
        _go(work, actor, conversation_id, member_id, standing)


def leave(actor: MemberId, conversation_id: ConversationId) -> None:
    """Take part no longer. When the owner leaves, whoever is there longest owns it."""
    with unit_of_work() as work:
        lock(conversation_id)
        _many(actor, conversation_id)
        _go(work, actor, conversation_id, actor, ParticipantStatus.INSIDE)
        keep_owned(conversation_id)


def rename(actor: MemberId, conversation_id: ConversationId, title: str | Callable[[str], str]) -> None:
    """The owner gives it another name; a function gets the present one, held until the commit."""
    with unit_of_work() as work:
        require_active(actor)
        lock(conversation_id)
        view = _many(actor, conversation_id)
        wanted = title(view.title or "") if callable(title) else title
        name = _room_name(actor, wanted) if view.kind == ROOM else group_name(wanted)
        if view.role != Role.OWNER:
            raise Forbidden("Only the person who opened this can rename it.", code="not_yours")
        if view.title == name:
            return
        key = fold(f"{name}\n{view.place}\n{view.about}") if view.kind == ROOM else ""
        db.session.execute(
            update(Conversation).where(Conversation.id == conversation_id).values(title=name, search_key=key)
        )
        if view.kind == ROOM:
            work.record(RoomChanged(conversation_id=conversation_id))
        post_card(actor, conversation_id, CardKind.RENAMED, key=f"renamed:{new_id()}", quiet=True)


def _room_name(actor: MemberId, title: str) -> str:
    """Everybody finds a room, so only the staff opens one in the name of the community."""
    name = clean_line(title, MAX_TITLE_LENGTH)
    if not is_title(name):
        raise Invalid("Enter a name for the room.", code="empty_title")
    if not has_role(actor, MODERATOR):
        check_name(name)
    return name


def close_room(actor: MemberId, room_id: ConversationId) -> None:
    """A moderator's decision: nobody finds it, and everybody is outside."""
    with unit_of_work():
        require_role(actor, MODERATOR)
        remove(room_id, Ruling(moderator_id=actor))


def remove(room_id: ConversationId, ruling: Ruling) -> Taken | None:
    """Close the room, whatever the moderator is by now; again changes nothing."""
    now = clock.now()
    with unit_of_work() as work:
        closed = db.session.execute(
            update(Conversation)
            .where(Conversation.id == room_id, Conversation.kind == ROOM, Conversation.search_key != "")
            .values(search_key="")
        )
        if not rows_changed(closed):
            return None
        work.record(RoomChanged(conversation_id=room_id))
        inside = select(Participant.member_id).where(
            Participant.conversation_id == room_id, Participant.left_at.is_(None)
        )
        for member_id in list(db.session.scalars(inside)):
            work.record(PersonLeft(conversation_id=room_id, member_id=member_id, actor_id=ruling.moderator_id))
        db.session.execute(
            update(Participant)
            .where(Participant.conversation_id == room_id, Participant.left_at.is_(None))
            .values(left_at=now)
        )
    return {"at": now.isoformat()}


def restore(room_id: ConversationId, ruling: Ruling) -> None:
    """Open again what a decision closed, with whoever it sent out, as far as they are here still."""
    at = datetime.fromisoformat(ruling.taken["at"])
    with unit_of_work() as work:
        lock(room_id)
        row = db.session.get(Conversation, room_id, populate_existing=True)
        if row is None or row.kind != ROOM or row.search_key:
            return
        key = fold(f"{row.title}\n{row.place}\n{row.about}")
        db.session.execute(update(Conversation).where(Conversation.id == room_id).values(search_key=key))
        back = db.session.scalars(
            update(Participant)
            .where(
                Participant.conversation_id == room_id,
                Participant.left_at == at,
                Participant.member_id.in_(select(Member.id).where(Member.active.is_(True))),
            )
            .values(left_at=None)
            .returning(Participant.member_id)
            .execution_options(synchronize_session=False)
        )
        for member_id in sorted(back):
            work.record(PersonJoined(conversation_id=room_id, member_id=member_id, actor_id=ruling.moderator_id))
        keep_owned(room_id)
        work.record(RoomChanged(conversation_id=room_id))


def _come_in(
    work: UnitOfWork,
    actor: MemberId,
    conversation_id: ConversationId,
    people: Iterable[tuple[MemberId, ParticipantStatus]],
) -> int:
    """From here on: what was said and let through before is history, not news."""
    came = 0
    heads = select(Conversation.last_seq, Conversation.last_change_seq)
    head = db.session.execute(heads.where(Conversation.id == conversation_id)).one()
    now = clock.now()
    begin = {
        "read_seq": head.last_seq,
        "read_change": head.last_change_seq,
        "role": Role.MEMBER.value,
        "joined_at": now,
    }
    for member_id, standing in people:
        row = insert_into(Participant).values(
            conversation_id=conversation_id, member_id=member_id, standing=standing.value, **begin
        )
        row = row.on_conflict_do_update(
            index_elements=["conversation_id", "member_id"],
            set_={"left_at": None, "standing": standing.value, **begin},
            where=Participant.left_at.is_not(None) & (Participant.standing != ParticipantStatus.BANNED),
        )
        if db.session.scalar(row.returning(Participant.member_id)) is None:
            if member_id == actor and not queries.takes_part(actor, conversation_id):
                raise Forbidden("You were removed from this room.", code="banned")
            continue
        came += 1
        work.record(PersonJoined(conversation_id=conversation_id, member_id=member_id, actor_id=actor))
        post_card(member_id, conversation_id, CardKind.JOINED, key=f"joined:{new_id()}", quiet=True)
    keep_owned(conversation_id)
    return came


def _go(
    work: UnitOfWork, actor: MemberId, conversation_id: ConversationId, member_id: MemberId, standing: ParticipantStatus
) -> None:
    post_card(member_id, conversation_id, CardKind.LEFT, key=f"left:{new_id()}", quiet=True)
    gone = db.session.execute(
        update(Participant)
        .where(
            Participant.conversation_id == conversation_id,
            Participant.member_id == member_id,
            Participant.left_at.is_(None),
        )
        .values(left_at=clock.now(), standing=standing.value, role=Role.MEMBER.value)
    )
    if not rows_changed(gone):
        raise NotFound("They aren’t in this conversation.")
    work.record(PersonLeft(conversation_id=conversation_id, member_id=member_id, actor_id=actor))


def _many(actor: MemberId, conversation_id: ConversationId) -> ConversationView:
    view = queries.get_conversation(actor, conversation_id)
    if view.pair:
        raise Invalid("This is a conversation between two people.", code="not_a_group")
    return view


def _group(actor: MemberId, conversation_id: ConversationId) -> ConversationView:
    view = _many(actor, conversation_id)
    if view.kind != GROUP or view.standing != ParticipantStatus.INSIDE:
        raise Invalid("Rooms are open. People join by themselves.", code="not_a_group")
    return view
