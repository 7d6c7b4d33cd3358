"""Exists, unread and told are three things: whatever happens in whatever order, a plain model says the same.

People speak, the house puts up cards, moderators hold and let through, people block each other, read,
mute, come and go. After each step what each of them has unread, what the badge counts and who was told
must be what a model says that knows nothing of numbers, only of what each has had before their eyes.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from limits.storage import MemoryStorage
from sqlalchemy import select

from app.kernel.viewer import Viewer
from app.messaging.conversations import changes, checks, queries, sending, service
from app.messaging.conversations.values import CardKind, ParticipantStatus
from app.messaging.fraud_signals.values import FraudSignal, Verdict
from app.messaging.groups import service as groups
from app.moderation.held_messages import service as held_messages
from app.notifications.inbox import service as inbox
from app.notifications.inbox.queries import list_notifications
from app.notifications.inbox.values import MESSAGE, NotificationView
from app.people.blocks.service import block, unblock
from app.platform.database import db
from app.platform.event_log import run_reactions
from app.platform.limits import RateKeeper
from app.platform.subjects import Ruling
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

FRAUD = "send a steam card"
OPERATIONS = (
    "say", "say", "say held", "card", "quiet card", "read", "read", "read one", "remove", "let through", "drop",
    "edit into fraud", "block", "unblock", "mute", "leave", "come back", "dismiss",
)  # fmt: skip
PEOPLE = 3  # whose doings the script decides; the fourth owns the group and looks on
Step = tuple[str, int, int]
scripts = st.lists(
    st.tuples(st.sampled_from(OPERATIONS), st.integers(0, PEOPLE - 1), st.integers(0, 5)), min_size=5, max_size=14
)


@dataclass
class RecommendationView:
    """One message of the model."""

    ident: str
    author: int
    quiet: bool = False
    held: bool = False
    removed: bool = False


@dataclass
class Model:
    """What each has had before their eyes, and who has a line in the bell."""

    said: list[RecommendationView] = field(default_factory=list)
    seen: dict[int, set[str]] = field(default_factory=dict)
    inside: set[int] = field(default_factory=set)
    muted: set[int] = field(default_factory=set)
    blocks: set[tuple[int, int]] = field(default_factory=set)
    line: set[int] = field(default_factory=set)
    told: list[int] = field(default_factory=list)

    def unread(self, reader: int) -> list[RecommendationView]:
        return [
            one
            for one in self.said
            if one.author != reader
            and not (one.quiet or one.held or one.removed)
            and one.ident not in self.seen[reader]
            and (reader, one.author) not in self.blocks
        ]

    def apart(self, one: int, other: int) -> bool:
        return (one, other) in self.blocks or (other, one) in self.blocks

    def look(self, reader: int, upto: int | None = None) -> None:
        self.seen[reader] |= {one.ident for one in self.said[:upto] if not one.held}
        if upto is None or upto >= len(self.said):
            self.line.discard(reader)

    def tell(self, message: RecommendationView) -> None:
        for reader in self.inside - self.muted - self.line:
            if message in self.unread(reader) and not self.apart(reader, message.author):
                self.line.add(reader)
                self.told.append(reader)

    def settle(self, readers: Sequence[int]) -> None:
        for reader in readers:
            waits = [one for one in self.unread(reader) if not self.apart(reader, one.author)]
            if not waits or reader in self.muted or reader not in self.inside:
                self.line.discard(reader)


class World:
    """A group, and the model beside it."""

    def __init__(self, app: Flask, people: Sequence[int], moderator: int, told: list[int]) -> None:
        app.extensions["kin_rates"] = RateKeeper(MemoryStorage())
        self.owner, *self.people = people
        self.moderator = moderator
        self.numbers = itertools.count()
        self.group, _ = service.start_conversation(self.owner, self.people, title="As it comes")
        self.model = Model(seen={one: set() for one in people}, inside=set(people))
        self.told = told
        self.told.clear()

    def play(self, script: Sequence[Step]) -> None:
        try:
            for place, (operation, who, number) in enumerate(script, start=1):
                self.step(operation, self.people[who], number)
                run_reactions()
                db.session.rollback()
                self.compare(f"{operation} by {who}")
                # The bell is dear to ask: half of them by turns, in the end all.
                for turn, reader in enumerate(self.model.seen):
                    if (turn + place) % 2 or place == len(script):
                        self.compare_bell(reader, f"{operation} by {who}")
            assert checks.run() == []
        finally:
            for blocker, blocked in self.model.blocks:
                unblock(blocker, blocked)

    def step(self, operation: str, actor: int, number: int) -> None:
        model = self.model
        if operation in {"say", "say held", "card", "quiet card", "read", "read one", "mute"}:
            if actor in model.inside:
                self.inside(operation, actor, number)
        elif operation == "dismiss":
            inbox.mark_read(actor)
            model.line.discard(actor)
        elif operation in {"block", "unblock"}:
            self.block(actor, self.people[number % PEOPLE], on=operation == "block")
        elif operation in {"leave", "come back"}:
            self.move(actor, out=operation == "leave")
        elif model.said:
            self.alter(operation, model.said[number % len(model.said)])

    def inside(self, operation: str, actor: int, number: int) -> None:
        model = self.model
        if operation in {"say", "say held"}:
            self.say(actor, FRAUD if operation == "say held" else "hello")
        elif operation in {"card", "quiet card"}:
            kind = CardKind.SOLD if operation == "card" else CardKind.RENAMED
            quiet = operation == "quiet card"
            sent = service.post_card(actor, self.group, kind, key=f"{next(self.numbers)}", quiet=quiet)
            assert sent is not None
            self.put(RecommendationView(sent.id, actor, quiet=quiet))
        elif operation == "mute":
            service.set_muted(actor, self.group, muted=actor not in model.muted)
            model.muted ^= {actor}
        else:
            place = number % (len(model.said) + 1) if operation == "read one" else len(model.said)
            # Only what is new to them is read by it; a number behind that says nothing.
            new = {one.ident for one in model.said[:place] if not one.held} - model.seen[actor]
            service.mark_read(actor, self.group, place)
            if new or place == len(model.said):
                model.look(actor, place)

    def say(self, actor: int, text: str) -> None:
        # Whoever speaks has read what was said before.
        self.model.look(actor)
        sent = service.send_message(actor, self.group, f"c{next(self.numbers)}", text)
        self.put(RecommendationView(sent.id, actor, held=sent.held))

    def put(self, message: RecommendationView) -> None:
        self.model.said.append(message)
        self.model.tell(message)

    def block(self, actor: int, other: int, *, on: bool) -> None:
        if actor == other:
            return
        (block if on else unblock)(actor, other)
        (self.model.blocks.add if on else self.model.blocks.discard)((actor, other))
        if on:
            self.model.settle([actor, other])

    def move(self, actor: int, *, out: bool) -> None:
        model = self.model
        if out and actor in model.inside:
            groups.leave(actor, self.group)
            model.inside.discard(actor)
            model.line.discard(actor)
        elif not out and actor not in model.inside and not any(model.apart(actor, one) for one in model.inside):
            groups.add_people(self.owner, self.group, [actor])
            assert queries.get_conversation(actor, self.group).standing == ParticipantStatus.INSIDE
            model.inside.add(actor)
            model.look(actor)
        else:
            return
        card = queries.messages_after(self.group, len(model.said))[-1]
        model.said.append(RecommendationView(card.id, actor, quiet=True))

    def alter(self, operation: str, message: RecommendationView) -> None:
        model = self.model
        if message.removed or queries.get_message(message.ident).card:
            return
        if operation == "remove" and message.author in model.inside:
            changes.remove_message(message.author, message.ident)
            message.removed, message.held = True, False
        elif operation == "drop":
            changes.remove(message.ident, Ruling(moderator_id=self.moderator))
            message.removed, message.held = True, False
        elif operation == "let through" and message.held:
            held_messages.release(self.moderator, message.ident, "A joke.")
            message.held = False
            # Nobody but its author has had it before their eyes.
            for seen in model.seen.values():
                seen.discard(message.ident)
            model.tell(message)
            return
        elif operation == "edit into fraud" and message.author in model.inside:
            changes.edit_message(message.author, message.ident, f"{FRAUD} {next(self.numbers)}")
            message.held = True
        else:
            return
        model.settle(list(model.seen))

    def compare(self, step: str) -> None:
        model = self.model
        for reader in model.seen:
            wanted = len(model.unread(reader)) if reader in model.inside else 0
            rows = {one.id: one for one in queries.list_conversations(reader).items}
            row = rows.get(self.group)
            assert (row.unread if row else 0) == wanted, step
            filtered = [one.id for one in queries.list_conversations(reader, unread=True).items]
            assert (self.group in filtered) == bool(wanted), step
            badge = db.session.scalar(select(queries.unread_badge(Viewer(reader, "", "", frozenset()))))
            counted = [one for one in rows.values() if one.unread and not one.muted]
            assert badge == len(counted), step
        assert sorted(self.told) == sorted(model.told), step

    def compare_bell(self, reader: int, step: str) -> None:
        bell = [
            one
            for one in list_notifications(reader).items
            if one.kind == MESSAGE and one.subject.id == self.group and not one.read
        ]
        assert bool(bell) == (reader in self.model.line), step
        if bell:
            assert bell[0].actor_id in {one.author for one in self.model.unread(reader)}, step


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is fraud is told by one phrase, whoever says it."""
    fraud = Verdict((FraudSignal.UNTRACEABLE,), 99, hold=True)
    for module in (service, sending):
        monkeypatch.setattr(
            module, "fraud_signals_in", lambda text: {FraudSignal.UNTRACEABLE} if FRAUD in text else frozenset()
        )
    monkeypatch.setattr(sending, "judge", lambda _signs, *, stranger: fraud)


@pytest.fixture
def told(app: Flask) -> list[int]:
    """Who was told of a message, in the order of it."""
    found: list[int] = []

    def carry(news: Sequence[NotificationView]) -> None:
        found.extend(one.member_id for one in news if one.kind == MESSAGE)

    inbox.set_carrier(app, carry)
    return found


@pytest.mark.usefixtures("judged")
def test_whatever_happens_unread_and_told_are_what_the_model_says(
    app: Flask, member: MemberFactory, told: list[int], database_kind: str
) -> None:
    ids = [member(handle) for handle in ("dee", "ana", "bo", "cem")]
    for one, other in itertools.permutations(ids, 2):
        vouch(one, other, "trust")
    moderator = member("mo", role="moderator")

    @settings(
        # What the two databases may see differently stands in the examples.
        max_examples=6 if database_kind == "sqlite" else 2, deadline=None, derandomize=True, database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
    @given(script=scripts)
    @example(script=[("quiet card", 0, 0), ("say", 0, 0), ("say", 1, 0)])
    @example(script=[("say held", 0, 0), ("say", 0, 0), ("read", 1, 0), ("let through", 0, 0), ("say", 0, 0)])
    @example(script=[("block", 1, 0), ("say", 0, 0), ("say", 2, 0), ("unblock", 1, 0), ("say", 0, 0)])
    @example(script=[("say", 0, 0), ("say", 2, 0), ("block", 1, 0), ("read", 1, 0), ("say", 2, 0)])
    @example(script=[("say", 0, 0)] * 5 + [("card", 1, 0), ("say", 0, 0)])
    @example(script=[("leave", 0, 0), ("say", 1, 0), ("come back", 0, 0), ("say", 1, 0)])
    @example(script=[("say", 0, 0), ("edit into fraud", 0, 0), ("read", 1, 0), ("let through", 0, 0)])
    def play(script: list[Step]) -> None:
        World(app, ids, moderator, told).play(script)

    play()
