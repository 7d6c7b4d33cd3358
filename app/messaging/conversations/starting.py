"""Opening a conversation: who may, how often, and for whom it begins as a request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import func, insert, select

from app.kernel.clock import clock
from app.kernel.errors import Forbidden, Invalid, NotFound, TooMany
from app.kernel.ids import ConversationId, ListingId, MemberId, new_id
from app.kernel.titles import is_title
from app.messaging.conversations.events import ConversationStarted
from app.messaging.conversations.models import Conversation, Participant
from app.messaging.conversations.rules import kind_of, pair_key, start_limit
from app.messaging.conversations.values import MAX_MEMBERS, MAX_TITLE_LENGTH, ParticipantStatus, Role
from app.people.accounts.models import Member
from app.people.accounts.queries import require_active, visible_members
from app.people.blocks.queries import any_apart, is_blocked_between
from app.platform.database import db, unit_of_work
from app.platform.limits import check_rate
from app.platform.markup import clean_line
from app.platform.sql import insert_into
from app.trust.circle.queries import circle_of

START_RATE = "120/hour"


def group_name(title: str) -> str:
    """As it is kept; raises `Invalid` where there is nothing to read."""
    name = clean_line(title, MAX_TITLE_LENGTH)
    if not is_title(name):
        raise Invalid("Enter a name.", code="empty_title")
    return name


def start_conversation(
    actor: MemberId,
    member_ids: Iterable[MemberId],
    listing_id: ListingId | None = None,
    title: str | None = None,
    *,
    seller_id: MemberId | None = None,
) -> tuple[ConversationId, bool]:
    """Open a conversation, or find the one that stands: its id, and whether it is new.

    For whoever does not know the actor it begins as a request. A seller has asked to be written to.
    """
    others = sorted(set(member_ids) - {actor})
    if not others:
        raise Invalid("Choose someone to message.", code="nobody_else")
    if len(others) >= MAX_MEMBERS:
        raise Invalid("That’s too many people for one conversation.", code="too_many_members")
    heading = group_name(title) if title and title.strip() else None
    key = pair_key(actor, others[0], listing_id) if len(others) == 1 else None
    # Circles take a while to walk: before the transaction, not in it.
    strangers = strangers_among(actor, others, seller_id) if _find_by_key(key) is None else frozenset()
    circle_of(actor)
    with unit_of_work() as work:
        require_active(actor)
        check_reachable(actor, others)
        standing = _find_by_key(key)
        if standing is not None:
            return standing, False
        check_start(actor, others, listing_id)
        row = {
            "id": new_id(),
            "kind": kind_of(len(others), listing_id),
            "pair_key": key,
            "listing_id": listing_id,
            "title": heading,
            "last_seq": 0,
            "last_change_seq": 0,
            "started_at": clock.now(),
            "last_at": clock.now(),
        }
        # Two may begin at once: PostgreSQL waits for the other here, then finds that it stands.
        made = db.session.scalar(
            insert_into(Conversation).values(row).on_conflict_do_nothing().returning(Conversation.id)
        )
        if made is None:
            return _get_by_key(key), False
        people = [
            {
                "conversation_id": made,
                "member_id": ident,
                "read_seq": 0,
                "joined_at": row["started_at"],
                "role": (Role.OWNER if ident == actor and key is None else Role.MEMBER).value,
                "standing": (ParticipantStatus.REQUEST if ident in strangers else ParticipantStatus.INSIDE).value,
            }
            for ident in (actor, *others)
        ]
        db.session.execute(insert(Participant), people)
        work.record(ConversationStarted(conversation_id=made, starter_id=actor))
        return made, True


def check_not_blocked(actor: MemberId, others: Iterable[MemberId]) -> None:
    """Raises `Forbidden` when one of them wants no contact."""
    if any(is_blocked_between(actor, other) for other in others):
        raise Forbidden("You can’t message this member.", code="blocked")


def strangers_among(actor: MemberId, others: Iterable[MemberId], seller_id: MemberId | None) -> frozenset[MemberId]:
    """Those whose circle the actor is not in, and who have not talked with the actor before."""
    outside = [ident for ident in others if ident != seller_id and actor not in circle_of(ident)]
    known = _talked_with(actor, outside)
    return frozenset(outside) - known


def _talked_with(actor: MemberId, others: Sequence[MemberId]) -> frozenset[MemberId]:
    if not others:
        return frozenset()
    keys = {pair_key(actor, other, None): other for other in others}
    query = (
        select(Conversation.pair_key)
        .join(Participant, Participant.conversation_id == Conversation.id)
        .where(
            Conversation.pair_key.in_(keys),
            Participant.member_id != actor,
            Participant.standing == ParticipantStatus.INSIDE,
        )
    )
    return frozenset(keys[key] for key in db.session.scalars(query) if key is not None)


def check_start(actor: MemberId, others: Sequence[MemberId], listing_id: ListingId | None) -> None:
    """Few new conversations a day with strangers, more with who is near; told with the time to wait."""
    check_rate(f"chat-start:{actor}", START_RATE, count=len(others))
    near = circle_of(actor)
    people = Counter(start_limit(near.distance(other), listing_id) for other in others)
    for (name, limit), count in people.items():
        try:
            check_rate(f"chat-start:{name}:{actor}", limit, count=count)
        except TooMany as refusal:
            hours = max(1, round((refusal.retry_after or 3600) / 3600))
            raise TooMany(
                "You’ve messaged many people you don’t know today. You can message more in %(hours)s h.",
                retry_after=refusal.retry_after,
                hours=hours,
            ) from refusal


def check_reachable(actor: MemberId, others: Sequence[MemberId], present: Sequence[MemberId] = ()) -> None:
    """Raises unless all of them are here and none wants no contact, neither with the actor nor among them."""
    standing = select(func.count()).where(Member.id.in_(others), visible_members(Member.id))
    if db.session.scalar(standing) != len(others):
        raise NotFound("This member doesn’t exist.")
    check_not_blocked(actor, others)
    if any_apart(others, present):
        # Not who: that somebody blocks somebody is theirs alone.
        raise Forbidden("These people can’t be in a conversation together.", code="blocked")


def _find_by_key(key: str | None) -> ConversationId | None:
    if key is None:
        return None
    return db.session.scalar(select(Conversation.id).where(Conversation.pair_key == key))


def _get_by_key(key: str | None) -> ConversationId:
    found = _find_by_key(key)
    if found is None:
        raise NotFound("This conversation doesn’t exist.")
    return found
