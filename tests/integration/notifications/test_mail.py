"""What goes out by mail, when, and to whom no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask

from app.kernel.clock import Clock
from app.kernel.subjects import Subject
from app.notifications.active_views.service import close_view, open_view
from app.notifications.delivery import service
from app.notifications.delivery.checks import run as check
from app.notifications.delivery.models import DeliveryRow
from app.notifications.delivery.queries import parked
from app.notifications.delivery.sending import send_due
from app.notifications.inbox.service import mark_read, notify
from app.notifications.kinds.values import HELPFUL, MESSAGE, MODERATED, SIGNED_IN, VOUCH, Channel, Pace
from app.notifications.preferences.service import choose, stop
from app.notifications.preferences.values import Day
from app.people.blocks.service import block
from app.platform.database import db
from tests.support.mailbox import Mailbox, mail_server
from tests.support.people import MemberFactory

TALK = Subject("conversation", "c1")
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
BO = "bo@example.org"


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    with mail_server() as found:
        app.config["KIN"] = replace(app.config["KIN"], mail_url=found.url, public_url="https://kin.example")
        yield found


@pytest.fixture
def people(member: MemberFactory) -> tuple[int, int]:
    return member("ana"), member("bo")


def message(ana: int, bo: int, *, key: str = "message:c1") -> None:
    notify(bo, MESSAGE, TALK, key=key, actor_id=ana, renew=True)


def parts(mail: EmailMessage) -> tuple[str, str]:
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def states() -> list[str]:
    db.session.rollback()
    return [row.state for row in db.session.query(DeliveryRow).order_by(DeliveryRow.id)]


def test_who_is_away_is_written_to_at_once(people: tuple[int, int], mailbox: Mailbox, fixed_clock: Clock) -> None:
    message(*people)
    assert send_due() == 1
    (mail,) = mailbox.to(BO)
    text, html = parts(mail)
    assert mail["Subject"] == "Ana sent you a message"
    assert "https://kin.example/messages/c1" in text
    assert 'href="https://kin.example/messages/c1"' in html
    assert 'lang="en" dir="ltr"' in html
    assert "prefers-color-scheme: dark" in html
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<https://kin.example/unsubscribe/")
    # As it stands in the mail, for a program that does not decode it.
    assert b"\r\nList-Unsubscribe: <https://kin.example/unsubscribe/" in mailbox.raw[0]
    assert max(map(len, mailbox.raw[0].split(b"\r\n"))) <= 998
    assert mail["Auto-Submitted"] == "auto-generated"
    assert send_due() == 0


def test_who_is_here_has_half_a_minute(people: tuple[int, int], mailbox: Mailbox, fixed_clock: Clock) -> None:
    ana, bo = people
    open_view(bo, "tab", None)
    message(ana, bo)
    fixed_clock.advance(29 * SECOND)
    assert send_due() == 0
    fixed_clock.advance(2 * SECOND)
    assert send_due() == 1
    assert len(mailbox.to(BO)) == 1


def test_what_was_read_meanwhile_is_not_sent(people: tuple[int, int], mailbox: Mailbox, fixed_clock: Clock) -> None:
    ana, bo = people
    open_view(bo, "tab", None)
    message(ana, bo)
    mark_read(bo)
    fixed_clock.advance(MINUTE)
    assert send_due() == 0
    assert states() == ["dropped"]
    # The next message of the same conversation is news again, and another mail.
    fixed_clock.advance(HOUR)
    message(ana, bo)
    assert send_due() == 1
    message(ana, bo)
    assert send_due() == 1
    first, second = mailbox.to(BO)
    assert first["Message-ID"] != second["Message-ID"]


def test_nothing_is_told_of_what_is_open_on_the_screen(
    people: tuple[int, int], mailbox: Mailbox, fixed_clock: Clock
) -> None:
    ana, bo = people
    open_view(bo, "tab", TALK)
    message(ana, bo)
    fixed_clock.advance(MINUTE)
    assert send_due() == 0
    assert states() == []
    close_view(bo, "tab")
    message(ana, bo)
    # Opened before the mail went out: it stays here.
    open_view(bo, "tab", TALK)
    assert send_due() == 0
    assert states() == ["dropped"]
    # A browser that died does not hold mail back for ever.
    fixed_clock.advance(2 * MINUTE)
    message(ana, bo)
    assert send_due() == 1


def test_what_is_alike_comes_in_one_mail(
    people: tuple[int, int], member: MemberFactory, mailbox: Mailbox, fixed_clock: Clock
) -> None:
    bo = people[1]
    for name in ("ana", "cem", "dee", "eli"):
        ident = people[0] if name == "ana" else member(name)
        fixed_clock.advance(SECOND)
        notify(bo, VOUCH, Subject("member", str(ident)), key=f"vouch:{ident}", actor_id=ident)
    assert send_due() == 1
    (mail,) = mailbox.to(BO)
    assert mail["Subject"] == "Eli and 3 others vouch for you"
    assert states() == ["sent"] * 4


def test_a_digest_gathers_a_day(
    people: tuple[int, int], member: MemberFactory, mailbox: Mailbox, fixed_clock: Clock
) -> None:
    ana, bo = people
    cem = member("cem")
    daily = {(HELPFUL, Channel.EMAIL): Pace.DAILY, (VOUCH, Channel.EMAIL): Pace.DAILY}
    choose(bo, daily, Day("Europe/Stockholm"))
    words = Subject("recommendation", "r1")
    for who in (ana, cem):
        notify(bo, HELPFUL, words, key=f"helpful:{who}", actor_id=who)
    notify(bo, VOUCH, Subject("member", str(ana)), key="vouch:ana", actor_id=ana)
    fixed_clock.advance(17 * HOUR + 59 * MINUTE)
    assert send_due() == 0
    fixed_clock.advance(MINUTE)  # eight in the morning in Stockholm, where summer is two hours ahead
    assert send_due() == 1
    (mail,) = mailbox.to(BO)
    text, _html = parts(mail)
    assert mail["Subject"] == "Kinmarket: 2 new notifications"
    assert (
        "Cem and Ana found your recommendation helpful" in text
        or "Ana and Cem found your recommendation helpful" in text
    )
    assert "Ana vouches for you" in text
    assert send_due() == 0


def test_weekly_comes_on_monday(people: tuple[int, int], mailbox: Mailbox, fixed_clock: Clock) -> None:
    ana, bo = people
    notify(bo, HELPFUL, Subject("recommendation", "r1"), actor_id=ana)
    # The clock stands on a Monday at noon.
    fixed_clock.advance(timedelta(days=6))
    assert send_due() == 0
    fixed_clock.advance(timedelta(days=1))
    assert send_due() == 1


def test_quiet_hours_hold_mail_until_the_morning(people: tuple[int, int], mailbox: Mailbox, fixed_clock: Clock) -> None:
    ana, bo = people
    choose(bo, {}, Day("Asia/Tokyo", 20 * 60, 6 * 60 + 30))  # it is nine in the evening there
    message(ana, bo)
    notify(bo, SIGNED_IN, Subject("account", "mine"), key="in")
    assert send_due() == 1
    assert [one["Subject"] for one in mailbox.to(BO)] == ["New device signed in to your account"]
    fixed_clock.advance(9 * HOUR + 29 * MINUTE)
    assert send_due() == 0
    fixed_clock.advance(MINUTE)
    assert send_due() == 1


def test_safety_cannot_be_turned_off(people: tuple[int, int], mailbox: Mailbox, fixed_clock: Clock) -> None:
    bo = people[1]
    stop(bo, SIGNED_IN, Channel.EMAIL)
    open_view(bo, "tab", Subject("account", "mine"))
    close_view(bo, "tab")
    notify(bo, SIGNED_IN, Subject("account", "mine"), key="in")
    assert send_due() == 1
    (mail,) = mailbox.to(BO)
    assert mail["List-Unsubscribe"] is None


def test_off_is_off_also_for_what_waits_already(people: tuple[int, int], mailbox: Mailbox, fixed_clock: Clock) -> None:
    ana, bo = people
    open_view(bo, "tab", None)
    message(ana, bo)
    stop(bo, MESSAGE, Channel.EMAIL)
    fixed_clock.advance(MINUTE)
    assert send_due() == 0
    notify(bo, MESSAGE, Subject("conversation", "c2"), actor_id=ana)
    assert states() == ["dropped"]


def test_nobody_is_told_of_whom_they_block(people: tuple[int, int], mailbox: Mailbox) -> None:
    ana, bo = people
    block(bo, ana)
    message(ana, bo)
    assert send_due() == 0


def test_a_mail_server_that_is_away_is_tried_again_and_then_given_up(
    people: tuple[int, int], member: MemberFactory, mailbox: Mailbox, fixed_clock: Clock
) -> None:
    ana, bo = people
    olga = member("olga", role="operator")
    mailbox.answer = "451 later"
    message(ana, bo)
    tries = 0
    while states() != ["parked"]:
        assert send_due() == 0
        fixed_clock.advance(timedelta(days=1))
        tries += 1
        assert tries < 10
    assert tries == 6
    (stuck,) = parked(olga)
    assert (stuck.channel, stuck.kind, stuck.tries) == ("email", "message", 6)
    assert "451" in stuck.error
    assert len(check()) == 1
    mailbox.answer = "250 ok"
    assert service.try_again(olga, stuck.id)
    assert send_due() == 1
    assert check() == []


def test_an_address_that_does_not_exist_is_not_tried_again(
    people: tuple[int, int], mailbox: Mailbox, fixed_clock: Clock
) -> None:
    mailbox.answer = "550 no such person"
    message(*people)
    send_due()
    assert states() == ["parked"]


def test_one_failure_does_not_hold_the_others(
    people: tuple[int, int], member: MemberFactory, mailbox: Mailbox, fixed_clock: Clock, monkeypatch: Any
) -> None:
    ana, bo = people
    cem = member("cem")
    notify(bo, MODERATED, Subject("listing", "l1"), data={"title": "Lamp", "text": "It was a scam."})
    notify(cem, MESSAGE, TALK, actor_id=ana)
    from app.notifications.delivery import sending as post

    right = post.deliver

    def deliver(to: str, *rest: Any) -> None:
        if to == BO:
            raise ConnectionError("the line is broken")
        right(to, *rest)

    monkeypatch.setattr(post, "deliver", deliver)
    assert send_due() == 1
    assert sorted(states()) == ["sent", "waiting"]
    monkeypatch.undo()
    fixed_clock.advance(MINUTE)
    assert send_due() == 1
    text, html = parts(mailbox.to(BO)[0])
    assert "It was a scam." in text
    assert "It was a scam." in html
    assert "/notifications/" in text


def test_who_leaves_gets_nothing_more(people: tuple[int, int], mailbox: Mailbox, fixed_clock: Clock) -> None:
    from app.people.data_requests.service import erase_member

    ana, bo = people
    message(ana, bo)
    erase_member(bo, "bo")
    assert send_due() == 0
    assert states() == []
