"""What a seller asks of a buyer follows from how the seller knows them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.kernel.errors import Invalid
from app.market.orders.models import Order
from app.market.terms import privacy
from app.market.terms.queries import choice_of, terms_between, terms_shown
from app.market.terms.service import choose_terms
from app.market.terms.values import DEFAULT, Near
from app.people.accounts.models import Member
from app.platform.database import db, unit_of_work
from app.trust.vouches.service import vouch
from tests.support.orders import order, sell
from tests.support.people import MemberFactory

People = dict[str, int]
STRICT = {"steps": 1, "ways": 0, "beyond": "prepay", "percent": 20, "verified": True}


@pytest.fixture
def people(app: Flask, member: MemberFactory) -> People:
    """Bo sells and trusts Ana, who trusts Cem, who trusts Dee; Eve trusts Bo, who does not know her."""
    found = {name: member(name) for name in ("ana", "bo", "cem", "dee", "eve")}
    for one, other in (("bo", "ana"), ("ana", "cem"), ("cem", "dee"), ("eve", "bo")):
        vouch(found[one], found[other], "trust", "known for years")
    return found


def near(people: People, buyer: str) -> Near:
    return terms_between(people["bo"], people[buyer]).near


def kept_terms(order_id: str) -> str:
    snapshot = db.session.scalar(select(Order.snapshot).where(Order.id == order_id))
    assert snapshot is not None
    return str(snapshot["terms"])


def test_steps_count_from_the_seller(people: People) -> None:
    found = {name: near(people, name) for name in ("ana", "cem", "dee", "eve")}
    assert found == {"ana": Near.NEAR, "cem": Near.NEAR, "dee": Near.BEYOND, "eve": Near.STRANGER}


def test_another_way_brings_the_deposit_to_nothing(people: People, member: MemberFactory) -> None:
    before = terms_shown(people["bo"], people["dee"], None).terms
    assert (before.percent, before.ways_missing) == (20, 1)
    ben, gil = member("ben"), member("gil")
    for one, other in ((people["bo"], ben), (ben, gil), (gil, people["dee"])):
        vouch(one, other, "trust", "known for years")
    assert near(people, "dee") is Near.NEAR


def test_the_order_keeps_the_terms_it_was_made_on(people: People) -> None:
    made = order(people["eve"], sell(people["bo"]))
    assert "8" in kept_terms(made)
    vouch(people["bo"], people["eve"], "trust", "she is fine")
    assert "8" in kept_terms(made)
    assert kept_terms(order(people["ana"], sell(people["bo"]))) == ""


def test_what_the_terms_do_not_allow_is_refused(people: People) -> None:
    choose_terms(people["bo"], **STRICT)
    listing = sell(people["bo"])
    with pytest.raises(Invalid) as refusal:
        order(people["cem"], listing)
    assert refusal.value.error_code == "terms_prepay"
    assert order(people["cem"], listing, payment="bank_transfer")


def test_strangers_show_an_address_first(people: People) -> None:
    with unit_of_work():
        db.session.execute(update(Member).where(Member.id.in_([people["eve"], people["ana"]])).values(email=None))
    listing = sell(people["bo"])
    with pytest.raises(Invalid) as refusal:
        order(people["eve"], listing)
    assert refusal.value.error_code == "terms_contact"
    assert terms_shown(people["bo"], people["eve"], None).contact_missing
    assert order(people["ana"], listing)


def test_whose_offer_was_accepted_has_the_sellers_own_word(people: People) -> None:
    choose_terms(people["bo"], **STRICT)
    assert kept_terms(order(people["eve"], sell(people["bo"]), agreed=True)) == ""


def test_the_choice_is_the_sellers_and_goes_with_them(people: People) -> None:
    assert choice_of(people["bo"]) == DEFAULT
    choose_terms(people["bo"], **STRICT)
    choose_terms(people["bo"], **{**STRICT, "steps": 3})
    assert choice_of(people["bo"]).steps == 3
    assert privacy.export(people["bo"])["terms"]["beyond"] == "prepay"
    with unit_of_work():
        privacy.erase(people["bo"])
    assert privacy.export(people["bo"]) == {"terms": None}


def test_the_path_is_told_as_the_seller_may_tell_it(people: People) -> None:
    shown = terms_shown(people["bo"], people["dee"], None)
    assert [one.name if one else None for one in shown.through] == ["Ana", "Cem"]
