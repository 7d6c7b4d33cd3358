"""Every door of a conversation beside every relation: what gets through, and what does not.

The sockets are real ones of the test client; what each hears is looked at whole, so that a word or a name
of somebody who is blocked is found wherever in the answer it hides.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.kernel.errors import Forbidden
from app.messaging.conversations import changes, queries, service
from app.messaging.conversations.values import ParticipantStatus
from app.messaging.groups import service as groups
from app.messaging.presence.service import seen
from app.people.accounts.service import issue_token, suspend
from app.people.blocks.service import block
from app.platform import realtime
from app.platform.database import db
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

SECRET = "zinnober"  # a word that only the blocked one says


class Wire:
    """One member's socket."""

    def __init__(self, app: Flask, member: int) -> None:
        self.client: Any = realtime.socketio.test_client(app, auth={"token": issue_token(member)})
        assert self.client.is_connected()

    def ask(self, event: str, **data: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.emit(event, data, callback=True)
        db.session.rollback()
        return answer

    def heard(self, *names: str) -> list[dict[str, Any]]:
        return [one["args"][0] for one in self.client.get_received() if not names or one["name"] in names]


@pytest.fixture
def wire(app: Flask) -> Callable[[int], Wire]:
    return lambda member: Wire(app, member)


@pytest.fixture
def four(member: MemberFactory) -> tuple[int, int, int, int]:
    ids = [member(handle) for handle in ("ana", "bo", "cem", "dee")]
    for one in ids:
        for other in ids:
            if one != other:
                vouch(one, other, "trust")
    return ids[0], ids[1], ids[2], ids[3]


@pytest.mark.databases("sqlite")
def test_in_a_group_nothing_of_the_blocked_is_heard(
    four: tuple[int, int, int, int], wire: Callable[[int], Wire]
) -> None:
    ana, bo, cem, _dee = four
    group, _ = service.start_conversation(ana, [bo, cem], title="Three")
    block(ana, bo)
    wires = {one: wire(one) for one in (ana, bo, cem)}
    for one in wires.values():
        assert one.ask("conversation:join", conversation=group, after_seq=0)["ok"]
        one.heard()
    said = wires[bo].ask("message:send", conversation=group, client_id="b", body=f"{SECRET} one")
    wires[cem].ask("message:send", conversation=group, client_id="c", body="yes", reply_to=said["seq"])
    wires[bo].ask("conversation:typing", conversation=group)
    changes.edit_message(bo, said["id"], f"{SECRET} two")
    changes.react(cem, said["id"], "👍", on=True)
    mine = wires[ana].ask("message:send", conversation=group, client_id="a", body="hello")
    with pytest.raises(Forbidden):
        changes.react(bo, mine["id"], "👍", on=True)
    other = wires[cem].ask("message:send", conversation=group, client_id="d", body="once more")
    changes.react(bo, other["id"], "👀", on=True)
    to_ana, to_cem = wires[ana].heard(), wires[cem].heard()
    assert SECRET not in json.dumps(to_ana)
    assert SECRET in json.dumps(to_cem)
    # The numbers come without a gap all the same.
    new = [one["seq"] for one in to_ana if "client_id" in one and not one["change_seq"]]
    assert new == sorted(set(new)) == [1, 2, 3, 4]
    assert all(not one["reactions"] for one in to_ana if one.get("seq") == 4)
    assert not [one for one in to_ana if one.get("member") == "bo"]
    assert [one for one in to_cem if one.get("member") == "bo" and "name" in one]
    again = wires[ana].ask("conversation:join", conversation=group, after_seq=0, after_change=0)
    assert SECRET not in json.dumps(again)
    assert [one["hidden"] for one in again["messages"]] == [True, False, False, False]
    assert queries.search_messages(ana, SECRET).items == []
    row = queries.conversations_by_id(ana, [group])[group]
    assert SECRET not in row.last_text
    assert not [one for one in to_ana if one.get("kind") == "message" and one.get("id") == said["id"]]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("relation", ["blocked", "blocker", "requested", "declined", "suspended", "inside"])
def test_what_a_private_conversation_lets_through(
    relation: str, member: MemberFactory, wire: Callable[[int], Wire]
) -> None:
    """Bo looks at Ana from each relation; whether Bo may come in, is heard typing, sees presence."""
    ana, bo = member("ana"), member("bo")
    ident, _ = service.start_conversation(bo, [ana])
    service.send_message(bo, ident, "x", "hello")
    if relation not in {"requested", "declined"}:
        service.answer_request(ana, ident, accept=True)
    elif relation == "declined":
        service.answer_request(ana, ident, accept=False)
    theirs, hers = wire(bo), wire(ana)
    if relation not in {"requested", "declined"}:
        assert hers.ask("conversation:join", conversation=ident, after_seq=0)["ok"]
    seen(ana)
    if relation == "blocked":
        block(ana, bo)
    elif relation == "blocker":
        block(bo, ana)
    elif relation == "suspended":
        suspend(member("mo", role="moderator"), bo)
    hers.heard()
    apart = relation in {"blocked", "blocker"}
    joined = theirs.ask("conversation:join", conversation=ident, after_seq=0)
    assert joined["ok"] == (relation in {"inside", "requested", "declined"}), joined
    if apart:
        assert joined["code"] == "blocked"
    theirs.ask("conversation:typing", conversation=ident)
    theirs.ask("presence:here", conversation=ident)
    assert bool(hers.heard("conversation:typing", "presence:changed")) == (relation == "inside")
    (other,) = queries.get_conversation(bo, ident).others
    assert (other.seen_at is not None) == (relation in {"inside", "suspended"})
    assert queries.get_conversation(bo, ident).in_touch == (relation in {"inside", "suspended"})
    sent = theirs.ask("message:send", conversation=ident, client_id="y", body="again")
    assert sent["ok"] == (relation in {"inside", "requested", "declined"})
    assert bool(hers.heard("message:new", "notification:new")) == (relation == "inside")


def test_nobody_puts_two_who_are_apart_into_one_group(four: tuple[int, int, int, int]) -> None:
    ana, bo, cem, dee = four
    block(ana, bo)
    for others in ([ana, bo], [ana, bo, dee]):
        with pytest.raises(Forbidden) as refusal:
            service.start_conversation(cem, others, title="All")
        assert refusal.value.error_code == "blocked"
    group, _ = service.start_conversation(cem, [ana, dee], title="Some")
    with pytest.raises(Forbidden):
        groups.add_people(cem, group, [bo])
    assert queries.get_conversation(cem, group).people == 3
    assert queries.get_conversation(ana, group).standing == ParticipantStatus.INSIDE
