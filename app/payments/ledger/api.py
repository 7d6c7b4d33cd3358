"""Statements over JSON."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.payments.ledger import queries
from app.payments.ledger.forms import read_period
from app.payments.ledger.schemas import Ledger, LedgerQuery
from app.payments.ledger.values import Line
from app.web.api import caller
from app.web.operations import operation

api = APIBlueprint("api_ledger", __name__, url_prefix="/api/v1", tag="Money")


@api.get("/ledger")
@operation(
    "Your statement",
    about="All your accounts of one currency, newest first, between two days, both included. `outside` is what "
    "you and others pay each other directly.",
    query=LedgerQuery,
    answers=Ledger,
)
def read_ledger(query: LedgerQuery) -> ResponseReturnValue:
    me = caller().id
    period = read_period(query.asked(), me)
    if period.currency is None:
        return {"items": [], "next": None}
    page = queries.statement_page(
        me, period.currency, since=period.since, before=period.before, limit=query.most(), cursor=query.cursor
    )
    return {"items": [_json(line) for line in page.items], "next": page.next}


def _json(line: Line) -> dict[str, Any]:
    return {
        "at": line.at.isoformat(),
        "account": line.account,
        "amount": f"{line.amount.major:f}",
        "currency": line.amount.currency,
        "kind": line.kind,
        "state": line.phase,
        "subject": {"kind": line.subject.kind, "id": line.subject.id},
        "balance": f"{line.balance.major:f}",
    }
