"""A process that is killed at any step of an order: nothing is half done, and the deal goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from app.kernel.errors import DomainError
from app.kernel.ids import MemberId, OrderId, PaymentId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.orders import checks
from app.market.orders.models import Order
from app.market.orders.service import act, follow_payment
from app.market.orders.values import Action, Given
from app.payments.escrow import checks as escrow_checks
from app.payments.escrow.queries import find_payment
from app.payments.escrow.service import captured_within
from app.payments.ledger import checks as ledger_checks
from app.payments.ledger.queries import purse
from app.payments.ledger.values import AccountKind, AccountRef
from app.payments.payouts.service import pay_out, save_account
from app.platform.database import db
from app.platform.job_queue import JobRow
from tests.support.orders import ADDRESS, order, sell, take_cards
from tests.support.people import MemberFactory

FIRST_WRITE, BEFORE_COMMIT, AFTER_COMMIT = "first write", "before the commit", "after the commit"
TOTAL = Money(4000, "EUR")


@dataclass
class Deal:
    """Who deals, and what they have got so far."""

    ana: MemberId
    bo: MemberId
    olli: MemberId
    listing: Any

    @property
    def order(self) -> OrderId:
        found: OrderId = db.session.scalars(select(Order.id)).one()
        return found

    @property
    def payment(self) -> PaymentId:
        found = find_payment(Subject("order", self.order))
        assert found is not None
        return found.id


def place(deal: Deal) -> object:
    return order(deal.ana, deal.listing, delivery="ship", payment="card", address=ADDRESS)


STEPS: list[tuple[str, Callable[[Deal], object]]] = [
    ("place", place),
    ("confirm", lambda deal: act(deal.bo, deal.order, Action.CONFIRM)),
    ("capture", lambda deal: captured_within(deal.payment, TOTAL, "pi_1")),
    ("follow", lambda deal: follow_payment(deal.order)),
    ("ship", lambda deal: act(deal.bo, deal.order, Action.SHIP, Given(carrier="DHL", tracking="1"))),
    ("receive", lambda deal: act(deal.ana, deal.order, Action.RECEIVE)),
    ("complete", lambda deal: act(deal.ana, deal.order, Action.COMPLETE)),
    ("pay out", lambda deal: pay_out(deal.olli)),
]


@pytest.fixture
def deal(app: Flask, member: MemberFactory) -> Deal:
    take_cards(app, commission="5")
    app.extensions["kin_jobs_at_once"] = False
    bo = member("bo")
    save_account(bo, "Bo Berg", "DE89 3704 0044 0532 0130 00")
    return Deal(member("ana"), bo, member("olli", role="operator"), sell(bo))


def killed(moment: str, do: Callable[[], object]) -> None:
    """Do it in a process that dies then, as by `kill -9` or for want of memory."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            _die_at(moment)
            do()
        finally:
            os._exit(1)  # it should not have come as far
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the step came to its end"
    assert os.WTERMSIG(status) == signal.SIGKILL


def _die_at(moment: str) -> None:
    def die(*_args: Any, **_more: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if moment == FIRST_WRITE:

        def written(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}:
                die()

        event.listen(db.engine, "after_cursor_execute", written)
        return
    commit = db.session.commit

    def commit_and_die() -> None:
        commit()
        die()

    db.session.commit = die if moment == BEFORE_COMMIT else commit_and_die  # type: ignore[method-assign] # of the child


def breaches() -> list[str]:
    db.session.rollback()
    return [*checks.run(), *escrow_checks.run(), *ledger_checks.run()]


@pytest.mark.parametrize("moment", [FIRST_WRITE, BEFORE_COMMIT, AFTER_COMMIT])
def test_every_step_is_done_or_not_and_the_deal_goes_on(deal: Deal, moment: str) -> None:
    for name, step in STEPS:
        killed(moment, lambda step=step: step(deal))  # type: ignore[misc] # bound in the loop
        assert breaches() == [], name
        if moment != AFTER_COMMIT:
            step(deal)
        elif name in {"capture", "follow"}:
            assert not step(deal), "the provider says it again: nothing more happens"
        else:
            with pytest.raises(DomainError):  # whoever presses again is told so
                step(deal)
        assert breaches() == [], name
    assert db.session.scalars(select(Order.stage)).all() == ["completed"]
    assert purse(AccountRef(AccountKind.PAYABLE, deal.bo), "EUR").balance.minor == 0
    assert purse(AccountRef(AccountKind.BANK), "EUR").balance.minor == 3800
    assert purse(AccountRef(AccountKind.ESCROW, deal.ana), "EUR").balance.minor == 0


@pytest.mark.parametrize("moment", [BEFORE_COMMIT, AFTER_COMMIT])
def test_money_on_its_way_back_is_asked_of_the_provider_after_the_restart(deal: Deal, moment: str) -> None:
    for _name, step in STEPS[:4]:
        step(deal)

    def cancel() -> None:
        act(deal.bo, deal.order, Action.CANCEL, Given(reason="It broke"))

    killed(moment, cancel)
    jobs = select(JobRow.name).where(JobRow.name == "refund_at_provider")
    assert len(db.session.scalars(jobs).all()) == (moment == AFTER_COMMIT)
    assert breaches() == []
    if moment == BEFORE_COMMIT:
        cancel()
    assert len(db.session.scalars(jobs).all()) == 1
    assert db.session.scalars(select(Order.stage)).all() == ["cancelled"]
    assert breaches() == []
