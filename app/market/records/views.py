"""My record, before others see it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from app.market.records import queries
from app.market.records.forms import BUCKET_LABELS, CREDIT_LABELS
from app.web.guards import current, signed_in

pages = Blueprint("records", __name__)
REPORTED_SALES, REPORTED_EUROS = 30, 2000


@pages.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    state.app.jinja_env.filters["bucket_label"] = lambda code: BUCKET_LABELS.get(code, code)
    state.app.jinja_env.filters["credit_label"] = lambda code: CREDIT_LABELS.get(code, code)


@pages.get("/settings/record")
@signed_in
def mine() -> ResponseReturnValue:
    """What others see of my dealings, and what each step of credit takes."""
    me = current()
    number, amounts = queries.sold_this_year(me.id)
    return render_template(
        "market/records/mine.html",
        record=queries.record_of(me.id),
        sales=number,
        amounts=amounts,
        most_sales=REPORTED_SALES,
        most_euros=REPORTED_EUROS,
    )
