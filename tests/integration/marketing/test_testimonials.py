"""A store quotes nobody without their word, for each use, and purchases are its own to record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from app.community.items.service import add_item
from app.community.recommendations import service as words
from app.community.recommendations.queries import endorsement
from app.kernel.clock import Clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.marketing.confirmations import service as purchases
from app.marketing.confirmations.queries import sales
from app.marketing.testimonials import queries, service
from app.marketing.testimonials.values import STORE_PAGE
from app.merchants.stores import service as stores
from app.notifications.inbox.queries import list_notifications
from app.people.blocks.service import block
from app.people.data_requests.queries import export_member
from app.platform.database import db
from app.platform.event_log import run_reactions
from tests.support.people import MemberFactory


@dataclass(frozen=True)
class Street:
    """Mira's store sells beans, which Bo recommends; Nils has a store too."""

    mira: int
    nils: int
    bo: int
    store: str
    beans: str
    said: str


@pytest.fixture
def street(member: MemberFactory, fixed_clock: Clock) -> Street:
    mira, nils, bo = member("mira", role="merchant"), member("nils", role="merchant"), member("bo")
    store = stores.open_store(mira, name="Bean Bar", slug="bean-bar", about="Coffee")
    stores.open_store(nils, name="Tea Time", slug="tea-time", about="Tea")
    beans = add_item(mira, kind="product", title="Beans")
    stores.add_product(mira, store, beans, 1250, "EUR")
    said = words.recommend(bo, beans, "recommend", text="I drink nothing else")
    fixed_clock.advance(timedelta(minutes=1))
    return Street(mira, nils, bo, store, beans, said)


def shown(street: Street, use: str = STORE_PAGE) -> list[str]:
    db.session.rollback()
    return [one.text for one in queries.shown(None, street.store, use)]


def test_a_quote_is_shown_while_its_author_agrees(street: Street) -> None:
    ident = service.ask_to_quote(street.mira, street.said, STORE_PAGE)
    assert shown(street) == []
    service.agree(street.bo, ident)
    assert shown(street) == ["I drink nothing else"]
    # For this use, and no other.
    assert shown(street, "a poster") == []
    service.withdraw(street.bo, ident)
    assert shown(street) == []
    with pytest.raises(Conflict):
        service.withdraw(street.bo, ident)
    service.agree(street.bo, ident)
    assert shown(street) == ["I drink nothing else"]


def test_other_words_need_another_consent(street: Street, fixed_clock: Clock) -> None:
    ident = service.ask_to_quote(street.mira, street.said, STORE_PAGE)
    service.agree(street.bo, ident)
    fixed_clock.advance(timedelta(minutes=1))
    words.recommend(street.bo, street.beans, "avoid", text="I was wrong")
    assert shown(street) == []
    (mine,) = queries.asked_of(street.bo)
    assert mine.changed
    service.agree(street.bo, ident)
    assert shown(street) == ["I was wrong"]
    words.take_back(street.bo, street.said)
    assert shown(street) == []
    assert queries.asked_of(street.bo) == []


def test_who_said_no_is_not_asked_twice(street: Street) -> None:
    ident = service.ask_to_quote(street.mira, street.said, "A poster")
    service.decline(street.bo, ident)
    with pytest.raises(Conflict):
        service.ask_to_quote(street.mira, street.said, "  A   poster ")
    assert service.ask_to_quote(street.mira, street.said, "Our newsletter") != ident


def test_only_its_own_praise_and_only_the_author_answers(street: Street, member: MemberFactory) -> None:
    with pytest.raises(Forbidden):
        service.ask_to_quote(street.nils, street.said, STORE_PAGE)
    with pytest.raises(Forbidden):
        service.ask_to_quote(street.bo, street.said, STORE_PAGE)
    for use in ("", "\u202e", "x" * 121):
        with pytest.raises(Invalid):
            service.ask_to_quote(street.mira, street.said, use)
    ident = service.ask_to_quote(street.mira, street.said, STORE_PAGE)
    for who in (street.mira, member("cem")):
        with pytest.raises(Forbidden):
            service.agree(who, ident)
    block(street.bo, street.mira)
    with pytest.raises(Forbidden):
        service.ask_to_quote(street.mira, street.said, "Elsewhere")


def test_each_side_hears_of_it(street: Street) -> None:
    ident = service.ask_to_quote(street.mira, street.said, STORE_PAGE)
    run_reactions()
    service.agree(street.bo, ident)
    run_reactions()
    db.session.rollback()
    asked = [one for one in list_notifications(street.bo).items if one.kind == "testimonial"]
    told = [one for one in list_notifications(street.mira).items if one.kind == "testimonial"]
    assert (len(asked), len(told)) == (1, 1)
    assert export_member(street.bo)["testimonials"][0]["status"] == "agreed"


def test_a_merchant_records_what_was_sold_in_the_own_store(street: Street) -> None:
    record = purchases.record_sale(street.mira, street.bo, street.beans)
    purchases.confirm(street.bo, record)
    run_reactions()
    db.session.rollback()
    assert endorsement(None, street.said).verified_purchase
    assert [one.member.handle for one in sales(street.store).items] == ["bo"]
    for who in (street.nils, street.bo):
        with pytest.raises(Forbidden):
            purchases.record_sale(who, street.bo, street.beans)
    with pytest.raises(Forbidden):
        purchases.withdraw_sale(street.nils, record)
    with pytest.raises(Invalid):
        purchases.record_sale(street.mira, street.mira, street.beans)
    with pytest.raises(NotFound):
        purchases.withdraw_sale(street.mira, "nothing")
    purchases.withdraw_sale(street.mira, record)
    run_reactions()
    db.session.rollback()
    assert not endorsement(None, street.said).verified_purchase
    assert not sales(street.store).items
