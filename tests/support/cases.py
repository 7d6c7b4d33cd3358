"""Cases for tests: a lamp that Ana bought of Bo and that came broken."""

from __future__ import annotations

from typing import Any

from app.kernel.ids import CaseId, MemberId
from app.market.cases.service import act, open_case
from app.market.cases.values import CaseAction, CaseState, CaseWant, Given
from app.market.orders.values import Stage
from app.trust.vouches.service import vouch
from tests.support.orders import ADDRESS, Deal, deal

BY_POST = {"delivery": "ship", "payment": "bank_transfer", "address": ADDRESS}


def broken(buyer: MemberId, seller: MemberId, want: str = CaseWant.REFUND, **given: Any) -> tuple[Deal, CaseId]:
    """Sent, broken, and the buyer says so."""
    made = deal(buyer, seller, Stage.SHIPPED, **BY_POST)
    return made, open_case(buyer, made.order, want, Given(**{"text": "The shade is cracked", **given}))


def befriend(friend: MemberId, *people: MemberId) -> None:
    """All of them trust the friend."""
    for one in people:
        vouch(one, friend, "trust", "known for years")


def bring(case_id: CaseId, buyer: MemberId, seller: MemberId, state: CaseState, friend: tuple[MemberId, str]) -> None:
    """From open as far as this state, by a friend of both."""
    steps = (
        (CaseState.TALK, seller, CaseAction.ANSWER, Given(text="It was whole when I packed it")),
        (CaseState.FRIEND_ASKED, buyer, CaseAction.ASK_FRIEND, Given(friend=friend[1])),
        (CaseState.FRIEND_NAMED, seller, CaseAction.AGREE_FRIEND, Given()),
        (CaseState.FRIEND, friend[0], CaseAction.TAKE_ON, Given()),
    )
    for reached, who, action, given in steps:
        act(who, case_id, action, given)
        if reached is state:
            return
