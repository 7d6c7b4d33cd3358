"""Every decision of a moderator, on what waits for one and on what does not.

What waits: one decision with a reason, its line in the log in the same transaction, a word to whom it
concerns. What does not wait: a refusal, and nothing has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask, g
from sqlalchemy import func, select

from app.community.item_merges.service import propose_merge
from app.community.items.service import add_item
from app.kernel.clock import clock
from app.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from app.kernel.ids import new_id
from app.kernel.subjects import Subject
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.messaging.conversations import changes
from app.messaging.conversations.models import Message
from app.messaging.conversations.service import answer_request, send_message, start_conversation
from app.moderation.audit_log.checks import chain_is_whole
from app.moderation.audit_log.models import ModerationAction
from app.moderation.audit_log.queries import log_page
from app.moderation.audit_log.values import Action
from app.moderation.decisions.service import decide, reinstate_member, undo
from app.moderation.held_messages import service as held_messages
from app.moderation.merges.service import decide_merge
from app.moderation.reports.service import file_report
from app.moderation.rings.models import RingFinding
from app.moderation.rings.service import dismiss
from app.moderation.rings.values import RingStatus
from app.notifications.inbox.models import NotificationRow
from app.people.accounts.queries import caller_of
from app.people.accounts.service import issue_token, suspend
from app.platform.database import db, unit_of_work
from app.platform.event_log import run_reactions
from app.web.frame import badges
from tests.support.people import MemberFactory

FRAUD = "Log in to confirm: http://paypa1.com/ and send a steam card"

pytestmark = pytest.mark.databases("sqlite", "postgres")


@dataclass(frozen=True)
class World:
    """Ana acts, Bo is her counterpart, Mo and Mia are moderators."""

    ana: int
    bo: int
    mo: int
    mia: int
    conversation: str


Act = Callable[[World, int, str, str], object]  # world, moderator, the thing, the reason


@dataclass(frozen=True)
class Deed:
    """One decision: how a thing comes to wait for it, and what else there is that does not wait."""

    name: str
    waits: Callable[[World], str]
    act: Act
    told: bool = True


@pytest.fixture
def world(member: MemberFactory) -> Iterator[World]:
    ana, bo = member("ana"), member("bo")
    mo, mia = member("mo", role="moderator"), member("mia", role="moderator")
    ident, _ = start_conversation(ana, [bo])
    answer_request(bo, ident, accept=True)
    yield World(ana, bo, mo, mia, ident)
    assert list(chain_is_whole()) == []


def held(world: World) -> str:
    sent = send_message(world.ana, world.conversation, new_id(), FRAUD)
    assert sent.held
    return sent.id


def said(world: World) -> str:
    return send_message(world.ana, world.conversation, new_id(), "See you on Friday").id


def proposed(world: World) -> str:
    one, other = (
        add_item(world.ana, kind="product", title="Blue kettle"),
        add_item(world.ana, kind="product", title="Kettle, blue"),
    )
    return propose_merge(world.ana, one, other)


def reported(world: World) -> str:
    draft = ListingDraft(kind="give", title="A stolen lamp", condition="good")
    return file_report(world.bo, Subject("listing", publish_listing(world.ana, draft)), "scam")


def removed(world: World) -> str:
    report = reported(world)
    decide(world.mo, report, "remove", "A lamp of somebody else's.")
    run_reactions()
    return report


def suspended(world: World) -> str:
    suspend(world.mo, world.ana)
    return str(world.ana)


def ring(_world: World) -> str:
    with unit_of_work():
        row = RingFinding(id=new_id(), status=RingStatus.OPEN.value, found_at=clock.now(), seen_at=clock.now())
        row.density, row.closed, row.suspicion, row.joined_within, row.alike, row.outsiders = 1.0, 1.0, 1.0, 1, 1.0, 0
        row.edges = []
        db.session.add(row)
    return row.id


DEEDS = (
    Deed("release", held, lambda _w, mo, what, why: held_messages.release(mo, what, why)),
    Deed("drop", held, lambda _w, mo, what, why: held_messages.drop(mo, what, why)),
    Deed("merge", proposed, lambda _w, mo, what, why: decide_merge(mo, what, confirm=True, reason=why)),
    Deed("keep_apart", proposed, lambda _w, mo, what, why: decide_merge(mo, what, confirm=False, reason=why)),
    Deed("dismiss", reported, lambda _w, mo, what, why: decide(mo, what, "dismiss", why), told=False),
    Deed("remove", reported, lambda _w, mo, what, why: decide(mo, what, "remove", why)),
    Deed("suspend", reported, lambda _w, mo, what, why: decide(mo, what, "suspend", why)),
    Deed("reinstate", suspended, lambda _w, mo, what, why: reinstate_member(mo, int(what), why)),
    Deed("restore", removed, lambda _w, mo, what, why: undo(mo, what, why)),
    Deed("dismiss", ring, lambda _w, mo, what, why: dismiss(mo, what, why), told=False),
)
NAMES = [f"{deed.name}-{deed.waits.__name__}" for deed in DEEDS]


def lines() -> int:
    return db.session.scalar(select(func.count()).select_from(ModerationAction)) or 0


def told(member_id: int) -> list[str]:
    run_reactions()
    row = NotificationRow
    query = select(row.data).where(row.member_id == member_id, row.kind == "moderated")
    return [data["text"] for data in db.session.scalars(query)]


@pytest.mark.parametrize("deed", DEEDS, ids=NAMES)
def test_what_waits_is_decided_once_with_a_reason_a_line_and_a_word(world: World, deed: Deed) -> None:
    what = deed.waits(world)
    before, known = lines(), told(world.ana)
    for reason in ("", "  ", "\u200b"):
        with pytest.raises(Invalid, match="reason"):
            deed.act(world, world.mo, what, reason)
    with pytest.raises(Forbidden):
        deed.act(world, world.bo, what, "I want it.")
    assert lines() == before
    deed.act(world, world.mo, what, "It is plain to see.")
    line = log_page(world.mia).items[0]
    assert (line.decision, line.reason) == (deed.name, "It is plain to see.")
    words = [one for one in told(world.ana) if one not in known]
    assert bool(words) is deed.told
    assert all("It is plain to see." in one for one in words)
    run_reactions()
    assert len(told(world.ana)) == len(known) + len(words), "told once"
    with pytest.raises(DomainError) as refusal:
        deed.act(world, world.mia, what, "Me too.")
    assert (refusal.value.error_code, refusal.value.status) == ("decided", 409)
    assert lines() == before + 1


@pytest.mark.parametrize("deed", DEEDS, ids=NAMES)
def test_what_is_not_there_is_not_found(world: World, deed: Deed) -> None:
    for nothing in ("999999", "0") if deed.name == "reinstate" else (new_id(), "0"):
        with pytest.raises(NotFound):
            deed.act(world, world.mo, nothing, "Because.")
    assert lines() == 0


def test_every_decision_of_the_log_is_walked() -> None:
    # `report` opens reports on the members of a ring; each of them is decided, and told, by itself.
    # `settle` divides the money of an order between two, who are told by its case: see test_order_case_pages and the
    # tests of cases.
    assert {deed.name for deed in DEEDS} == {one.value for one in Action} - {"report", "settle"}


@pytest.mark.parametrize("act", [held_messages.release, held_messages.drop])
def test_a_message_that_is_not_held_is_nobodys_to_decide(world: World, act: Callable[[int, str, str], None]) -> None:
    plain, taken_back = said(world), said(world)
    changes.remove_message(world.ana, taken_back)
    gone = held(world)
    changes.remove_message(world.ana, gone)
    released = held(world)
    held_messages.release(world.mia, released, "A joke.")
    own = send_message(world.bo, world.conversation, "b", "mine").id
    before = _messages()
    for one in (plain, taken_back, gone, released, own):
        with pytest.raises(Conflict, match="already reviewed"):
            act(world.mo, one, "Because I can.")
    assert _messages() == before
    assert lines() == 1


def test_nobody_decides_about_their_own_held_message(world: World) -> None:
    ident, _ = start_conversation(world.mo, [world.bo])
    answer_request(world.bo, ident, accept=True)
    sent = send_message(world.mo, ident, "x", FRAUD)
    assert sent.held
    for act in (held_messages.release, held_messages.drop):
        with pytest.raises(Forbidden, match="Someone else"):
            act(world.mo, sent.id, "It is mine.")


def test_a_line_that_cannot_be_written_undoes_the_decision(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("the disk is full")

    waiting = held(world)
    before = _messages()
    monkeypatch.setattr(held_messages, "write_line", broken)
    for act in (held_messages.release, held_messages.drop):
        with pytest.raises(RuntimeError):
            act(world.mo, waiting, "Fraud.")
    db.session.rollback()
    assert _messages() == before


def test_the_badge_counts_every_list_of_the_desk(app: Flask, world: World) -> None:
    held(world), held(world), proposed(world), reported(world), ring(world)
    with app.test_request_context():
        g.kin_viewer = caller_of(issue_token(world.mo))
        found = badges()
    assert (found["held"], found["merges"], found["rings"]) == (2, 1, 1)
    assert found["queue"] == 5


def _messages() -> list[tuple[object, ...]]:
    query = select(Message.id, Message.body, Message.held_at, Message.deleted_at, Message.change_seq)
    return [tuple(row) for row in db.session.execute(query.order_by(Message.id))]
