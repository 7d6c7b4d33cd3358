"""A case from the first word to the money: who may do what when, and who gets what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.ids import CaseId, MemberId
from app.kernel.money import Money
from app.market.cases import deadlines, queries
from app.market.cases.checks import run as breaches
from app.market.cases.mediators import common_friends
from app.market.cases.rules import NotNow
from app.market.cases.service import act, act_as_moderator, claim, open_case
from app.market.cases.values import CaseAction, CaseState, CaseWant, CaseWay, DecidedBy, Given
from app.market.orders import service as orders
from app.market.orders.checks import run as order_breaches
from app.market.orders.deadlines import end_overdue
from app.market.orders.queries import get_order
from app.market.orders.rules import NotNow as OrderNotNow
from app.market.orders.values import Action as OrderAction
from app.market.orders.values import Stage
from app.payments.escrow.checks import run as payment_breaches
from app.people.blocks.service import block
from app.people.data_requests.service import erase_member
from app.platform.database import EventRow, db
from app.platform.event_log import run_reactions
from tests.support.cases import BY_POST, befriend, bring, broken
from tests.support.orders import Deal, deal
from tests.support.people import MemberFactory

WHOLE = Money(4000, "EUR")


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> MemberId:
    return member("ana")


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> MemberId:
    return member("bo")


@pytest.fixture
def eva(ana: MemberId, bo: MemberId, member: MemberFactory) -> MemberId:
    """Both trust her."""
    eva = member("eva")
    befriend(eva, ana, bo)
    run_reactions()
    return eva


def recorded() -> list[str]:
    return list(db.session.scalars(select(EventRow.name).where(EventRow.name.like("Case%")).order_by(EventRow.id)))


def state(viewer: MemberId, case_id: CaseId) -> CaseState:
    return queries.get_case(viewer, case_id).card.state


def can(viewer: MemberId, case_id: CaseId) -> set[str]:
    return set(queries.get_case(viewer, case_id).can)


def sound() -> None:
    assert breaches() == order_breaches() == payment_breaches() == []


def money(made: Deal) -> tuple[Stage, Money, Money]:
    """Where the order is, what went back, what is due."""
    order = get_order(made.buyer, made.order)
    return order.card.stage, order.money.refunded, order.money.refund_due


def test_a_proposal_that_is_accepted_moves_the_money(ana: MemberId, bo: MemberId) -> None:
    made, case_id = broken(ana, bo)
    seen = queries.get_case(bo, case_id)
    assert (seen.card.state, seen.at_stake, seen.wants) == (CaseState.OPEN, WHOLE, CaseWant.REFUND)
    assert seen.proposal is not None
    assert seen.proposal.terms is not None
    assert seen.proposal.terms.to_buyer == WHOLE
    assert get_order(ana, made.order).can == set()
    act(bo, case_id, CaseAction.PROPOSE, Given(way=CaseWay.MONEY, amount="12,50", text="Half a new shade"))
    assert state(ana, case_id) is CaseState.TALK
    with pytest.raises(NotNow):
        act(bo, case_id, CaseAction.ACCEPT)
    act(ana, case_id, CaseAction.ACCEPT)
    assert money(made) == (Stage.COMPLETED, Money(0, "EUR"), Money(1250, "EUR"))
    seen = queries.get_case(ana, case_id)
    assert (seen.decided_by, seen.card.state) == (DecidedBy.AGREEMENT, CaseState.DECIDED)
    assert seen.outcome is not None
    assert seen.outcome.to_buyer == Money(1250, "EUR")
    with pytest.raises(NotNow):
        act(bo, case_id, CaseAction.ACCEPT)
    orders.act(ana, made.order, OrderAction.MARK_REFUNDED)
    assert money(made) == (Stage.COMPLETED, Money(1250, "EUR"), Money(0, "EUR"))
    assert recorded() == ["CaseOpened", "CaseMoved", "CaseDecided"]
    sound()


def test_a_friend_of_both_decides(ana: MemberId, bo: MemberId, eva: MemberId, member: MemberFactory) -> None:
    made, case_id = broken(ana, bo)
    assert [one.member.handle for one in common_friends(ana, ana, bo)] == ["eva"]
    with pytest.raises(NotFound):
        queries.get_case(eva, case_id)
    bring(case_id, ana, bo, CaseState.FRIEND_ASKED, (eva, "eva"))
    with pytest.raises(NotNow):
        act(ana, case_id, CaseAction.AGREE_FRIEND)
    act(bo, case_id, CaseAction.AGREE_FRIEND)
    assert queries.get_case(eva, case_id).steps == []
    act(eva, case_id, CaseAction.TAKE_ON)
    assert len(queries.get_case(eva, case_id).steps) == 5
    with pytest.raises(Invalid):
        act(eva, case_id, CaseAction.DECIDE, Given(way=CaseWay.MONEY, amount="10"))
    with pytest.raises(Invalid):
        act(eva, case_id, CaseAction.DECIDE, Given(way=CaseWay.MONEY, amount="41", text="All and more"))
    act(eva, case_id, CaseAction.DECIDE, Given(way=CaseWay.MONEY, amount="10", text="A new shade costs that"))
    assert money(made) == (Stage.COMPLETED, Money(0, "EUR"), Money(1000, "EUR"))
    assert queries.get_case(bo, case_id).decided_by is DecidedBy.FRIEND
    sound()


def test_whom_one_side_alone_trusts_decides_nothing(
    ana: MemberId, bo: MemberId, eva: MemberId, member: MemberFactory
) -> None:
    cem, dee = member("cem"), member("dee")
    befriend(cem, bo)
    befriend(dee, ana, bo)
    block(eva, ana)
    run_reactions()
    assert [one.member.handle for one in common_friends(None, ana, bo)] == ["dee"]
    _made, case_id = broken(ana, bo)
    act(bo, case_id, CaseAction.ANSWER, Given(text="No"))
    for handle in ("cem", "bo", "eva", "nobody"):
        with pytest.raises(Invalid):
            act(bo, case_id, CaseAction.ASK_FRIEND, Given(friend=handle))


@pytest.mark.parametrize("how", ["refused", "stepped back", "silent", "erased"])
def test_without_a_friend_a_moderator_decides(
    ana: MemberId, bo: MemberId, eva: MemberId, member: MemberFactory, how: str
) -> None:
    mo = member("mo", role="moderator")
    made, case_id = broken(ana, bo)
    bring(case_id, ana, bo, CaseState.FRIEND_ASKED if how == "refused" else CaseState.FRIEND_NAMED, (eva, "eva"))
    with pytest.raises(NotFound):
        queries.get_for_moderator(mo, case_id)
    if how == "refused":
        act(bo, case_id, CaseAction.REFUSE_FRIEND)
    elif how == "stepped back":
        act(eva, case_id, CaseAction.STEP_BACK)
    elif how == "erased":
        erase_member(eva, "eva")
    else:
        with clock.freeze(clock.now() + timedelta(days=3, minutes=1)):
            assert deadlines.end_overdue() == 1
    with pytest.raises(NotFound):
        queries.get_case(eva, case_id)
    assert [card.id for card in queries.queue(mo)[0]] == [case_id]
    with pytest.raises(Forbidden):
        claim(ana, case_id)
    claim(mo, case_id)
    other = member("max", role="moderator")
    with pytest.raises(Conflict):
        act_as_moderator(other, case_id, CaseAction.DECIDE, Given(way=CaseWay.MONEY, amount="0", text="No"))
    act_as_moderator(mo, case_id, CaseAction.DECIDE, Given(way=CaseWay.MONEY, amount="40", text="It came broken"))
    assert money(made) == (Stage.COMPLETED, Money(0, "EUR"), WHOLE)
    assert queries.get_for_moderator(mo, case_id).decided_by is DecidedBy.MODERATOR
    sound()


def test_no_moderator_decides_about_themselves(ana: MemberId, member: MemberFactory) -> None:
    mo = member("mo", role="moderator")
    _made, case_id = broken(ana, mo)
    act(mo, case_id, CaseAction.ANSWER, Given(text="No"))
    act(ana, case_id, CaseAction.ASK_MODERATOR)
    assert queries.queue(mo)[0] == []
    for wrong in (
        lambda: claim(mo, case_id),
        lambda: act_as_moderator(mo, case_id, CaseAction.DECIDE, Given(way=CaseWay.MONEY, amount="0", text="No")),
        lambda: queries.get_for_moderator(mo, case_id),
    ):
        with pytest.raises(NotFound):
            wrong()


def test_silence_gives_the_money_back(ana: MemberId, bo: MemberId) -> None:
    made, case_id = broken(ana, bo)
    with pytest.raises(NotNow):
        act(ana, case_id, CaseAction.ASK_MODERATOR)
    began = clock.now()
    with clock.freeze(began + timedelta(days=8)):
        assert "ask_moderator" in can(ana, case_id)
    with clock.freeze(began + timedelta(days=53, minutes=1)):
        assert (end_overdue(), deadlines.end_overdue(), deadlines.remind(), deadlines.remind()) == (0, 0, 1, 0)
    with clock.freeze(began + timedelta(days=60, minutes=1)):
        assert deadlines.end_overdue() == 1
        assert deadlines.end_overdue() == 0
    assert money(made) == (Stage.COMPLETED, Money(0, "EUR"), WHOLE)
    assert queries.get_case(ana, case_id).decided_by is DecidedBy.TIME
    sound()


def test_withdrawn_the_order_goes_on_and_another_can_be_opened(ana: MemberId, bo: MemberId) -> None:
    made, case_id = broken(ana, bo)
    with pytest.raises(OrderNotNow):
        open_case(bo, made.order, CaseWant.KEEP, Given(text="It is fine"))
    act(ana, case_id, CaseAction.WITHDRAW)
    assert state(bo, case_id) is CaseState.WITHDRAWN
    assert "receive" in get_order(ana, made.order).can
    open_case(bo, made.order, CaseWant.KEEP, Given(text="It is fine"))
    sound()


def test_what_comes_back_is_paid_for(ana: MemberId, bo: MemberId) -> None:
    made, case_id = broken(ana, bo, CaseWant.RETURN)
    act(bo, case_id, CaseAction.ACCEPT)
    assert money(made) == (Stage.SHIPPED, Money(0, "EUR"), Money(0, "EUR"))
    assert "send_back" in can(ana, case_id)
    act(ana, case_id, CaseAction.SEND_BACK, Given(carrier="DHL", tracking="JD2"))
    assert can(bo, case_id) == {"got_back", "ask_moderator", "say"}
    act(bo, case_id, CaseAction.GOT_BACK)
    assert money(made) == (Stage.COMPLETED, Money(0, "EUR"), WHOLE)
    sound()


@pytest.mark.parametrize(("steps", "back"), [((), 0), ((CaseAction.SEND_BACK,), 4000)])
def test_a_return_that_nobody_ends(ana: MemberId, bo: MemberId, steps: tuple[CaseAction, ...], back: int) -> None:
    made, case_id = broken(ana, bo, CaseWant.RETURN)
    act(bo, case_id, CaseAction.ACCEPT)
    for one in steps:
        act(ana, case_id, one)
    with clock.freeze(clock.now() + timedelta(days=15)):
        deadlines.end_overdue()
    assert money(made) == (Stage.COMPLETED, Money(0, "EUR"), Money(back, "EUR"))
    sound()


@pytest.mark.parametrize(("got", "back"), [(True, 0), (False, 4000)])
def test_a_replacement_comes_or_the_money(ana: MemberId, bo: MemberId, got: bool, back: int) -> None:
    made, case_id = broken(ana, bo, CaseWant.REPLACEMENT)
    act(bo, case_id, CaseAction.ACCEPT)
    if got:
        act(bo, case_id, CaseAction.SEND_NEW, Given(carrier="DHL"))
        act(ana, case_id, CaseAction.GOT_NEW)
    else:
        with clock.freeze(clock.now() + timedelta(days=15)):
            deadlines.end_overdue()
    assert money(made) == (Stage.COMPLETED, Money(0, "EUR"), Money(back, "EUR"))
    sound()


def test_what_was_never_sent_is_paid_back_and_on_sale_again(ana: MemberId, bo: MemberId) -> None:
    made = deal(ana, bo, Stage.CONFIRMED, **BY_POST)
    orders.act(ana, made.order, OrderAction.PAY)
    orders.act(bo, made.order, OrderAction.MARK_PAID)
    assert "open_case" not in get_order(ana, made.order).can
    with clock.freeze(clock.now() + timedelta(days=3, minutes=1)):
        assert "open_case" in get_order(ana, made.order).can
        assert "open_case" not in get_order(bo, made.order).can
        case_id = open_case(ana, made.order, CaseWant.REFUND, Given(text="It never came"))
        assert end_overdue() == 0
        act(bo, case_id, CaseAction.ACCEPT)
    assert money(made) == (Stage.CANCELLED, Money(0, "EUR"), WHOLE)
    sound()


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_seller_who_ignores_the_payment(ana: MemberId, bo: MemberId, goes_on: bool) -> None:
    made = deal(ana, bo, Stage.CONFIRMED, **BY_POST)
    orders.act(ana, made.order, OrderAction.PAY)
    with clock.freeze(clock.now() + timedelta(days=3, minutes=1)):
        case_id = open_case(
            ana, made.order, CaseWant.DELIVERY if goes_on else CaseWant.REFUND, Given(text="I have paid")
        )
        act(bo, case_id, CaseAction.ACCEPT)
    order = get_order(bo, made.order)
    if goes_on:
        assert (order.card.stage, order.money.state) == (Stage.CONFIRMED, "full")
        assert "ship" in order.can
    else:
        assert money(made) == (Stage.CANCELLED, Money(0, "EUR"), WHOLE)
    sound()
