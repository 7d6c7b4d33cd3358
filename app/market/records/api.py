"""Records over JSON."""

from __future__ import annotations

from dataclasses import asdict

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.market.orders.values import Who
from app.market.records.queries import record_of
from app.market.records.schemas import OwnRecord
from app.web.api import caller
from app.web.operations import operation

api = APIBlueprint("api_records", __name__, url_prefix="/api/v1", tag="Orders")


@api.get("/me/record")
@operation("Your record as a buyer and as a seller", answers=OwnRecord)
def read_record() -> ResponseReturnValue:
    found = record_of(caller().id)
    return {
        **{role.value: {"bucket": one.bucket, "counts": asdict(one.counts)} for role, one in found.items()},
        "credit": [
            {"credit": one.credit, "reached": one.reached, "lacks": one.lacks} for one in found[Who.BUYER].credit
        ],
    }
