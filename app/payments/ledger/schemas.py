"""Statements as JSON."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.payments.ledger.values import AccountKind, Movement, Phase
from app.web.schemas import Amount, Answer, Currency, Filter, Id, Moment, Page, Paging, one_of

Day = Annotated[Filter, Field(description="A day, as 2026-12-31.")]


class LedgerSubject(Answer):
    """What the money moved for."""

    kind: str
    id: Id


class LedgerLine(Answer):
    """One movement: `balance` is where that account stood afterwards; what is pending has not moved yet."""

    at: Moment
    account: Annotated[str, one_of(AccountKind)]
    amount: Amount
    currency: Currency
    kind: Annotated[str, one_of(Movement)]
    state: Annotated[str, one_of(Phase)]
    subject: LedgerSubject
    balance: Amount


class Ledger(Page[LedgerLine]):
    """A part of a statement, newest first."""


class LedgerQuery(Paging):
    """Which statement."""

    currency: Filter = None
    since: Annotated[Day, Field(alias="from")] = None
    until: Annotated[Day, Field(alias="to")] = None

    def asked(self) -> dict[str, str]:
        """As an address would say it."""
        said = {"currency": self.currency, "from": self.since, "to": self.until}
        return {name: value for name, value in said.items() if value}
