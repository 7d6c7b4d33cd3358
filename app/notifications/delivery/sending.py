"""Sends what is due: takes a claim, writes the render_mail, hands it over, says what came of it."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from typing import Final

import structlog
from flask_babel import force_locale

from app.kernel.ids import DeviceId
from app.notifications.active_views.queries import watching
from app.notifications.delivery import service
from app.notifications.delivery.queries import due_ids, find_reader
from app.notifications.delivery.rendering import Line, lines_for, push_payload, render_mail, topic_of
from app.notifications.delivery.values import Batch, Reader, State
from app.notifications.devices.queries import find_subscription
from app.notifications.devices.service import forget_device, note_told
from app.notifications.inbox.queries import unread_among
from app.notifications.inbox.values import Notification
from app.notifications.kinds.values import Channel, Group, Pace, kind_named
from app.notifications.preferences.queries import wishes_of
from app.platform.database import db
from app.platform.mail import deliver, is_final
from app.platform.web_push import PushBusy, PushGone, PushRefused, push

log = structlog.get_logger()

AT_ONCE: Final = 100  # claims of one look
DAY: Final = 24 * 3600  # seconds that a push service keeps what a sleeping phone did not fetch
_URGENT: Final = (Group.CHAT, Group.SECURITY)


def send_due(*channels: Channel) -> int:
    """Send all that is due, by these ways or by all; several servers may do so at once.

    Answers how many letters went out.
    """
    return sum(_send_due(channel) for channel in channels or tuple(Channel))


def _send_due(channel: Channel) -> int:
    sent = 0
    for ident in due_ids(AT_ONCE, channel):
        db.session.rollback()
        owner = service.me()
        batch = service.claim(ident, owner)
        if batch is not None and _send(batch, owner):
            sent += 1
    db.session.rollback()
    return sent


def _send(batch: Batch, owner: str) -> bool:
    reader = find_reader(batch.member_id)
    news = _still_wanted(batch, reader) if reader is not None else []
    if reader is None or not news:
        service.finish(batch, owner, State.DROPPED)
        return False
    try:
        with force_locale(reader.locale):
            lines = lines_for(batch.member_id, news)
            done = _by_mail(batch, reader, lines) if batch.channel == Channel.EMAIL else _by_push(batch, lines)
    except PushGone:
        # The row of the delivery goes with the device.
        forget_device(batch.device_id or DeviceId(""))
        return False
    except Exception as problem:  # noqa: BLE001 - whatever it was, this one waits and the others go on
        _after_failure(batch, owner, problem)
        return False
    service.finish(batch, owner, State.SENT if done else State.DROPPED)
    return done


def _still_wanted(batch: Batch, reader: Reader) -> list[Notification]:
    """Without what was read, turned off or opened on the screen in the meantime."""
    wishes = wishes_of(batch.member_id)
    found = []
    for _member, one in unread_among(batch.notification_ids):
        spec = kind_named(one.kind)
        if spec.fixed:
            found.append(one)
            continue
        # Who is suspended hears only of what was decided about them.
        if not reader.may_act and spec.group is not Group.ORDER:
            continue
        off = wishes.pace(one.kind, Channel(batch.channel)) is Pace.OFF
        if not off and not watching([batch.member_id], [one.subject]):
            found.append(one)
    return found


def _by_mail(batch: Batch, reader: Reader, lines: Sequence[Line]) -> bool:
    if reader.email is None:
        return False
    mail = render_mail(batch, reader.name, lines)
    # No transaction stays open while the mail server thinks.
    db.session.rollback()
    deliver(reader.email, mail.subject, mail.text, mail.html, mail.headers)
    return True


def _by_push(batch: Batch, lines: Sequence[Line]) -> bool:
    to = find_subscription(batch.device_id or DeviceId(""))
    if to is None:
        return False
    urgent = kind_named(lines[0].newest.kind).group in _URGENT
    payload, topic = push_payload(lines), topic_of(lines)
    db.session.rollback()
    push(to, payload, ttl=DAY, topic=topic, urgency="high" if urgent else "normal")
    note_told(batch.device_id or DeviceId(""))
    return True


def _after_failure(batch: Batch, owner: str, problem: Exception) -> None:
    db.session.rollback()
    error = f"{type(problem).__name__}: {problem}"[:500]
    if is_final(problem) or isinstance(problem, PushRefused):
        service.finish(batch, owner, State.PARKED, error)
        goes_on = False
    else:
        goes_on = service.try_later(batch, owner, error)
    expected = isinstance(problem, (OSError, smtplib.SMTPException, PushBusy, PushRefused))
    log.warning(
        "delivery_failed",
        delivery=batch.ids[0],
        channel=batch.channel,
        tries=batch.tries,
        again=goes_on,
        error=error if expected else None,
        exc_info=None if expected else problem,
    )
