"""What is removed is in no export."""

from __future__ import annotations

from app.messaging.conversations.changes import edit_message, remove_message
from app.messaging.conversations.privacy import export
from app.messaging.conversations.service import send_message
from app.messaging.conversations.starting import start_conversation
from tests.support.people import MemberFactory


def test_removed_words_are_not_exported(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    room, _new = start_conversation(ana, [bo])
    gone = send_message(ana, room, "client-gone", "a slip").id
    edit_message(ana, gone, "another slip")
    send_message(ana, room, "client-kept", "a word")
    remove_message(ana, gone)
    assert [(one["body"], one["before"]) for one in export(ana)] == [("a word", [])]
