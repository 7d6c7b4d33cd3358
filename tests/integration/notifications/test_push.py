"""Alerts on browsers: encrypted for them alone, and sent to public places only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from py_vapid import Vapid02

from app.kernel.clock import Clock
from app.kernel.errors import Invalid
from app.kernel.subjects import Subject
from app.notifications.delivery.models import DeliveryRow
from app.notifications.delivery.sending import send_due
from app.notifications.devices.queries import devices_of
from app.notifications.devices.service import add_device, remove_device
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import MESSAGE
from app.platform import public_requests
from app.platform.database import db
from app.platform.public_hosts import ForbiddenPlace
from app.platform.web_push import ANYWHERE, Subscription, check_endpoint, public_key, push
from tests.support.people import MemberFactory
from tests.support.push_service import Browser, PushService, push_service

AGENT = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36"
TALK = Subject("conversation", "c1")


@pytest.fixture
def pushes(app: Flask) -> Iterator[PushService]:
    app.config[ANYWHERE] = True
    with push_service() as found:
        yield found


@pytest.fixture
def phone(pushes: PushService) -> Browser:
    return Browser(f"{pushes.url}/send/abc")


def subscribe(member_id: int, browser: Browser) -> str:
    return add_device(member_id, browser.endpoint, browser.p256dh, browser.auth, AGENT)


def states() -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.query(DeliveryRow).order_by(DeliveryRow.channel)
    return [(row.channel, row.state) for row in rows]


def test_only_the_browser_reads_what_is_sent(
    member: MemberFactory, pushes: PushService, phone: Browser, fixed_clock: Clock
) -> None:
    ana, bo = member("ana", name="安娜"), member("bo")
    subscribe(bo, phone)
    notify(bo, MESSAGE, TALK, actor_id=ana)
    assert send_due() == 2  # and the mail, into a file
    ((headers, body),) = pushes.sent
    told = phone.read(body)
    assert told["title"] == "安娜 sent you a message"
    assert told["url"] == "/messages/c1"
    assert "安娜".encode() not in body
    assert headers["content-encoding"] == "aes128gcm"
    assert headers["ttl"] == "86400"
    assert headers["urgency"] == "high"
    assert headers["topic"] == told["tag"]
    assert len(headers["topic"]) <= 32
    claims, key = headers["authorization"].removeprefix("vapid ").split(",")
    assert key.strip() == f"k={public_key()}"
    assert Vapid02.verify(headers["authorization"])
    assert claims.startswith("t=")
    (device,) = devices_of(bo)
    assert device.label == "Chrome, Android"
    assert device.told_at is not None


def test_a_browser_that_is_gone_is_forgotten(
    member: MemberFactory, pushes: PushService, phone: Browser, fixed_clock: Clock
) -> None:
    ana, bo = member("ana"), member("bo")
    subscribe(bo, phone)
    pushes.status = 410
    notify(bo, MESSAGE, TALK, actor_id=ana)
    send_due()
    assert devices_of(bo) == []
    assert states() == [("email", "sent")]


@pytest.mark.parametrize(("status", "state"), [(429, "waiting"), (503, "waiting"), (400, "parked"), (302, "parked")])
def test_what_the_service_says_is_heeded(
    member: MemberFactory, pushes: PushService, phone: Browser, fixed_clock: Clock, status: int, state: str
) -> None:
    ana, bo = member("ana"), member("bo")
    subscribe(bo, phone)
    pushes.status = status
    notify(bo, MESSAGE, TALK, actor_id=ana)
    send_due()
    assert ("push", state) in states()
    assert len(pushes.sent) == 1


def test_a_shared_browser_belongs_to_who_is_signed_in(
    member: MemberFactory, pushes: PushService, phone: Browser
) -> None:
    ana, bo = member("ana"), member("bo")
    first, again = subscribe(ana, phone), subscribe(ana, phone)
    assert first == again
    subscribe(bo, phone)
    assert devices_of(ana) == []
    (mine,) = devices_of(bo)
    remove_device(ana, mine.id)
    assert len(devices_of(bo)) == 1
    remove_device(bo, mine.id)
    assert devices_of(bo) == []


@pytest.mark.databases("sqlite")  # nothing of it reaches the database
@pytest.mark.parametrize(
    "address",
    [
        "http://push.example.com/x", "https://127.0.0.1/x", "https://[::1]/x", "https://10.0.0.7/x",
        "https://169.254.169.254/latest", "https://[::ffff:192.168.1.1]/x", "https://100.64.0.1/x",
        "https://localhost/x", "https://printer.local/x", "https://push.example.com:8443/x",
        "https://user@push.example.com/x", "ftp://push.example.com/x", "https:///x", "https://[/x", "x",
    ],
)  # fmt: skip
def test_addresses_inside_a_network_are_refused(app: Flask, address: str) -> None:
    with pytest.raises(Invalid):
        check_endpoint(address)


def test_a_name_that_leads_inside_is_not_connected_to(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name may have led outside when it was stored: what counts is where it leads now."""

    def inside(*_arguments: Any, **_more: Any) -> list[Any]:
        return [(2, 1, 6, "", ("127.0.0.1", 443))]

    monkeypatch.setattr(public_requests.socket, "getaddrinfo", inside)
    browser = Browser("https://push.example.com/x")
    with pytest.raises(OSError, match="public network") as raised:
        push(Subscription(browser.endpoint, browser.p256dh, browser.auth), b"{}", ttl=1, topic="t")
    assert isinstance(raised.value, ForbiddenPlace) or "public network" in str(raised.value)


def test_damaged_keys_are_refused(member: MemberFactory, pushes: PushService, phone: Browser) -> None:
    ana = member("ana")
    for point in ("", phone.p256dh[:-4], "ü" * 87):
        with pytest.raises(Invalid):
            add_device(ana, phone.endpoint, point, phone.auth)
    with pytest.raises(Invalid):
        add_device(ana, phone.endpoint, phone.p256dh, "x")
    with pytest.raises(Invalid):
        add_device(ana, "https://push.example.com/" + "x" * 1000, phone.p256dh, phone.auth)


def test_the_key_stays_and_is_not_for_everybody(app: Flask) -> None:
    before = public_key()
    app.extensions.pop("kin_vapid")
    assert public_key() == before
    path = app.config["KIN"].data_dir / "vapid.pem"
    assert path.stat().st_mode & 0o077 == 0
