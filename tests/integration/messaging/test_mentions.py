"""Whom a mention may mean in a room, as one types it."""

from __future__ import annotations

from app.messaging.conversations import service
from app.messaging.groups import service as groups
from app.messaging.groups.queries import MOST_NAMES, people_to_mention
from app.people.blocks.service import block
from tests.support.people import MemberFactory


def test_who_spoke_lately_comes_first_and_others_by_how_their_name_begins(member: MemberFactory) -> None:
    ana = member("ana", name="Ana Berg")
    room = groups.open_room(ana, "Tea")
    names = {"berit": "Bea Berg", "bo": "Bo", "zoe": "Zoë Åberg", "linmeiling": "林美玲"}
    ids = {handle: member(handle, name=name) for handle, name in names.items()}
    member("outside", name="Berg Outside")
    for one in ids.values():
        groups.join_room(one, room)
    for handle in ("zoe", "berit"):
        service.send_message(ids[handle], room, "once", "Hello")

    def found(typed: str) -> list[str]:
        return [one.handle for one in people_to_mention(ana, room, typed)]

    # Who came or spoke last; nobody mentions themselves.
    assert found("") == ["berit", "zoe", "linmeiling", "bo"]
    assert found("berg") == ["berit", "zoe"]
    assert found("aberg") == ["zoe"]
    assert found("B") == ["berit", "zoe", "bo"]
    assert found("美") == ["linmeiling"]
    block(ids["berit"], ana)
    groups.leave(ids["zoe"], room)
    assert found("b") == ["bo"]


def test_a_large_room_offers_no_more_than_a_few(member: MemberFactory) -> None:
    ana = member("ana")
    room = groups.open_room(ana, "Tea")
    for number in range(MOST_NAMES + 3):
        groups.join_room(member(f"bo_{number}"), room)
    assert len(people_to_mention(ana, room, "bo")) == MOST_NAMES
