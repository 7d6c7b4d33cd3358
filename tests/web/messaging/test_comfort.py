"""What the pages of conversations show so that one finds one's way in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.clock import clock
from app.messaging.conversations import service
from app.messaging.conversations.models import Message
from app.messaging.conversations.values import EDITABLE
from app.messaging.groups import service as groups
from app.platform.database import db, unit_of_work
from app.trust.vouches.service import vouch
from tests.support.forms import forms_of
from tests.support.people import MemberFactory

SignedIn = Callable[[FlaskClient, str], FlaskClient]


@pytest.fixture
def friends(member: MemberFactory) -> tuple[int, int]:
    ana, bo = member("ana", name="Ana"), member("bo", name="Bo Berg")
    vouch(ana, bo, "trust")
    vouch(bo, ana, "trust")
    return ana, bo


def test_the_trail_stands_in_the_head_of_a_direct_chat_alone(
    app: Flask, friends: tuple[int, int], signed_in: SignedIn
) -> None:
    ana, bo = friends
    pair, _ = service.start_conversation(ana, [bo])
    room = groups.open_room(bo, "Bikes")
    groups.join_room(ana, room)
    for place in (pair, room):
        service.send_message(bo, place, "one", "Hello")
    client = signed_in(app.test_client(), "ana")
    assert client.get(f"/messages/{pair}").text.count('class="trail"') == 1
    for path in (f"/messages/{room}", "/messages", "/rooms", "/messages/search?q=hello"):
        page = client.get(path).text
        assert "Hello" in page or "Bikes" in page
        assert 'class="trail"' not in page, path


def test_the_list_comes_without_its_page_for_the_side_of_a_conversation(
    app: Flask, friends: tuple[int, int], signed_in: SignedIn
) -> None:
    ana, bo = friends
    pair, _ = service.start_conversation(ana, [bo])
    service.send_message(bo, pair, "one", "Hello")
    client = signed_in(app.test_client(), "ana")
    beside = client.get("/messages?beside=1").text
    assert f'data-conversation-row="{pair}"' in beside
    assert "<html" not in beside
    assert "<h1" not in beside
    assert "data-beside" in client.get(f"/messages/{pair}").text


def _said_at(pair: str, times: dict[int, datetime]) -> None:
    with unit_of_work():
        for seq, at in times.items():
            db.session.execute(
                Message.__table__.update().where(Message.conversation_id == pair, Message.seq == seq).values(at=at)
            )


def test_days_stand_between_messages_and_times_are_of_one_kind(
    app: Flask, friends: tuple[int, int], signed_in: SignedIn
) -> None:
    ana, bo = friends
    pair, _ = service.start_conversation(ana, [bo])
    for number in range(4):
        service.send_message(bo, pair, f"m{number}", "Hello")
    # In Auckland the second of them was said a day after the first, which was one day in London.
    _said_at(pair, {1: datetime(2026, 3, 2, 10, 30, tzinfo=UTC), 2: datetime(2026, 3, 2, 11, 30, tzinfo=UTC)})
    _said_at(pair, {3: clock.now() - timedelta(days=1)})
    client = signed_in(app.test_client(), "ana")

    def lines() -> list[str]:
        return re.findall(r'class="day-line"[^>]*><span>([^<]+)<', client.get(f"/messages/{pair}").text)

    client.set_cookie("kin_zone", "Europe/London")
    assert lines() == ["Monday, March 2, 2026", "Yesterday", "Today"]
    client.set_cookie("kin_zone", "Pacific/Auckland")
    assert lines() == ["Monday, March 2, 2026", "Tuesday, March 3, 2026", "Yesterday", "Today"]
    log = client.get(f"/messages/{pair}").text.split("<ol", 1)[1].split("</ol>", 1)[0]
    assert log.count("<time ") == log.count(" data-clock>") == 4
    assert "11:30" in log
    assert " ago" not in log


def test_the_first_unread_message_is_one_link_away(app: Flask, friends: tuple[int, int], signed_in: SignedIn) -> None:
    ana, bo = friends
    pair, _ = service.start_conversation(ana, [bo])
    for number in range(80):
        service.send_message(bo, pair, f"m{number}", f"text {number}")
        if number == 9:
            service.mark_read(ana, pair, 10)
    client = signed_in(app.test_client(), "ana")
    page = client.get(f"/messages/{pair}").text
    assert "data-new-line" not in page
    (href,) = re.findall(r'class="btn small to-unread"\s+href="([^"]+)"', page)
    page = client.get(f"/messages/{pair}{href.replace('&amp;', '&')}").text
    before, after = page.split("data-new-line", 1)
    assert 'id="m10"' in before
    assert re.search(r'id="(m\d+)"', after)[1] == "m11"  # type: ignore[index]
    assert "to-unread" not in client.get(f"/messages/{pair}").text


def test_a_first_message_to_a_stranger_is_said_to_be_a_request_before_it_is_sent(
    app: Flask, friends: tuple[int, int], member: MemberFactory, signed_in: SignedIn
) -> None:
    ana, bo = friends
    cem = member("cem")
    client = signed_in(app.test_client(), "ana")
    told = "your first message goes as a request"
    known, _ = service.start_conversation(ana, [bo])
    strange, _ = service.start_conversation(ana, [cem])
    assert told not in client.get(f"/messages/{known}").text
    assert told in client.get(f"/messages/{strange}").text
    service.send_message(ana, strange, "one", "Hello")
    page = client.get(f"/messages/{strange}").text
    assert told not in page
    assert "Request sent." in page


def test_a_link_of_our_own_alone_is_its_card(app: Flask, friends: tuple[int, int], signed_in: SignedIn) -> None:
    ana, bo = friends
    pair, _ = service.start_conversation(ana, [bo])
    client = signed_in(app.test_client(), "ana")
    for number, (words, bubbles) in enumerate((("/m/bo", 0), ("See /m/bo", 1), ("/m/nobody", 1))):
        seq = service.send_message(bo, pair, f"m{number}", words).seq
        row = client.get(f"/messages/{pair}/row/{seq}").text
        assert row.count('<div class="bubble"') == bubbles, words
        assert row.count('class="link-card"') == (0 if "nobody" in words else 1), words


def test_an_edit_is_offered_as_long_as_it_is_taken(app: Flask, friends: tuple[int, int], signed_in: SignedIn) -> None:
    ana, bo = friends
    pair, _ = service.start_conversation(ana, [bo])
    with clock.freeze(clock.now() - EDITABLE - timedelta(minutes=1)):
        old = service.send_message(ana, pair, "old", "Too late")
    new = service.send_message(ana, pair, "new", "Helo")
    client = signed_in(app.test_client(), "ana")
    page = client.get(f"/messages/{pair}").text
    assert f"/edit/{new.id}" in page
    assert f"/edit/{old.id}" not in page
    assert f'data-edit-for="{int(EDITABLE.total_seconds())}"' in page
    refused = client.get(f"/messages/{pair}/edit/{old.id}")
    assert refused.status_code == 403
    assert "48 hours" in refused.text


def test_the_form_of_a_message_comes_for_its_row_and_answers_with_it(
    app: Flask, friends: tuple[int, int], signed_in: SignedIn
) -> None:
    ana, bo = friends
    pair, _ = service.start_conversation(ana, [bo])
    sent = service.send_message(ana, pair, "new", "Helo")
    client = signed_in(app.test_client(), "ana")
    address, script = f"/messages/{pair}/edit/{sent.id}", {"HX-Request": "true"}
    [form] = forms_of(client.get(address, headers=script).text)
    [other_tab] = forms_of(client.get(address, headers=script).text)
    assert "<html" not in client.get(address, headers=script).text
    empty = client.post(address, data=form.data() | {"body": " "}, headers=script)
    assert empty.status_code == 422
    assert "Write a message first." in empty.text
    assert "data-edit-form" in empty.text
    row = client.post(address, data=form.data() | {"body": "Hello"}, headers=script)
    assert "Hello" in row.text
    assert f'id="m{sent.seq}"' in row.text
    # Somebody else's tab was slower: both texts are shown, nothing is lost.
    late = client.post(address, data=other_tab.data() | {"body": "Hallo"}, headers=script)
    assert late.status_code == 409
    assert "changed in the meantime" in late.text
    assert "Hallo" in late.text
    # Without a script it is a page, and leads back.
    assert "<html" in client.get(address).text
    [page_form] = [one for one in forms_of(client.get(address).text) if "body" in one.names]
    back = client.post(address, data=page_form.data() | {"body": "Good day"})
    assert back.status_code == 303


def test_a_groups_people_come_with_its_page_and_a_rooms_by_asking(
    app: Flask, friends: tuple[int, int], member: MemberFactory, signed_in: SignedIn
) -> None:
    ana, bo = friends
    cem = member("cem", name="Cem")
    vouch(cem, ana, "trust")
    group, _ = service.start_conversation(ana, [bo, cem])
    room = groups.open_room(ana, "Bikes")
    groups.join_room(bo, room)
    client = signed_in(app.test_client(), "ana")
    page = client.get(f"/messages/{group}").text
    assert 'data-handle="cem"' in page
    assert "data-more" not in page
    page = client.get(f"/messages/{room}").text
    assert 'data-handle="bo"' not in page
    assert f'data-more="/messages/{room}/names"' in page
    assert 'data-handle="bo"' in client.get(f"/messages/{room}/names?q=ber").text
    assert signed_in(app.test_client(), "cem").get(f"/messages/{room}/names?q=b").status_code == 404
