"""A search in messages reads each conversation from its end, and finds what reading all would find."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.messaging.conversations.models import Message, Participant
from app.messaging.conversations.queries import search_messages
from app.platform.database import db
from tests.bench.large_town import Sizes, Town, build_town
from tests.support.databases import Kind
from tests.support.rows_read import reads

# In the virtual machine's steps on SQLite, in rows on PostgreSQL.
MAX_READ = {"sqlite": 80_000, "postgres": 6_000}

pytestmark = pytest.mark.databases("sqlite", "postgres")


@pytest.fixture
def town(app: Flask) -> Town:
    """Twelve rooms, twelve thousand messages, of which a tenth speak of teapots."""
    return build_town(Sizes(60, 100, 20, 60, 20, 20, 12_000))


def test_pages_of_finds_are_what_reading_all_gives(town: Town) -> None:
    mine = select(Participant.conversation_id).where(Participant.member_id == town.viewer_id)
    expected = [
        row.id
        for row in db.session.execute(
            select(Message.id, Message.folded).where(Message.conversation_id.in_(mine)).order_by(Message.id.desc())
        )
        if "teapot" in row.folded
    ]
    found: list[str] = []
    cursor = None
    for _page in range(4):
        page = search_messages(town.viewer_id, "teapot", cursor=cursor)
        found += [one.message.id for one in page.items]
        cursor = page.next
    assert len(found) == 120
    assert found == expected[:120]
    inside = search_messages(town.viewer_id, "teapot", conversation_id=town.conversation)
    assert {one.message.conversation_id for one in inside.items} == {town.conversation}


def test_a_common_word_is_found_without_reading_all_messages(town: Town, database_kind: Kind) -> None:
    with reads() as found:
        page = search_messages(town.viewer_id, "teapot")
    assert len(page.items) == 30
    assert found.amount <= MAX_READ[database_kind], found
