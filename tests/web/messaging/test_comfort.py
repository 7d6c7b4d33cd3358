"""What the pages of conversations show so that one finds one's way in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.messaging.conversations import service
from app.messaging.groups import service as groups
from app.trust.vouches.service import vouch
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
