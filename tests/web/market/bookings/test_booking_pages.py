"""The calendars of a service and of a member, a booking and its file."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.clock import clock
from app.kernel.ids import MemberId
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
