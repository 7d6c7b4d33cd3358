"""Reporting a problem and settling it, by pages: what each is shown, and how dear it is."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.kernel.ids import MemberId
from app.market.cases.values import CaseState
from app.market.orders.values import Stage
from app.platform.event_log import run_reactions
from tests.support.cases import BY_POST, befriend, bring, broken
from tests.support.orders import deal
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

SignedIn = Callable[..., FlaskClient]


def png() -> BytesIO:
    data = BytesIO()
    Image.new("RGB", (16, 16), "teal").save(data, "PNG")
    data.seek(0)
    return data


@pytest.fixture
def two(app: Flask, member: MemberFactory) -> tuple[MemberId, MemberId]:
    app.config["WTF_CSRF_ENABLED"] = False
    return member("ana"), member("bo")


def test_from_the_order_to_the_split(
    app: Flask, two: tuple[MemberId, MemberId], member: MemberFactory, client: FlaskClient, signed_in: SignedIn
) -> None:
    befriend(member("eva"), *two)
    run_reactions()
    made = deal(*two, Stage.SHIPPED, **BY_POST)
    ana, bo, eva = (
        signed_in(one, name) for one, name in ((client, "ana"), (app.test_client(), "bo"), (app.test_client(), "eva"))
    )
    order = f"/orders/{made.order}"
    assert "Report a problem" in ana.get(order).text
    refused = ana.post(f"{order}/case", data={"text": "", "want": "part", "amount": "10"})
    assert (refused.status_code, "Describe what happened" in refused.text) == (422, True)
    refused = ana.post(f"{order}/case", data={"text": "Cracked", "want": "part"})
    assert (refused.status_code, "Enter an amount" in refused.text) == (422, True)
    sent = ana.post(
        f"{order}/case",
        data={"text": "Cracked", "want": "refund", "photos": (png(), "p.png")},
        content_type="multipart/form-data",
    )
    assert sent.status_code == 303
    page = str(sent.location)
    assert "View complaint" in bo.get(order).text
    assert ana.get(f"{order}/case").location == page
    seen = bo.get(page).text
    assert "Answer the complaint" in seen
    assert "gets everything back: €40" in seen
    photo = seen.split("/media/", 1)[1].split("/full.webp")[0].split("/")[-1] if "/full.webp" in seen else ""
    assert bo.get(f"/media/{photo}/card.webp").status_code == 200
    assert eva.get(f"/media/{photo}/card.webp").status_code == 404
    assert eva.get(page).status_code == 404
    assert bo.post(f"{page}/answer", data={"text": "It was whole"}).status_code == 303
    seen = ana.get(page).text
    assert "You both trust them" in seen
    assert ana.post(f"{page}/ask_friend", data={"friend": "eva"}).status_code == 303
    assert bo.post(f"{page}/agree_friend").status_code == 303
    assert "It was whole" not in eva.get(page).text
    assert eva.post(f"{page}/take_on").status_code == 303
    assert "It was whole" in eva.get(page).text
    assert eva.get(f"/media/{photo}/card.webp").status_code == 200
    wrong = eva.post(f"{page}/decide", data={"way": "money", "amount": "1.000", "text": "Half"})
    assert (wrong.status_code, "decide-amount-error" in wrong.text) == (422, True)
    assert eva.post(f"{page}/decide", data={"way": "money", "amount": "15", "text": "Half"}).status_code == 303
    for who in (ana, bo):
        assert "gets €15 back" in who.get(page).text
        assert "to be refunded" in who.get(order).text
    assert ana.post(f"{page}/nonsense").status_code == 404
    assert bo.post(f"{page}/accept").status_code == 409
    assert "Lamp" in eva.get("/cases").text
    assert client.get("/cases?cursor=rubbish").status_code in {200, 400, 422}


@pytest.mark.parametrize("state", [CaseState.TALK, CaseState.FRIEND])
def test_a_page_costs_few_statements(
    two: tuple[MemberId, MemberId], member: MemberFactory, client: FlaskClient, signed_in: SignedIn, state: CaseState
) -> None:
    eva = member("eva")
    befriend(eva, *two)
    run_reactions()
    _made, case_id = broken(*two)
    bring(case_id, *two, state, (eva, "eva"))
    ana = signed_in(client, "ana")
    ana.get(f"/cases/{case_id}")
    with statements() as seen:
        assert ana.get(f"/cases/{case_id}").status_code == 200
    assert len(seen) <= 14, "\n".join(map(str, seen))
