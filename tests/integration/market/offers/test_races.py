"""Many at once on one offer: one of them moves it. Beside each a naive twin that fails.

The step itself, which is one statement, is raced 200 times; a whole use case, a hundred times as dear, 20 times.
"""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import Table, func, select, update

from app.kernel.ids import MemberId, OfferId
from app.market.listings.models import Listing
from app.market.offers import checks
from app.market.offers.models import Offer, OfferStep
from app.market.offers.service import accept_offer, counter_offer, withdraw_offer
from app.market.offers.values import State
from app.market.orders import checks as order_checks
from app.market.orders.models import Order
from app.platform.database import db, unit_of_work
from app.platform.sql import transition
from tests.support.crowd import CROWD, ROUNDS, Crowd
from tests.support.offers import offer
from tests.support.orders import sell
from tests.support.people import MemberFactory

WHOLE = 20
OFFER: Table = Offer.__table__  # type: ignore[assignment] # as the class cannot say
LISTING: Table = Listing.__table__  # type: ignore[assignment] # as the class cannot say


@pytest.fixture
def two(app: Flask, member: MemberFactory) -> tuple[MemberId, MemberId]:
    return member("ana"), member("bo")


def offers(two: tuple[MemberId, MemberId], many: int) -> list[OfferId]:
    """So many of Ana's to Bo, each for a lamp of its own."""
    row = dict(db.session.execute(select(LISTING).where(LISTING.c.id == sell(two[1]))).mappings().one())
    ids = [f"{number:026}" for number in range(many)]
    with unit_of_work():
        db.session.execute(LISTING.insert(), [{**row, "id": one} for one in ids])
        row = dict(row)
    return [offer(two[0], one) for one in ids]  # type: ignore[arg-type] # ids of listings


def breaches() -> list[str]:
    return [*checks.run(), *order_checks.run()]


def test_the_step_is_taken_once(app: Flask, two: tuple[MemberId, MemberId]) -> None:
    (made,) = offers(two, 1)
    row = dict(db.session.execute(select(OFFER)).mappings().one())
    ids = [f"{number:026}" for number in range(ROUNDS)]
    with unit_of_work():
        db.session.execute(OFFER.insert(), [{**row, "id": one} for one in ids])

    def task(who: int, number: int) -> str:
        state = State.ACCEPTED if who % 2 else State.WITHDRAWN
        with unit_of_work():
            here = {"id": ids[number], "state": State.OPEN.value, "steps": 1}
            return state.value if transition(Offer, here, {"state": state.value, "steps": 2}) else "late"

    answers = Crowd(app, task, ROUNDS).run()
    assert all(one["accepted"] + one["withdrawn"] == 1 and one["late"] == CROWD - 1 for one in answers), answers[:3]
    assert made


def test_it_is_accepted_once_however_often_it_is_pressed(app: Flask, two: tuple[MemberId, MemberId]) -> None:
    made = offers(two, WHOLE)

    def task(_who: int, number: int) -> str:
        accept_offer(two[1], made[number])
        return "accepted"

    answers = Crowd(app, task, WHOLE).run()
    assert all(one["accepted"] == 1 and one["offer_changed"] == CROWD - 1 for one in answers), answers[:3]
    assert db.session.scalar(select(func.count()).select_from(Order)) == WHOLE
    assert breaches() == []


def test_it_is_accepted_or_withdrawn(app: Flask, two: tuple[MemberId, MemberId]) -> None:
    made = offers(two, WHOLE)

    def task(who: int, number: int) -> str:
        if who % 2:
            accept_offer(two[1], made[number], seen=1)
            return "accepted"
        withdraw_offer(two[0], made[number], seen=1)
        return "withdrawn"

    answers = Crowd(app, task, WHOLE).run()
    assert all(one["accepted"] + one["withdrawn"] == 1 for one in answers), answers[:3]
    accepted = sum(one["accepted"] for one in answers)
    assert db.session.scalar(select(func.count()).select_from(Order)) == accepted
    assert breaches() == []


def test_of_offers_of_many_one_gets_the_thing(
    app: Flask, two: tuple[MemberId, MemberId], member: MemberFactory
) -> None:
    lamp = sell(two[1])
    made = [offer(member(f"buyer{number}"), lamp) for number in range(CROWD)]

    def task(who: int, _number: int) -> str:
        accept_offer(two[1], made[who])
        return "accepted"

    (answers,) = Crowd(app, task, 1).run()
    assert answers["accepted"] == 1
    assert answers["sold_out"] + answers["listing_closed"] == CROWD - 1, answers
    assert db.session.scalar(select(func.count()).select_from(Order)) == 1
    assert breaches() == []


def test_a_buyer_with_many_windows_makes_one_offer(app: Flask, two: tuple[MemberId, MemberId]) -> None:
    lamp = sell(two[1])

    def task(_who: int, _number: int) -> str:
        offer(two[0], lamp)
        return "made"

    (answers,) = Crowd(app, task, 1).run()
    assert (answers["made"], answers["offer_open"]) == (1, CROWD - 1)
    assert breaches() == []


def test_a_counter_and_a_yes_do_not_both_count(app: Flask, two: tuple[MemberId, MemberId]) -> None:
    (made,) = offers(two, 1)

    def task(who: int, _number: int) -> str:
        if who % 2:
            accept_offer(two[1], made, seen=1)
            return "accepted"
        counter_offer(two[1], made, "36", seen=1)
        return "countered"

    (answers,) = Crowd(app, task, 1).run()
    assert answers["accepted"] + answers["countered"] == 1
    assert breaches() == []


def test_a_naive_offer_is_accepted_and_withdrawn(app: Flask, two: tuple[MemberId, MemberId]) -> None:
    """Reads the state, and then writes the next one and the history: all have read before the first one writes."""
    (made,) = offers(two, 1)
    looked = threading.Barrier(CROWD)

    def naive(who: int, _number: int) -> str:
        state = db.session.scalar(select(Offer.state).where(Offer.id == made))
        db.session.rollback()
        looked.wait(120)
        if state != State.OPEN.value:
            return "late"
        wanted = State.ACCEPTED if who % 2 else State.WITHDRAWN
        with unit_of_work():
            db.session.execute(update(Offer).where(Offer.id == made).values(state=wanted.value))
            verb = "accept" if who % 2 else "withdraw"
            db.session.add(OfferStep(offer_id=made, seq=who + 2, verb=verb, side="buyer"))
        return wanted.value

    (answers,) = Crowd(app, naive, 1).run()
    assert answers["accepted"] > 1
    assert answers["withdrawn"] > 1
    assert checks.run() != [], "the history does not fit the offer"
