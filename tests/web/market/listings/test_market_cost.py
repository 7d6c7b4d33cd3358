"""What a page of the market asks of the database, however many listings there are."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.market.listings import service
from app.market.listings.values import ListingDraft
from app.platform.database import db
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

MOST = 8


@pytest.mark.parametrize("query", ["", "?q=chair&distance=2", "?sort=trust", "?sort=price&category=home"])
def test_a_page_of_cards_takes_few_statements(
    app: Flask,
    client: FlaskClient,
    member: MemberFactory,
    signed_in: Callable[[FlaskClient, str], FlaskClient],
    query: str,
) -> None:
    ids = [member(f"m{n}") for n in range(8)]
    for one, other in pairwise(ids):
        vouch(one, other, "trust_fully")
    for n in range(30):
        draft = ListingDraft(kind="sale", title=f"Chair {n}", category="home", condition="good", price=Decimal(5))
        service.publish_listing(ids[1 + n % 7], draft)
    signed_in(client, "m0")
    client.get("/market")
    asked: list[str] = []

    def count(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        page = client.get(f"/market{query}")
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert page.status_code == 200
    assert page.text.count("lst-title") >= 10
    assert len(asked) <= MOST, "\n\n".join(asked)
