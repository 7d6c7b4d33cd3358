"""What one has and what has moved, to read and to take along."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.payments.ledger import queries
from app.payments.ledger.documents import Statement, as_camt, as_csv
from app.payments.ledger.forms import read_period
from app.platform.limits import limiter
from app.platform.subjects import facts_of
from app.web.guards import current, needs_role, signed_in

pages = Blueprint("ledger", __name__)

_PAGE = 30


@pages.get("/money")
@signed_in
def show() -> ResponseReturnValue:
    return _page(current().id, "/money")


@pages.get("/money/statement.csv", defaults={"form": "csv"})
@pages.get("/money/statement.xml", defaults={"form": "xml"})
@limiter.limit("20/minute")
@signed_in
def download(form: str) -> ResponseReturnValue:
    return _file(current().id, current().handle, form)


@pages.get("/money/house")
@needs_role("operator")
def show_house() -> ResponseReturnValue:
    return _page(None, "/money/house")


@pages.get("/money/house/statement.csv", defaults={"form": "csv"})
@pages.get("/money/house/statement.xml", defaults={"form": "xml"})
@limiter.limit("20/minute")
@needs_role("operator")
def download_house(form: str) -> ResponseReturnValue:
    return _file(None, "house", form)


def _page(owner_id: MemberId | None, address: str) -> str:
    period = read_period(request.args, owner_id)
    page = queries.statement_page(
        owner_id,
        period.currency or "",
        since=period.since,
        before=period.before,
        limit=_PAGE,
        cursor=request.args.get("cursor"),
    )
    return render_template(
        "payments/ledger/show.html",
        page=page,
        things=facts_of({line.subject for line in page.items}),
        purses=queries.purses_of(owner_id),
        currencies=queries.currencies_of(owner_id),
        period=period,
        address=address,
        is_house=owner_id is None,
    )


def _file(owner_id: MemberId | None, owner: str, form: str) -> ResponseReturnValue:
    period = read_period(request.args, owner_id)
    currency = period.currency or ""
    lines = queries.whole_statement(owner_id, currency, since=period.since, before=period.before)
    statement = Statement(
        owner=owner,
        currency=currency,
        since=period.since,
        before=period.before,
        made_at=clock.now(),
        lines=lines,
    )
    body, kind = (as_csv(statement), "text/csv") if form == "csv" else (as_camt(statement), "application/xml")
    answer = Response(body, content_type=f"{kind}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="kinmarket-{owner}-{currency or "none"}.{form}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
