"""Groups and open rooms: who comes, who goes, who may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from app.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from app.messaging.conversations import changes, checks, queries, service
from app.messaging.conversations.models import Participant
from app.messaging.conversations.values import MAX_MEMBERS, ParticipantStatus
from app.messaging.groups import service as groups
from app.messaging.groups.queries import find_rooms, get_room
from app.platform.database import db, unit_of_work
from app.platform.event_log import run_reactions
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory


def friends(member: MemberFactory, *handles: str) -> list[int]:
    """Everybody trusts the first one."""
    ids = [member(handle) for handle in handles]
    for one in ids[1:]:
        vouch(one, ids[0], "trust")
    return ids


def said(conversation_id: str) -> list[str]:
    return [str(one.card["kind"]) if one.card else one.body for one in queries.messages_after(conversation_id, 0)]


def test_a_group_from_beginning_to_end(member: MemberFactory) -> None:
    ana, bo, cem, dee = friends(member, "ana", "bo", "cem", "dee")
    group, created = service.start_conversation(ana, [bo, cem], title="Market")
    assert created
    service.send_message(bo, group, "x", "hello")
    assert groups.add_people(ana, group, [dee, bo]) == 1
    assert queries.get_conversation(dee, group).people == 4
    with pytest.raises(Forbidden):
        groups.remove_person(bo, group, cem)
    groups.remove_person(ana, group, cem)
    with pytest.raises(NotFound):
        queries.get_conversation(cem, group)
    with pytest.raises(NotFound):
        service.send_message(cem, group, "y", "still here?")
    groups.rename(ana, group, "Sunday market")
    groups.leave(ana, group)
    assert queries.get_conversation(bo, group).role == "owner"
    assert queries.get_conversation(bo, group).title == "Sunday market"
    assert said(group) == ["hello", "joined", "left", "renamed", "left"]
    # Who was sent away from a group can be asked in again.
    assert groups.add_people(bo, group, [cem]) == 1
    assert checks.run() == []


def test_whoever_does_not_know_the_inviter_is_asked(member: MemberFactory) -> None:
    ana, bo = friends(member, "ana", "bo")
    cem, dee = member("cem"), member("dee")
    group, _ = service.start_conversation(ana, [bo, cem])
    assert queries.get_conversation(bo, group).standing == ParticipantStatus.INSIDE
    assert queries.get_conversation(cem, group).standing == ParticipantStatus.REQUEST
    service.send_message(ana, group, "x", "hello")
    assert queries.list_conversations(cem).items == []
    groups.add_people(bo, group, [dee])
    assert queries.get_conversation(dee, group).standing == ParticipantStatus.REQUEST
    with pytest.raises(Invalid):
        groups.add_people(cem, group, [member("eva")])


def test_two_people_are_no_group(member: MemberFactory) -> None:
    ana, bo = friends(member, "ana", "bo")
    ident, _ = service.start_conversation(ana, [bo])
    for act in (
        lambda: groups.add_people(ana, ident, [member("cem")]),
        lambda: groups.leave(ana, ident),
        lambda: groups.rename(ana, ident, "x"),
    ):
        with pytest.raises(Invalid):
            act()


def test_a_group_never_grows_beyond_its_bound(app: Flask, member: MemberFactory) -> None:
    ana, bo, cem = friends(member, "ana", "bo", "cem")
    group, _ = service.start_conversation(ana, [bo, cem])
    more = [member(f"m{n}") for n in range(MAX_MEMBERS)]
    with unit_of_work():
        for ident in more[: MAX_MEMBERS - 5]:
            db.session.add(Participant(conversation_id=group, member_id=ident))

    def add(ident: int) -> bool:
        with app.app_context():
            try:
                groups.add_people(ana, group, [ident])
            except DomainError:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(5) as pool:
        came = list(pool.map(add, more[MAX_MEMBERS - 5 :]))
    db.session.rollback()
    assert sum(came) == 2
    assert queries.get_conversation(ana, group).people == MAX_MEMBERS


def test_an_open_room(member: MemberFactory) -> None:
    ana, bo = friends(member, "ana", "bo")
    cem = member("cem")
    room = groups.open_room(ana, "Räder & Räderwerk 自行车", "Mending bikes", "Malmö")
    with pytest.raises(NotFound):
        service.send_message(bo, room, "x", "hello")
    for words in ("raderwerk", "malmo", "bikes mend", "自行"):
        assert [one.id for one in find_rooms(bo, words).items] == [room]
    assert find_rooms(bo, "nothing").items == []
    found = get_room(bo, room)
    assert (found.people, found.inside, found.trusted) == (1, False, 1)
    assert found.trail is not None
    groups.join_room(bo, room)
    groups.join_room(bo, room)
    groups.join_room(cem, room)
    first = service.send_message(cem, room, "x", "hello @bo")
    assert queries.get_conversation(bo, room).people == 3
    # Nobody is told of every word in a room, but of their own name.
    assert queries.to_notify([first.id]) == {}
    with pytest.raises(Forbidden):
        changes.remove_message(bo, first.id)
    changes.remove_message(ana, first.id)
    groups.remove_person(ana, room, cem)
    with pytest.raises(Forbidden) as refusal:
        groups.join_room(cem, room)
    assert refusal.value.error_code == "banned"
    groups.leave(bo, room)
    groups.join_room(bo, room)
    assert checks.run() == []


def test_a_moderator_closes_a_room(member: MemberFactory) -> None:
    ana, bo, mo = member("ana"), member("bo"), member("mo", role="moderator")
    room = groups.open_room(ana, "Odd things")
    with pytest.raises(Forbidden):
        groups.close_room(bo, room)
    groups.close_room(mo, room)
    groups.close_room(mo, room)
    with pytest.raises(NotFound):
        queries.get_conversation(ana, room)
    with pytest.raises(NotFound):
        groups.join_room(bo, room)
    assert find_rooms(bo).items == []


@pytest.mark.databases("sqlite")
def test_a_sold_listing_says_so_where_it_is_talked_about(member: MemberFactory) -> None:
    from app.market.listings.service import mark_sold, publish_listing
    from app.market.listings.values import ListingDraft

    ana, bo = member("ana"), member("bo")
    draft = ListingDraft(kind="give", title="Lamp", category="home", condition="good")
    listing = publish_listing(ana, draft)
    ident, _ = service.start_conversation(bo, [ana], listing_id=listing, seller_id=ana)
    silent, _ = service.start_conversation(member("cem"), [ana], listing_id=listing, seller_id=ana)
    service.send_message(bo, ident, "x", "Is it still there?")
    mark_sold(ana, listing)
    run_reactions()
    run_reactions()
    db.session.rollback()
    assert said(ident) == ["Is it still there?", "sold"]
    assert said(silent) == []
