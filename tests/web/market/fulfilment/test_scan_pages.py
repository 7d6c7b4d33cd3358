"""The seller scans or types the buyer's code, and prints a parcel's label."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.ids import MemberId
from app.market.fulfilment.queries import shown_code
from app.market.orders.values import Stage
from tests.support.access import Asking, routes
from tests.support.access_town import OWNER
from tests.support.orders import ADDRESS, deal
from tests.support.page_inventory import fill_route
from tests.support.people import MemberFactory

SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def two(app: Flask, member: MemberFactory) -> tuple[MemberId, MemberId]:
    app.config["WTF_CSRF_ENABLED"] = False
    return member("ana"), member("bo")


def test_the_seller_types_the_code_of_the_picture(
    app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    made = deal(*two, Stage.CONFIRMED)
    ana, bo = signed_in(client, "ana"), signed_in(app.test_client(), "bo")
    page = f"/orders/{made.order}"
    assert re.search(r'<img class="handover-picture" src="data:image/svg\+xml', ana.get(page).text)
    assert f'href="{page}/scan"' in bo.get(page).text
    shown = bo.get(f"{page}/scan")
    assert shown.headers["Permissions-Policy"].startswith("camera=(self),")
    assert "scan-" in shown.text
    wrong = bo.post(f"{page}/scan", data={"code": "1"})
    assert (wrong.status_code, "This code is wrong" in wrong.text) == (422, True)
    assert wrong.headers["Permissions-Policy"].startswith("camera=(self),")
    code = shown_code(made.order)
    done = bo.post(f"{page}/scan", data={"code": f"http://127.0.0.1:8000{page}/scan#{code}"})
    assert (done.status_code, done.location) == (303, page)
    assert bo.get(f"{page}/scan").status_code == 302
    assert bo.post(f"{page}/scan", data={"code": code}).status_code == 409


def test_another_orders_picture_is_refused_by_name_and_is_no_try(
    app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    made, other = deal(*two, Stage.CONFIRMED), deal(*two, Stage.CONFIRMED)
    bo = signed_in(client, "bo")
    picture = f"http://127.0.0.1:8000/orders/{other.order}/scan#{shown_code(other.order)}"
    for _ in range(6):
        refused = bo.post(f"/orders/{made.order}/scan", data={"code": picture})
        assert (refused.status_code, "another order" in refused.text) == (422, True)
    assert bo.post(f"/orders/{made.order}/scan", data={"code": shown_code(made.order)}).status_code == 303


def test_the_buyer_has_nothing_to_scan(
    two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    made = deal(*two, Stage.CONFIRMED)
    ana = signed_in(client, "ana")
    assert ana.get(f"/orders/{made.order}/scan").status_code == 403
    assert ana.post(f"/orders/{made.order}/scan", data={"code": shown_code(made.order)}).status_code == 403


def test_the_seller_prints_a_label(
    app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    made = deal(*two, Stage.CONFIRMED, delivery="ship", payment="bank_transfer", address=ADDRESS)
    ana, bo = signed_in(client, "ana"), signed_in(app.test_client(), "bo")
    label = f"/orders/{made.order}/label.pdf"
    assert label in bo.get(f"/orders/{made.order}").text
    printed = bo.get(label)
    assert (printed.status_code, printed.content_type) == (200, "application/pdf")
    assert printed.headers["Cache-Control"] == "no-store"
    assert ana.get(label).status_code == 403
    met = deal(*two, Stage.CONFIRMED)
    assert bo.get(f"/orders/{met.order}/label.pdf").status_code == 409
    chinese = deal(*two, Stage.CONFIRMED, delivery="ship", payment="bank_transfer", address="台北市信義路五段7號")
    refused = bo.get(f"/orders/{chinese.order}/label.pdf")
    assert (refused.status_code, "台" in refused.text) == (422, True)


def test_no_other_page_may_ask_for_the_camera(app: Flask) -> None:
    asking = Asking(app)
    client = app.test_client()
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], asking.sessions[OWNER])
    may = set()
    for method, rule in routes(app):
        if method == "GET":
            with client.get(fill_route(rule.rule, asking.town.values(rule.rule))) as answer:
                if "camera=()" not in answer.headers["Permissions-Policy"]:
                    may.add(rule.rule)
    assert may == {"/orders/<order_id>/scan"}
