"""The calendars of a service and of a member, a booking and its file."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.people.accounts.service import issue_token
from tests.support.bookings import service_of
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

SignedIn = Callable[..., FlaskClient]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
OPENED = {
    "first": "2026-03-04T10:00",
    "minutes": "60",
    "in_a_row": "3",
    "weeks": "2",
    "place": "At mine",
    "cancel_hours": "24",
}


@pytest.fixture
def two(app: Flask, member: MemberFactory) -> tuple[MemberId, MemberId]:
    app.config["WTF_CSRF_ENABLED"] = False
    return member("ana"), member("bo")


def test_opened_booked_moved_and_taken_along(
    app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    with clock.freeze(NOW):
        repair = service_of(two[1])
        ana, bo = signed_in(client, "ana"), signed_in(app.test_client(), "bo")
        for one in (ana, bo):
            one.set_cookie("kin_zone", "Europe/Stockholm")
        times = f"/market/{repair}/times"
        assert times in ana.get(f"/market/{repair}").text
        assert "No free times" in ana.get(times).text
        bad = bo.post(times, data={**OPENED, "weeks": "13", "first": ""})
        assert (bad.status_code, "Choose a day and a time." in bad.text) == (422, True)
        assert bo.post(times, data=OPENED).status_code == 303
        page = ana.get(times).text
        slots = re.findall(rf'href="{times}/([0-9a-z]{{26}})"', page)
        assert len(slots) == 3
        assert "2026-03-04T09:00:00+00:00" in page, "ten o’clock in Stockholm"
        assert "Where" not in page
        assert "At mine" not in page, "only whoever books is told where"
        assert "Until 24 hours before" not in page
        assert "Book for €30" in ana.get(f"{times}/{slots[0]}").text
        sent = ana.post(f"{times}/{slots[0]}", data={"payment": "in_person"})
        assert sent.status_code == 303
        booking = str(sent.location)
        assert "At mine" in ana.get(booking).text
        gone = signed_in(app.test_client(), "ana").post(f"{times}/{slots[0]}", data={"payment": "in_person"})
        assert gone.status_code == 409
        assert booking in bo.get("/bookings").text
        assert "Nothing booked" in bo.get("/bookings?from=2026-03-09").text
        assert slots[1] in bo.get(booking).text
        assert bo.post(f"{booking}/move", data={"slot": slots[1]}).status_code == 303
        assert "Bo</bdi> would like to move it" in ana.get(booking).text
        assert ana.post(f"{booking}/agree").status_code == 303
        assert ana.post(f"{booking}/agree").status_code == 409
        file = ana.get(f"{booking}/booking.ics")
        assert (file.status_code, file.mimetype) == (200, "text/calendar")
        assert "DTSTART:20260304T100000Z" in file.text
        assert file.text.count("BEGIN:VEVENT") == ana.get("/bookings.ics").text.count("BEGIN:VEVENT") == 1
        assert ana.post(f"{times}/{slots[2]}/close").status_code == 403
        assert bo.post(f"{times}/{slots[2]}/close").status_code == 303


def test_a_calendar_costs_few_statements(
    app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    with clock.freeze(NOW):
        repair = service_of(two[1])
        bo, ana = signed_in(client, "bo"), signed_in(app.test_client(), "ana")
        bo.post(f"/market/{repair}/times", data={**OPENED, "in_a_row": "8"})
        for slot in re.findall(r'/times/([0-9a-z]{26})"', ana.get(f"/market/{repair}/times").text):
            ana.post(f"/market/{repair}/times/{slot}", data={"payment": "in_person"})
        for page in ("/bookings", f"/market/{repair}/times"):
            bo.get(page)
            with statements() as seen:
                assert bo.get(page).text.count("week-taken") == 8
            assert len(seen) <= 10, "\n".join(map(str, seen))


def test_what_is_in_the_address_is_a_day_or_today(
    two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    ana = signed_in(client, "ana")
    for day in (
        "",
        "yesterday",
        "9999-12-31",
        "0001-01-01",
        "2026-02-30",
        f"{clock.now() - timedelta(days=30):%Y-%m-%d}",
    ):
        assert ana.get("/bookings", query_string={"from": day}).status_code == 200


def test_over_json(app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient) -> None:
    with clock.freeze(NOW):
        repair = service_of(two[1])
        ana, bo = ({"Authorization": f"Bearer {issue_token(one)}"} for one in two)
        slots = f"/api/v1/listings/{repair}/slots"
        plan = {"first": "2026-03-04T10:00:00+01:00", "in_a_row": 3, "place": "At mine"}
        assert client.post(slots, json={**plan, "first": "2026-03-04T10:00"}, headers=bo).status_code == 422
        assert client.post(slots, json=plan, headers=ana).status_code == 403
        assert client.post(slots, json=plan, headers=bo).json == {"opened": 3, "left_out": 0}
        page = _json(client.get(f"{slots}?limit=2", headers=ana))
        assert [one["starts_at"][11:16] for one in page["items"]] == ["09:00", "10:00"]
        rest = _json(client.get(f"{slots}?limit=2&cursor={page['next']}", headers=ana))
        assert (len(rest["items"]), rest["next"]) == (1, None)
        first, second = (one["id"] for one in page["items"])
        made = client.post(f"/api/v1/slots/{first}/book", headers=ana)
        assert (made.status_code, _json(made)["stage"], _json(made)["place"]) == (201, "confirmed", "At mine")
        late = client.post(f"/api/v1/slots/{first}/book", headers=ana)
        assert (late.status_code, _json(late)["code"]) == (409, "slot_taken")
        booking = f"/api/v1/bookings/{_json(made)['id']}"
        assert _json(client.post(f"{booking}/move", json={"slot": second}, headers=ana))["proposed"]["id"] == second
        assert _json(client.get(booking, headers=bo))["actions"] == ["agree", "decline", "move"]
        moved = _json(client.post(f"{booking}/agree", headers=bo))
        assert (moved["proposed"], moved["starts_at"][11:16]) == (None, "10:00")
        assert _json(client.get("/api/v1/bookings", headers=bo))["items"] == [moved]
        assert client.post(f"{booking}/no_show", headers=bo).status_code == 409
        assert client.delete(f"/api/v1/slots/{first}", headers=bo).status_code == 204


def _json(answer: TestResponse) -> dict[str, Any]:
    found = answer.get_json()
    assert isinstance(found, dict)
    return found
