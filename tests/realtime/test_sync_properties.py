"""Whatever the network does, in the end everybody has the same list.

Three devices of two people talk through the real socket events on SQLite. A script, made up by
hypothesis, says who writes, whose acknowledgement or hint is lost, doubled or late, who is cut off,
when the server restarts, who edits and takes back. At the end all come back, and the lists must be equal.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from limits.storage import MemoryStorage

from app.messaging.conversations import changes, queries
from app.messaging.conversations.queries import positions_of
from app.messaging.conversations.starting import start_conversation
from app.people.accounts.service import issue_token
from app.platform import realtime, socket_watch
from app.platform.database import db
from app.platform.limits import RateKeeper

Step = tuple[str, int, int]
Shown = dict[int, tuple[str, str, bool]]  # by seq: id, body, taken back

OPERATIONS = ("write", "send", "send and lose the answer", "hear", "lose", "double", "swap",
              "cut", "come back", "restart", "edit", "remove", "head")  # fmt: skip
scripts = st.lists(
    st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 2), st.integers(0, 5)), min_size=4, max_size=45
)
tried = settings(
    max_examples=30, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@dataclass
class Device:
    """A client that keeps to the contract: orders by `seq`, fetches at a gap, sends again under the same name."""

    world: World
    member: int
    token: str
    name: str
    wire: Any = None
    arriving: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    outbox: list[tuple[str, str]] = field(default_factory=list)
    shown: Shown = field(default_factory=dict)
    last: int = 0
    changed: int = 0
    retries_under_a_new_name: ClassVar[bool] = False

    def come_back(self) -> None:
        if self.wire is None:
            self.wire = realtime.socketio.test_client(self.world.app, auth={"token": self.token})
            assert self.wire.is_connected()
            self.fetch()

    def cut(self) -> None:
        if self.wire is not None:
            self.wire.disconnect()
            self.wire, self.arriving = None, []

    def gather(self) -> None:
        """What the network has brought to the door; it is not heard yet."""
        if self.wire is not None:
            came = [(one["name"], one["args"][0]) for one in self.wire.get_received()]
            self.arriving += [one for one in came if one[0] in {"message:new", "message:changed"}]

    def ask(self, event: str, **data: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.wire.emit(event, data, callback=True)
        assert answer["ok"], answer
        return answer

    def fetch(self) -> None:
        more = True
        while more:
            answer = self.ask(
                "conversation:join",
                conversation=self.world.conversation, after_seq=self.last, after_change=self.changed,
            )  # fmt: skip
            for message in answer["messages"]:
                self.show(message)
            for message in answer["changed"]:
                self.change(message)
            more = answer["more"]
            if not more:
                self.changed = max(self.changed, answer["change_seq"])

    def show(self, message: dict[str, Any]) -> None:
        if message["seq"] == self.last + 1:
            self.last = message["seq"]
            self.draw(message)

    def change(self, message: dict[str, Any]) -> None:
        if message["change_seq"] > self.changed:
            self.changed = message["change_seq"]
            if message["seq"] in self.shown:
                self.draw(message)

    def draw(self, message: dict[str, Any]) -> None:
        self.shown[message["seq"]] = (message["id"], message["body"], message["deleted"])

    def hear(self, event: str, data: dict[str, Any]) -> None:
        if event == "message:new" and data["seq"] == self.last + 1:
            self.show(data)
        elif event == "message:changed" and data["change_seq"] == self.changed + 1 and data["seq"] <= self.last:
            self.change(data)
        elif self.behind(event, data):
            self.fetch()

    def behind(self, event: str, data: dict[str, Any]) -> bool:
        """Whether what was heard shows that something else was missed."""
        ahead, altered = data.get("seq", 0) > self.last, data.get("change_seq", 0) > self.changed
        return (ahead and event != "message:changed") or (altered and event != "message:new")

    def send(self, *, answered: bool = True) -> None:
        if self.wire is None or not self.outbox:
            return
        client_id, body = self.outbox[0]
        answer = self.ask("message:send", conversation=self.world.conversation, client_id=client_id, body=body)
        assert answer["seq"] >= 1
        if answered:
            self.outbox.pop(0)
        elif self.retries_under_a_new_name:
            self.outbox[0] = (client_id + "'", body)

    def head(self) -> None:
        """What a process tells its rooms every few seconds when there are several."""
        seq, change = positions_of([self.world.conversation])[self.world.conversation]
        if self.wire is not None:
            self.hear("conversation:head", {"seq": seq, "change_seq": change})


class Deaf(Device):
    """Naive: draws what it hears and never fetches what it missed."""

    def fetch(self) -> None:
        self.ask("conversation:join", conversation=self.world.conversation, after_seq=0)

    def hear(self, event: str, data: dict[str, Any]) -> None:
        if event in {"message:new", "message:changed"}:
            self.draw(data)


class Forgetful(Device):
    """Naive: after a lost answer it sends the text as a new message."""

    retries_under_a_new_name: ClassVar[bool] = True


class Hasty(Device):
    """Naive: applies a change as it comes, whether one was missed before it or not."""

    def hear(self, event: str, data: dict[str, Any]) -> None:
        if event == "message:changed":
            self.change(data)
        elif event != "conversation:head":
            super().hear(event, data)


class World:
    """One conversation, from its beginning to the day on which everybody is back."""

    def __init__(self, app: Flask, members: Sequence[int], tokens: Sequence[str], kind: type[Device]) -> None:
        self.app = app
        # A script says more in a second than the limits allow in a minute.
        app.extensions["kin_rates"] = RateKeeper(MemoryStorage())
        self.conversation, _ = start_conversation(members[0], members[1:], title="As it comes")
        who = ((0, "phone"), (0, "laptop"), (1, "phone of bo"))
        self.devices = [kind(self, members[one], tokens[one], name) for one, name in who]
        self.written = 0
        for device in self.devices:
            device.come_back()

    def play(self, script: Sequence[Step]) -> None:
        for operation, who, number in script:
            device = self.devices[who]
            self._step(operation, device, number)
            db.session.rollback()
            for one in self.devices:
                one.gather()

    def _step(self, operation: str, device: Device, number: int) -> None:
        if operation == "write":
            self.written += 1
            device.outbox.append((f"{device.name}-{self.written}", f"text {self.written}"))
        elif operation in {"hear", "lose", "double", "swap"}:
            self._arrive(operation, device, number)
        elif operation == "restart":
            for one in self.devices:
                one.cut()
        elif operation in {"edit", "remove"}:
            self._alter(operation, device, number)
        else:
            simple: dict[str, Callable[[], None]] = {
                "send": device.send,
                "send and lose the answer": lambda: device.send(answered=False),
                "cut": device.cut,
                "come back": device.come_back,
                "head": device.head,
            }
            simple[operation]()

    @staticmethod
    def _arrive(operation: str, device: Device, number: int) -> None:
        if not device.arriving:
            return
        place = number % len(device.arriving)
        if operation == "swap":
            device.arriving.append(device.arriving.pop(place))
        elif operation == "lose":
            device.arriving.pop(place)
        else:
            event, data = device.arriving.pop(place) if operation == "hear" else device.arriving[place]
            device.hear(event, data)

    def _alter(self, operation: str, device: Device, number: int) -> None:
        mine = [
            one for one in queries.messages_after(self.conversation, 0, 100)
            if one.author_id == device.member and not one.deleted
        ]  # fmt: skip
        if not mine:
            return
        chosen = mine[number % len(mine)]
        if operation == "edit":
            changes.edit_message(device.member, chosen.id, f"{chosen.body}, anew")
        else:
            changes.remove_message(device.member, chosen.id)

    def come_to_rest(self) -> None:
        """Everybody is back, everything is sent; what had been lost stays lost."""
        for device in self.devices:
            device.come_back()
            while device.outbox:
                device.send()
        for device in self.devices:
            device.gather()
            for event, data in device.arriving:
                device.hear(event, data)
            device.arriving = []
            device.head()

    def check(self) -> None:
        truth = {one.seq: (one.id, one.body, one.deleted) for one in queries.messages_after(self.conversation, 0, 1000)}
        assert list(truth) == list(range(1, len(truth) + 1)), "a gap in the numbers"
        assert len(truth) == self.written, "a message was lost or said twice"
        for device in self.devices:
            assert device.shown == truth, f"{device.name} shows something else"


@pytest.fixture
def talk(app: Flask, newcomer: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`talk(script, kind)`: plays it on a conversation of its own, and compares."""
    monkeypatch.setattr(socket_watch, "start", lambda *_: None)
    members = [newcomer(name) for name in ("ana", "bo", "cem")]
    tokens = [issue_token(one) for one in members]

    def play(script: Sequence[Step], kind: type[Device] = Device) -> None:
        world = World(app, members, tokens, kind)
        try:
            world.play(script)
            world.come_to_rest()
            world.check()
        finally:
            for device in world.devices:
                device.cut()

    return play


BURST = [step for n in range(4) for step in (("write", 0, n), ("send", 0, n))]


@tried
@given(script=scripts)
@example(script=[*BURST, ("lose", 2, 1), ("hear", 2, 2), ("double", 1, 0), ("hear", 1, 3)])
@example(script=[*BURST, ("edit", 0, 0), ("edit", 0, 1), ("cut", 2, 0), ("remove", 0, 2), ("restart", 0, 0)])
@example(script=[("write", 2, 0), ("send and lose the answer", 2, 0), ("restart", 0, 0), ("write", 1, 0)])
def test_any_interleaving_ends_with_the_same_list_on_all_sides(talk: Callable[..., None], script: list[Step]) -> None:
    talk(script)


NAIVE = [
    (Deaf, [*BURST, ("cut", 2, 0), ("write", 0, 0), ("send", 0, 0)]),
    (Forgetful, [("write", 0, 0), ("send and lose the answer", 0, 0)]),
    (Hasty, [*BURST, *itertools.repeat(("hear", 2, 0), 4), ("edit", 0, 0), ("edit", 0, 1), ("lose", 2, 0)]),
]


@pytest.mark.parametrize(("kind", "script"), NAIVE, ids=lambda one: getattr(one, "__name__", ""))
def test_a_naive_client_ends_with_another_list(
    talk: Callable[..., None], kind: type[Device], script: list[Step]
) -> None:
    talk(script)
    with pytest.raises(AssertionError, match=r"shows something else|lost or said twice"):
        talk(script, kind)


def test_chance_alone_finds_a_naive_client_too(talk: Callable[..., None]) -> None:
    @settings(tried, phases=[Phase.generate])
    @given(script=scripts)
    def play(script: list[Step]) -> None:
        talk(script, Deaf)

    with pytest.raises((AssertionError, ExceptionGroup)):
        play()
