"""What a store says of a purchase counts when the buyer says so too, and is marked as the store's word."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.community.items.service import add_item
from app.community.purchases import queries as evidence
from app.community.purchases.events import PurchaseConfirmed
from app.community.purchases.models import PurchaseEvidence
from app.community.purchases.service import record_purchase
from app.community.purchases.values import PurchaseState
from app.community.recommendations import service as words
from app.community.recommendations.queries import endorsement
from app.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from app.marketing.advocates.service import become_advocate
from app.marketing.confirmations import service
from app.marketing.confirmations.queries import sales
from app.merchants.stores import service as stores
from app.notifications.inbox.queries import list_notifications, unread_count
from app.people.accounts.service import issue_token, suspend
from app.people.blocks.service import block
from app.people.data_requests.queries import export_member
from app.people.data_requests.service import erase_member
from app.platform.database import EventRow, db, unit_of_work
from app.platform.event_log import run_reactions
from tests.support.people import MemberFactory

CROWD = 8


@dataclass(frozen=True)
class Street:
    """Mira's store sells lamps, which Bo recommends; Nils has a store too."""

    mira: int
    nils: int
    bo: int
    root: int
    store: str
    lamp: str
    said: str


@pytest.fixture
def street(member: MemberFactory) -> Street:
    mira, nils, bo = member("mira", role="merchant"), member("nils", role="merchant"), member("bo")
    store = stores.open_store(mira, name="Lamp Shop", slug="lamps", about="Light")
    stores.open_store(nils, name="Tea Time", slug="tea-time", about="Tea")
    lamp = add_item(mira, kind="product", title="Lamp")
    stores.add_product(mira, store, lamp, 1250, "EUR")
    said = words.recommend(bo, lamp, "recommend", text="It is bright")
    return Street(mira, nils, bo, member("olga", role="operator"), store, lamp, said)


def settle() -> None:
    run_reactions()
    db.session.rollback()


def marks(street: Street, viewer: int | None = None) -> list[str | None]:
    settle()
    found = endorsement(viewer, street.said)
    assert found.verified_purchase is bool(found.bought)
    assert ("purchase_confirmed_by" in found.as_json()) is bool(found.bought)
    return [one.name or one.kind for one in found.bought]


def told(member_id: int) -> list[str]:
    settle()
    return [str(one.data["title"]) for one in list_notifications(member_id).items if one.kind == "purchase"]


def test_it_counts_while_the_buyer_says_so(street: Street) -> None:
    record = service.record_sale(street.mira, street.bo, street.lamp)
    assert marks(street) == []
    assert not evidence.has_bought(street.bo, street.lamp)
    (asked,) = evidence.about(street.bo).items
    assert (asked.id, asked.state, asked.source.name) == (record, "claimed", "Lamp Shop")
    for _twice in range(2):
        service.confirm(street.bo, record)
        assert marks(street) == ["Lamp Shop"]
    assert endorsement(None, street.said).as_json()["purchase_confirmed_by"] == [
        {"kind": "store", "id": street.store, "name": "Lamp Shop"}
    ]
    for _twice in range(2):
        service.decline(street.bo, record)
        # Taken back is gone at once, before any reaction.
        assert endorsement(None, street.said).bought == ()
        assert marks(street) == []
    # What is said anew stays unmarked, too.
    words.recommend(street.bo, street.lamp, "neutral", text="It flickers")
    assert marks(street) == []
    service.confirm(street.bo, record)
    assert marks(street) == ["Lamp Shop"]


def test_the_operators_word_stands_apart(street: Street) -> None:
    record = service.record_sale(street.mira, street.bo, street.lamp)
    own = record_purchase(street.root, street.bo, street.lamp)
    assert own != record
    assert marks(street) == ["operator"]
    service.confirm(street.bo, record)
    assert marks(street) == ["operator", "Lamp Shop"]
    # It is not the buyer's to answer.
    for answer in (service.confirm, service.decline):
        with pytest.raises(NotFound):
            answer(street.bo, own)
    service.decline(street.bo, record)
    assert marks(street) == ["operator"]


def test_nobody_answers_for_the_buyer(street: Street, member: MemberFactory) -> None:
    record = service.record_sale(street.mira, street.bo, street.lamp)
    for who in (street.mira, street.nils, street.root, member("cem"), member("mo", role="moderator")):
        for answer in (service.confirm, service.decline):
            with pytest.raises(NotFound):
                answer(who, record)
    suspend(street.root, street.bo)
    with pytest.raises(Forbidden):
        service.confirm(street.bo, record)
    assert evidence.get_purchase(record)[1] == PurchaseState.CLAIMED


# Who is named, and whether they can be asked.
NAMED = {
    "stranger": True,
    "discreet": True,
    "mira": False,
    "speaker": False,
    "suspended": False,
    "erased": False,
    "blocked": False,
    "blocker": False,
    "unknown": False,
}


def test_a_refusal_does_not_tell_who_is_here(
    app: Flask, client: FlaskClient, street: Street, member: MemberFactory, signed_in: Callable[..., FlaskClient]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    people = {name: member(name, discreet=name == "discreet") for name in NAMED if name not in {"mira", "unknown"}}
    become_advocate(people["speaker"], street.store, consent=False)
    suspend(street.root, people["suspended"])
    erase_member(people["erased"], "erased")
    block(street.mira, people["blocked"])
    block(people["blocker"], street.mira)
    settle()
    head = {"Authorization": f"Bearer {issue_token(street.mira)}"}
    signed_in(client, "mira")
    answers: dict[bool, set[tuple[int, str]]] = {True: set(), False: set()}
    pages: dict[bool, set[tuple[int, str]]] = {True: set(), False: set()}
    for name, good in NAMED.items():
        made = app.test_client().post("/api/v1/purchases", json={"member": name, "item": street.lamp}, headers=head)
        answers[good].add((made.status_code, "" if good else made.text))
        page = client.post("/store/purchases", data={"handle": f"@{name}", "item": street.lamp})
        pages[good].add((page.status_code, "Check the username." if "Check the username." in page.text else ""))
    assert {status for status, _text in answers[True]} == {201}
    assert len(answers[False]) == 1
    assert next(iter(answers[False]))[0] == 422
    assert pages == {True: {(303, "")}, False: {(422, "Check the username.")}}
    assert {one.member.handle for one in sales(street.store).items} == {"stranger", "discreet"}


def test_recorded_again_it_is_one_record_and_one_question(street: Street) -> None:
    record = service.record_sale(street.mira, street.bo, street.lamp)
    assert told(street.bo) == ["Lamp"]
    assert service.record_sale(street.mira, street.bo, street.lamp) == record
    assert told(street.bo) == ["Lamp"]
    service.decline(street.bo, record)
    for _again in range(2):
        # Nor is a no asked away by withdrawing and recording.
        service.withdraw_sale(street.mira, record)
        assert service.record_sale(street.mira, street.bo, street.lamp) == record
        assert evidence.get_purchase(record)[1] == PurchaseState.DECLINED
    service.confirm(street.bo, record)
    assert service.record_sale(street.mira, street.bo, street.lamp) == record
    assert marks(street) == ["Lamp Shop"]
    service.withdraw_sale(street.mira, record)
    assert marks(street) == []
    # A yes was to what was withdrawn since.
    service.record_sale(street.mira, street.bo, street.lamp)
    assert marks(street) == []
    assert evidence.get_purchase(record)[1] == PurchaseState.CLAIMED
    assert told(street.bo) == ["Lamp"]


@pytest.mark.parametrize("ending", ["confirm", "decline", "withdraw"])
def test_an_answer_or_a_withdrawal_ends_the_question(street: Street, ending: str) -> None:
    record = service.record_sale(street.mira, street.bo, street.lamp)
    settle()
    assert unread_count(street.bo) == 1
    if ending == "withdraw":
        service.withdraw_sale(street.mira, record)
        for answer in (service.confirm, service.decline):
            with pytest.raises(NotFound):
                answer(street.bo, record)
        assert evidence.about(street.bo).items == []
    else:
        {"confirm": service.confirm, "decline": service.decline}[ending](street.bo, record)
    settle()
    assert unread_count(street.bo) == 0


def test_who_is_out_of_touch_asks_nothing_but_a_yes_can_be_taken_back(street: Street, member: MemberFactory) -> None:
    cem = member("cem")
    asked = service.record_sale(street.mira, street.bo, street.lamp)
    agreed = service.record_sale(street.mira, cem, street.lamp)
    service.confirm(cem, agreed)
    for who in (street.bo, cem):
        block(who, street.mira)
    settle()
    assert evidence.about(street.bo).items == []
    with pytest.raises(NotFound):
        service.confirm(street.bo, asked)
    (one,) = evidence.about(cem).items
    assert (one.id, one.source.name) == (agreed, None)
    service.decline(cem, agreed)
    assert not evidence.has_bought(cem, street.lamp)
    assert sales(street.store, viewer_id=street.mira).items == []


def test_a_store_is_named_to_whoever_may_see_it(street: Street, member: MemberFactory) -> None:
    cem = member("cem")
    service.confirm(street.bo, service.record_sale(street.mira, street.bo, street.lamp))
    assert marks(street, cem) == ["Lamp Shop"]
    block(street.mira, cem)
    assert marks(street, cem) == ["store"]
    assert marks(street) == ["Lamp Shop"]
    suspend(street.root, street.mira)
    assert marks(street) == ["store"]


def test_who_speaks_for_the_store_by_now_confirms_nothing(street: Street) -> None:
    record = service.record_sale(street.mira, street.bo, street.lamp)
    become_advocate(street.bo, street.store, consent=False)
    with pytest.raises(Invalid):
        service.confirm(street.bo, record)
    service.decline(street.bo, record)


def test_the_export_has_it_and_nothing_stays_of_who_is_erased(street: Street) -> None:
    record = service.record_sale(street.mira, street.bo, street.lamp)
    service.confirm(street.bo, record)
    (mine,) = export_member(street.bo)["evidence"]
    assert (mine["state"], mine["withdrawn_at"]) == ("confirmed", None)
    assert mine["answered_at"]
    erase_member(street.bo, "bo")
    settle()
    assert db.session.scalars(select(PurchaseEvidence.id)).all() == []
    with pytest.raises(NotFound):
        service.withdraw_sale(street.mira, record)


def at_once(app: Flask, tasks: list[Callable[[], object]]) -> list[str]:
    gate = threading.Barrier(len(tasks))

    def run(task: Callable[[], object]) -> str:
        with app.app_context():
            gate.wait(timeout=30)
            try:
                task()
            except DomainError as refusal:
                return refusal.error_code
            finally:
                db.session.remove()
        return ""

    with ThreadPoolExecutor(len(tasks)) as pool:
        found = list(pool.map(run, tasks))
    db.session.rollback()
    return found


def happened() -> Counter[str]:
    return Counter(db.session.scalars(select(EventRow.name).where(EventRow.name.like("Purchase%"))))


def answer_naively(actor: int, evidence_id: str, gate: threading.Barrier) -> None:
    """Looks first, writes then."""
    found: Any = db.session.get(PurchaseEvidence, evidence_id)
    assert found.state == PurchaseState.CLAIMED
    item_id = found.item_id
    gate.wait(timeout=30)
    with unit_of_work() as work:
        db.session.execute(update(PurchaseEvidence).where(PurchaseEvidence.id == evidence_id).values(state="confirmed"))
        work.record(PurchaseConfirmed(evidence_id=evidence_id, member_id=actor, item_id=item_id))


@pytest.mark.databases("sqlite", "postgres")
def test_confirmed_many_times_at_once_it_happens_once(app: Flask, street: Street) -> None:
    record = service.record_sale(street.mira, street.bo, street.lamp)
    assert at_once(app, [lambda: service.confirm(street.bo, record)] * CROWD) == [""] * CROWD
    assert happened()["PurchaseConfirmed"] == 1


@pytest.mark.databases("sqlite", "postgres")
def test_looking_first_it_would_happen_many_times(app: Flask, street: Street) -> None:
    """The naive twin."""
    record = service.record_sale(street.mira, street.bo, street.lamp)
    gate = threading.Barrier(CROWD)
    at_once(app, [lambda: answer_naively(street.bo, record, gate)] * CROWD)
    assert happened()["PurchaseConfirmed"] == CROWD


@pytest.mark.databases("sqlite", "postgres")
def test_a_withdrawal_and_a_yes_at_once_leave_no_mark(app: Flask, street: Street) -> None:
    for _round in range(4):
        record = service.record_sale(street.mira, street.bo, street.lamp)
        yes = [lambda record=record: service.confirm(street.bo, record)] * 3
        no = [lambda record=record: service.decline(street.bo, record)] * 2
        away = [lambda record=record: service.withdraw_sale(street.mira, record)]
        assert set(at_once(app, [*yes, *away, *no])) <= {"", "not_found"}
        assert not evidence.has_bought(street.bo, street.lamp)
        assert marks(street) == []
