"""Stores, those who speak for them, and the figures that follow the event log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from app.community.items.service import add_item
from app.community.recommendations.service import recommend, take_back
from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.marketing.advocates import service
from app.marketing.advocates.queries import find_advocate, report
from app.marketing.advocates.values import Advocate, Tally
from app.merchants.stores import service as stores
from app.merchants.stores.queries import find_store_of, get_by_slug, products
from app.platform.database import EventRow, db
from app.platform.event_log import run_reactions
from app.platform.subjects import Ruling
from tests.support.people import MemberFactory


@dataclass(frozen=True)
class Street:
    """A merchant with a store and one thing on its shelf, and two members."""

    merchant: int
    bo: int
    cem: int
    store: str
    thing: str


@pytest.fixture
def street(member: MemberFactory) -> Street:
    merchant, bo, cem = member("mira", role="merchant"), member("bo"), member("cem")
    store = stores.open_store(merchant, name="Bean Bar", slug="bean-bar", about="Coffee")
    thing = add_item(merchant, kind="product", title="Beans")
    stores.add_product(merchant, store, thing, 1250, "EUR")
    return Street(merchant, bo, cem, store, thing)


def figures(street: Street) -> dict[str, Tally]:
    run_reactions()
    db.session.rollback()
    return {row.member.handle: row.tally for row in report(street.store).named}


def rebuilt(street: Street) -> dict[str, Tally]:
    service.rebuild_tallies(lambda _done, _all: None)
    return {row.member.handle: row.tally for row in report(street.store).named}


def advocate(street: Street, who: int) -> Advocate:
    return service.become_advocate(who, street.store, consent=True)


def test_visits_signups_and_recommendations_are_counted(street: Street, member: MemberFactory) -> None:
    bo = advocate(street, street.bo)
    for visitor in ("one", "two", "one"):
        service.record_visit(bo.code, visitor)
    newcomer = member("dee")
    service.record_signup(bo.code, newcomer)
    recommend(street.bo, street.thing, "recommend", disclosure="gifted")
    recommend(street.cem, street.thing, "recommend")
    assert figures(street) == {"bo": Tally(2, 1, 1)}
    assert figures(street) == rebuilt(street)
    assert figures(street) == {"bo": Tally(2, 1, 1)}


def test_the_same_visitor_counts_again_the_next_day(street: Street) -> None:
    bo = advocate(street, street.bo)
    now = clock.now()
    for day in (0, 0, 1):
        with clock.freeze(now + timedelta(days=day)):
            service.record_visit(bo.code, "somebody")
    assert figures(street)["bo"].visits == 2


def test_who_visits_is_in_no_event_and_no_row(street: Street) -> None:
    bo = advocate(street, street.bo)
    service.record_visit(bo.code, "a cookie")
    payload = db.session.query(EventRow).filter_by(name="AdvocateVisit").one().payload
    assert set(payload) == {"advocate_id", "store_id"}


def test_ones_own_signup_does_not_count(street: Street) -> None:
    bo = advocate(street, street.bo)
    service.record_signup(bo.code, street.bo)
    assert figures(street).get("bo", Tally()).signups == 0


def taken_back(street: Street, ident: str) -> None:
    take_back(street.bo, ident)


def turned_round(street: Street, _ident: str) -> None:
    recommend(street.bo, street.thing, "avoid", disclosure="paid")


def off_the_shelf(street: Street, _ident: str) -> None:
    stores.remove_product(street.merchant, street.store, street.thing)


@pytest.mark.parametrize("change", [taken_back, turned_round, off_the_shelf])
def test_a_recommendation_counts_once_and_while_it_stands(
    street: Street, change: Callable[[Street, str], None]
) -> None:
    advocate(street, street.bo)
    ident = recommend(street.bo, street.thing, "recommend", disclosure="paid")
    recommend(street.bo, street.thing, "recommend", text="Still", disclosure="paid")
    assert figures(street)["bo"].recommendations == 1
    change(street, ident)
    assert figures(street)["bo"].recommendations == 0
    assert figures(street) == rebuilt(street)


def test_what_was_said_before_is_not_the_advocates_work(street: Street) -> None:
    now = clock.now()
    with clock.freeze(now - timedelta(days=1)):
        recommend(street.bo, street.thing, "recommend")
    advocate(street, street.bo)
    assert figures(street)["bo"].recommendations == 0
    assert figures(street) == rebuilt(street)


def test_who_did_not_agree_is_not_named(street: Street) -> None:
    service.become_advocate(street.bo, street.store, consent=False)
    run_reactions()
    found = report(street.store)
    assert (found.named, found.unnamed, found.unnamed_tally) == ((), 1, None)
    assert found.total == Tally()
    again = advocate(street, street.bo)
    assert again.named
    assert [row.member.handle for row in report(street.store).named] == ["bo"]


def test_who_leaves_has_no_link_and_no_line(street: Street) -> None:
    bo = advocate(street, street.bo)
    service.leave(street.bo, street.store)
    service.leave(street.bo, street.store)
    with pytest.raises(NotFound):
        service.record_visit(bo.code, "late")
    assert figures(street) == {}
    assert find_advocate(street.bo, street.store) is None
    assert advocate(street, street.bo).code == bo.code


def test_nobody_speaks_for_the_own_store(street: Street) -> None:
    with pytest.raises(Conflict):
        advocate(street, street.merchant)


def test_only_the_merchant_keeps_the_store(street: Street, member: MemberFactory) -> None:
    other = member("otto", role="merchant")
    for actor in (street.bo, other):
        with pytest.raises(Forbidden):
            stores.edit_store(actor, street.store, name="Mine", about="")
        with pytest.raises(Forbidden):
            stores.add_product(actor, street.store, street.thing, 1, "EUR")
        with pytest.raises(Forbidden):
            stores.remove_product(actor, street.store, street.thing)
    with pytest.raises(Forbidden):
        stores.open_store(street.bo, name="No", slug="no")
    with pytest.raises(Conflict):
        stores.open_store(other, name="Bean Bar", slug="BEAN-bar")
    with pytest.raises(Conflict):
        stores.open_store(street.merchant, name="Second", slug="second")
    with pytest.raises(Invalid):
        stores.add_product(street.merchant, street.store, street.thing, -1, "EUR")
    with pytest.raises(NotFound):
        stores.add_product(street.merchant, street.store, "nothing", 1, "EUR")


def test_a_new_price_is_no_second_product(street: Street) -> None:
    stores.add_product(street.merchant, street.store, street.thing, 990, "EUR")
    (product,) = products(street.store)
    assert (product.item.title, product.price.minor) == ("Beans", 990)


def test_a_removed_store_is_closed_for_everybody(street: Street) -> None:
    stores.remove(street.store, Ruling(moderator_id=1))
    stores.remove(street.store, Ruling(moderator_id=1))
    assert find_store_of(street.merchant) is None
    with pytest.raises(NotFound):
        get_by_slug(None, "bean-bar")
    assert db.session.query(EventRow).filter_by(name="StoreClosed").count() == 1
