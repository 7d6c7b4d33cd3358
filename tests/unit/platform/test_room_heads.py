"""Which rooms are told how far they have come."""

from __future__ import annotations

from app.platform import sequence_positions as room_heads
from app.platform.sequence_positions import Numbered, SequencePositions


class Database:
    """Heads by id, and what was asked for."""

    def __init__(self) -> None:
        self.heads: dict[str, tuple[int, ...]] = {}
        self.asked: list[list[str]] = []

    def read(self, idents: list[str]) -> dict[str, tuple[int, ...]]:
        self.asked.append(idents)
        return {one: self.heads[one] for one in idents if one in self.heads}


def following(database: Database) -> SequencePositions:
    kind = Numbered(
        prefix="c:",
        hint="head",
        name="conversation",
        fields=("seq", "change_seq"),
        carriers={"new": "seq", "changed": "change_seq"},
        read=database.read,
    )
    return SequencePositions(kind)


def test_a_room_is_told_only_of_what_has_not_come_past() -> None:
    database = Database()
    heads = following(database)
    database.heads["x"] = (4, 0)
    assert heads.look(["c:x", "member:1", None]) == [("c:x", "head", {"conversation": "x", "seq": 4, "change_seq": 0})]
    assert heads.look(["c:x"]) == []
    heads.note("c:x", "new", {"seq": 5})
    database.heads["x"] = (5, 0)
    assert heads.look(["c:x"]) == []
    database.heads["x"] = (6, 2)
    assert heads.look(["c:x"])[0][2] == {"conversation": "x", "seq": 6, "change_seq": 2}
    assert heads.look(["c:x"]) == []


def test_other_events_bring_no_number() -> None:
    database = Database()
    heads = following(database)
    database.heads["x"] = (1, 1)
    heads.look(["c:x"])
    database.heads["x"] = (2, 1)
    for event, data in (("read", {"seq": 2}), ("new", {"seq": None}), ("new", "text"), ("changed", {"seq": 2})):
        heads.note("c:x", event, data)
    heads.note("c:unknown", "new", {"seq": 2})
    assert len(heads.look(["c:x"])) == 1


def test_rooms_that_everybody_has_left_are_forgotten_and_nothing_is_asked() -> None:
    database = Database()
    heads = following(database)
    database.heads["x"] = (1, 0)
    heads.look(["c:x"])
    heads.look(["member:1"])
    assert database.asked == [["x"]]
    assert heads.look(["c:x"])


def test_very_many_rooms_take_turns() -> None:
    database = Database()
    heads = following(database)
    rooms = [f"c:{n:05}" for n in range(3 * room_heads.MAX_ROOMS - 7)]
    for _ in range(4):
        heads.look(rooms)
    assert max(map(len, database.asked)) == room_heads.MAX_ROOMS
    assert {f"c:{one}" for asked in database.asked for one in asked} == set(rooms)
