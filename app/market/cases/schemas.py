"""Cases, as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated

from app.market.cases.values import CaseAction, CaseRole, CaseState, CaseWant, CaseWay, DecidedBy
from app.web.schemas import Amount, Answer, Body, Currency, Handle, Id, MaybeText, Moment, Page, Text, one_of


class CaseBody(Body):
    """What is wrong, and what would put it right."""

    text: Text
    want: Annotated[Text, one_of(CaseWant)]
    amount: MaybeText = None


class CaseActionBody(Body):
    """What the action needs, as `actions` says."""

    MAY_BE_MISSING = True

    text: MaybeText = None
    way: Annotated[MaybeText, one_of(CaseWay)] = None
    amount: MaybeText = None
    quantity: MaybeText = None
    friend: MaybeText = None
    carrier: MaybeText = None
    tracking: MaybeText = None


class CaseDoable(Answer):
    """What the caller may do now, until when, and which fields come along."""

    action: CaseAction
    until: Moment | None
    needs: list[str]


class CaseTerms(Answer):
    """How it is to be settled, or was: what the buyer gets back."""

    way: CaseWay
    to_buyer: Amount
    quantity: int | None


class CaseHistory(Answer):
    """One thing that was said or done; nobody's handle: the time, or a moderator."""

    seq: int
    action: CaseAction
    who: CaseRole
    member: Handle | None
    at: Moment
    text: str
    terms: CaseTerms | None
    carrier: str
    tracking: str
    photos: list[str]


class CaseEntry(Answer):
    """A case as lists show it."""

    id: Id
    order: Id
    title: str
    state: CaseState
    role: CaseRole
    buyer: Handle
    seller: Handle
    opener: CaseRole
    waits_for: list[CaseRole]
    until: Moment | None
    url: str
    at: Moment


class OrderCase(CaseEntry):
    """A case, whole."""

    wants: CaseWant
    at_stake: Amount
    currency: Currency
    ways: list[CaseWay]
    proposal: CaseTerms | None
    proposed_by: CaseRole | None
    outcome: CaseTerms | None
    decided_by: DecidedBy | None
    mediator: Handle | None
    friends: list[Handle]
    actions: list[CaseDoable]
    history: list[CaseHistory]


class CasePage(Page[CaseEntry]):
    """A part of the caller's cases."""
