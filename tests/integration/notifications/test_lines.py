"""Lines of the inbox: alike ones stand together, pages of them follow each other, reading one reads its line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.kernel.clock import Clock
from app.kernel.errors import Invalid, NotFound
from app.kernel.subjects import Subject
from app.notifications.active_views.service import open_view
from app.notifications.inbox.queries import get_notification, list_lines, unread_count
from app.notifications.inbox.service import mark_line_read, mark_read, mark_subject_read, notify, notify_all
from app.notifications.kinds.values import HELPFUL, MESSAGE, VOUCH
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

SECOND = timedelta(seconds=1)


def vouch_of(bo: int, other: int) -> None:
    notify(bo, VOUCH, Subject("member", str(other)), key=f"vouch:{other}", actor_id=other)


def test_alike_and_unread_is_one_line(member: MemberFactory, fixed_clock: Clock) -> None:
    bo, others = member("bo"), [member(f"friend_{n}") for n in range(5)]
    for other in others[:3]:
        fixed_clock.advance(SECOND)
        vouch_of(bo, other)
    (line,) = list_lines(bo).items
    assert (line.people, line.read) == (3, False)
    assert line.actor_ids == tuple(reversed(others[:3]))
    assert unread_count(bo) == 1
    mark_line_read(bo, line.newest.id)
    assert unread_count(bo) == 0
    for other in others[3:]:
        fixed_clock.advance(SECOND)
        vouch_of(bo, other)
    new, old = list_lines(bo).items
    assert (new.people, new.read, old.people, old.read) == (2, False, 3, True)


def test_what_is_about_different_things_stays_apart(member: MemberFactory) -> None:
    bo, ana, cem = member("bo"), member("ana"), member("cem")
    for who in (ana, cem):
        for thing in ("r1", "r2"):
            notify(bo, HELPFUL, Subject("recommendation", thing), actor_id=who)
    assert [line.people for line in list_lines(bo).items] == [2, 2]
    mark_subject_read(bo, Subject("recommendation", "r1"))
    assert sorted(line.read for line in list_lines(bo).items) == [False, True]
    assert unread_count(ana) == 0


def test_pages_follow_each_other(member: MemberFactory, fixed_clock: Clock) -> None:
    bo, ana = member("bo"), member("ana")
    for number in range(7):
        if number % 3:
            fixed_clock.advance(SECOND)  # some at the very same time
        notify(bo, MESSAGE, Subject("conversation", f"c{number}"), actor_id=ana)
    found, cursor = [], None
    while True:
        page = list_lines(bo, 3, cursor)
        found += [line.newest.subject.id for line in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert sorted(found) == [f"c{number}" for number in range(7)]
    assert found[0] == "c6" or found[1] == "c6"
    for broken in ("x", "WyJ4IiwgIngiXQ"):
        with pytest.raises(Invalid):
            list_lines(bo, 3, broken)


def test_other_peoples_lines_are_not_mine(member: MemberFactory) -> None:
    bo, ana = member("bo"), member("ana")
    vouch_of(bo, ana)
    (line,) = list_lines(bo).items
    with pytest.raises(NotFound):
        get_notification(ana, line.newest.id)
    mark_line_read(ana, line.newest.id)
    mark_read(ana, [line.newest.id])
    assert unread_count(bo) == 1


def test_many_are_told_as_cheaply_as_few(app: Flask, member: MemberFactory) -> None:
    ana, crowd = member("ana"), [member(f"reader_{n}") for n in range(12)]
    open_view(crowd[0], "tab", Subject("conversation", "c1"))
    with statements() as few:
        assert notify_all(crowd[:2], MESSAGE, Subject("conversation", "c0"), actor_id=ana) == 2
    with statements() as many:
        assert notify_all([*crowd, ana], MESSAGE, Subject("conversation", "c1"), actor_id=ana) == 12
    assert len(many) == len(few) <= 12
    assert unread_count(crowd[0]) == 1  # the second lay before their eyes
    assert unread_count(crowd[1]) == 2
