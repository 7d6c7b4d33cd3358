"""Whoever pages through a list that moves meanwhile sees all of it, and nothing twice.

Each list is read in pages of a few. Between two pages things come, and some that were shown and some that
were not yet shown move: somebody writes, renews, changes or hides them. What was there when the reading
began must have come exactly once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle

import pytest
from sqlalchemy import insert, select

from app.community.items.service import add_item
from app.community.recommendations.service import recommend
from app.discovery.feed.queries import feed
from app.discovery.feed.values import CIRCLE, EXPLORE
from app.kernel.clock import Clock
from app.kernel.ids import new_id
from app.kernel.subjects import Subject
from app.market.listings.queries import browse
from app.market.listings.service import publish_listing, remove_listing
from app.market.listings.values import ListingDraft, MarketFilter, Sort
from app.messaging.conversations import queries as chat
from app.messaging.conversations.service import send_message, start_conversation
from app.messaging.groups.queries import find_rooms
from app.messaging.groups.service import join_room, open_room
from app.notifications.inbox.models import NotificationRow
from app.notifications.inbox.queries import list_lines, list_notifications
from app.notifications.inbox.service import mark_read, notify
from app.notifications.kinds.values import COMMENT
from app.people.accounts.service import add_member
from app.platform.database import db, unit_of_work
from app.trust.circle.queries import circle_members
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

Page = tuple[list[str], str | None]
DRAFT = ListingDraft(kind="give", title="Lamp", category="home", condition="good")
SIZE, MANY = 3, 11
NOTICES = NotificationRow.__table__


@dataclass
class Listed:
    """A list: its pages, one thing more, and what moves one that is there."""

    page: Callable[[str | None], Page]
    add: Callable[[], object]
    move: Callable[[str], object]
    goes: bool = False  # what is moved leaves the list
    there: int = 0  # how many are in it from the beginning


def walk(listed: Listed, clock: Clock) -> tuple[list[str], set[str]]:
    """All pages, with something happening behind each; what was read, and what went meanwhile."""
    found: list[str] = []
    gone: set[str] = set()
    moved: set[str] = set()
    before = everything(listed)
    cursor: str | None = None
    for _ in range(3 * MANY):
        ids, cursor = listed.page(cursor)
        found += ids
        if cursor is None:
            return found, gone
        clock.advance(timedelta(seconds=5))
        listed.add()
        unseen = (one for one in reversed(before) if one not in {*found, *moved})
        for one in (found[-1], next(unseen, found[0])):
            moved.add(one)
            clock.advance(timedelta(seconds=5))
            listed.move(one)
            gone |= {one} if listed.goes else set()
    raise AssertionError("the pages never end")


def everything(listed: Listed) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    while True:
        ids, cursor = listed.page(cursor)
        found += ids
        if cursor is None:
            return found


def rooms(ana: int, friends: Sequence[int]) -> Listed:
    bo, owners = friends[0], cycle(friends)

    def page(cursor: str | None) -> Page:
        found = find_rooms(ana, limit=SIZE, cursor=cursor)
        return [one.id for one in found.items], found.next

    def move(room: str) -> None:
        join_room(bo, room)
        send_message(bo, room, f"c{next(numbers)}", "hello")

    numbers = iter(range(1000))
    return Listed(page, lambda: open_room(next(owners), f"Room {next(numbers)}"), move)


def conversations(ana: int, friends: Sequence[int]) -> Listed:
    numbers = iter(range(1000))

    def page(cursor: str | None) -> Page:
        found = chat.list_conversations(ana, SIZE, cursor)
        return [one.id for one in found.items], found.next

    def say(ident: str) -> None:
        send_message(ana, ident, f"c{next(numbers)}", "hello")

    def add() -> None:
        say(start_conversation(ana, friends[:2], title="More")[0])

    return Listed(page, add, say)


def inbox(ana: int, friends: Sequence[int], *, lines: bool) -> Listed:
    numbers = iter(range(1000))

    def page(cursor: str | None) -> Page:
        if lines:
            folded = list_lines(ana, SIZE, cursor)
            return [one.newest.subject.id for one in folded.items], folded.next
        found = list_notifications(ana, SIZE, cursor)
        return [one.subject.id for one in found.items], found.next

    def tell(thing: str) -> None:
        notify(ana, COMMENT, Subject("recommendation", thing), key=thing, actor_id=friends[0], renew=True)

    def move(thing: str) -> None:
        mark_read(ana)
        tell(thing)

    return Listed(page, lambda: tell(f"r{next(numbers)}"), move)


def entries(ana: int, friends: Sequence[int], mode: str) -> Listed:
    numbers = iter(range(1000))
    hidden: set[str] = set()

    def page(cursor: str | None) -> Page:
        found = feed(ana, mode, limit=SIZE, cursor=cursor)
        return [one.id for one in found.items], found.next

    words: dict[str, tuple[int, str]] = {}

    def add() -> None:
        who = friends[next(numbers) % len(friends)]
        thing = add_item(who, kind="product", title=f"Thing {next(numbers)}")
        words[recommend(who, thing, "recommend", text="good")] = who, thing

    def move(ident: str) -> None:
        who, thing = words[ident]
        if next(numbers) % 2 and ident not in hidden:
            recommend(who, thing, "recommend", text=f"better {next(numbers)}")
        else:
            vouch(ana, who, "trust")

    return Listed(page, add, move)


def market(ana: int, friends: Sequence[int]) -> Listed:
    numbers = iter(range(1000))
    sellers: dict[str, int] = {}

    def page(cursor: str | None) -> Page:
        found = browse(ana, MarketFilter(sort=Sort.TRUST), limit=SIZE, cursor=cursor)
        return [one.id for one in found.items], found.next

    def add() -> None:
        who = friends[next(numbers) % len(friends)]
        sellers[publish_listing(who, DRAFT)] = who

    def move(ident: str) -> None:
        remove_listing(sellers[ident], ident)

    return Listed(page, add, move, goes=True)


def circle(ana: int, friends: Sequence[int]) -> Listed:
    """One more vouch moves everybody's rank and score."""
    ids: dict[str, int] = {}

    def page(cursor: str | None) -> Page:
        found = circle_members(ana, SIZE, cursor)
        return [one.member.handle for one in found.members], found.next

    def add() -> None:
        handle = f"more{len(ids)}"
        ids[handle] = add_member(handle, name=handle, email=f"{handle}@example.org")
        vouch(friends[len(ids) % len(friends)], ids[handle], "trust")

    def move(handle: str) -> None:
        vouch(ana, ids[handle] if handle in ids else friends[0], "acquainted")

    return Listed(page, add, move, there=len(friends))


LISTS: dict[str, Callable[[int, Sequence[int]], Listed]] = {
    "rooms": rooms,
    "conversations": conversations,
    "inbox": lambda ana, friends: inbox(ana, friends, lines=True),
    "notifications": lambda ana, friends: inbox(ana, friends, lines=False),
    "circle's feed": lambda ana, friends: entries(ana, friends, CIRCLE),
    "explore": lambda ana, friends: entries(ana, friends, EXPLORE),
    "market by trust": market,
    "circle": circle,
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.databases("sqlite", "postgres")
def test_nothing_is_skipped_or_doubled(name: str, member: MemberFactory, fixed_clock: Clock) -> None:
    ana, *friends = [member(handle) for handle in ("ana", "bo", "cem", "dee", "eve")]
    for one in friends:
        vouch(ana, one, "acquainted")
        vouch(one, ana, "trust")
    listed = LISTS[name](ana, friends)
    for _ in range(MANY):
        fixed_clock.advance(timedelta(minutes=1))
        listed.add()
    fixed_clock.advance(timedelta(minutes=1))
    before = everything(listed)
    assert len(before) == len(set(before)) == MANY + listed.there
    found, gone = walk(listed, fixed_clock)
    assert len(found) == len(set(found)), "something came twice"
    assert set(before) - set(found) <= gone, "something was skipped"


@pytest.mark.parametrize("crowd", [1, 40])
def test_however_long_one_line_is_the_others_are_there(crowd: int, member: MemberFactory, fixed_clock: Clock) -> None:
    """Many people did the same, and one did many: both stand in one line beside the others."""
    ana, *others = [member(f"m{n}x") for n in range(crowd + 1)]
    for thing in ("first", "second"):
        notify(ana, COMMENT, Subject("recommendation", thing), key=thing, actor_id=others[0])
    fixed_clock.advance(timedelta(seconds=1))
    notify(ana, COMMENT, Subject("recommendation", "busy"), key="busy:0", actor_id=others[0])
    with unit_of_work():
        first = db.session.execute(select(NOTICES).where(NOTICES.c.subject_id == "busy")).mappings().one()
        more = [
            {**first, "id": new_id(), "key": f"busy:{n}", "actor_id": others[n % crowd], "at": at}
            for n in range(1, 700)
            for at in [first["at"] + timedelta(seconds=n)]
        ]
        db.session.execute(insert(NOTICES), more)
    lines = list_lines(ana).items
    assert {one.newest.subject.id for one in lines} == {"first", "second", "busy"}
    (busy,) = [one for one in lines if one.newest.subject.id == "busy"]
    assert (busy.people, len(busy.actor_ids)) == (crowd, min(4, crowd))
    assert busy.actor_ids[0] == others[699 % crowd]
