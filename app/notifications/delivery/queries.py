"""Reads of the delivery queue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, cast

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import ColumnElement, ScalarSelect, Table, and_, bindparam, func, or_, select

from app.kernel.clock import clock
from app.kernel.ids import DeliveryId, MemberId
from app.kernel.viewer import Viewer
from app.notifications.delivery.models import DeliveryRow
from app.notifications.delivery.values import Parked, Reader, State
from app.notifications.inbox.models import NotificationRow
from app.notifications.kinds.values import Channel
from app.people.accounts.models import Member
from app.people.accounts.queries import is_active, require_role
from app.people.accounts.values import OPERATOR
from app.platform import job_queue
from app.platform.database import UtcDateTime, db
from app.platform.locales import known_locale

_SALT = "unsubscribe"


def claimable(now: datetime) -> ColumnElement[bool]:
    """Due and in nobody's hands, or in hands that have let it fall."""
    row = DeliveryRow
    return or_(
        and_(row.state == State.WAITING.value, row.due_at <= now),
        and_(row.state == State.CLAIMED.value, row.lease_until < now),
    )


def due_ids(limit: int, channel: Channel | None = None) -> list[DeliveryId]:
    """What could be sent now (by this way), the longest waiting first."""
    query = select(DeliveryRow.id).where(claimable(clock.now()))
    if channel is not None:
        query = query.where(DeliveryRow.channel == channel.value)
    return list(db.session.scalars(query.order_by(DeliveryRow.due_at, DeliveryRow.id).limit(limit)))


_member: Final = cast(Table, Member.__table__)
_ADDRESSES: Final = select(_member.c.id, _member.c.email).where(
    _member.c.id.in_(bindparam("members", expanding=True)), _member.c.email.is_not(None), _member.c.active.is_(True)
)


def addresses(member_ids: Iterable[MemberId]) -> dict[MemberId, str]:
    """The e-mail addresses of those who have one and are still here."""
    return {row.id: row.email for row in db.session.execute(_ADDRESSES, {"members": list(member_ids)})}


def find_reader(member_id: MemberId) -> Reader | None:
    """Who is written to; also while suspended, for they must learn why."""
    row = db.session.execute(
        select(Member.email, Member.name, Member.locale).where(Member.id == member_id, Member.active.is_(True))
    ).one_or_none()
    return Reader(row.email, row.name, known_locale(row.locale), is_active(member_id)) if row else None


def parked(actor: MemberId, limit: int = 200) -> list[Parked]:
    """What was given up, for the operator."""
    require_role(actor, OPERATOR)
    return [
        Parked(row.id, row.member_id, row.channel, row.kind, row.error or "", row.tries, row.at)
        for row in db.session.execute(_parked().order_by(DeliveryRow.id.desc()).limit(limit))
    ]


def parked_jobs(actor: MemberId, limit: int = 200) -> list[job_queue.GivenUp]:
    """Mail of accounts and other work that was given up, for the operator."""
    require_role(actor, OPERATOR)
    return job_queue.given_up(limit)


def all_parked() -> list[Any]:
    """List the deliveries that were given up, for `kinmarket check`."""
    return list(db.session.execute(_parked().order_by(DeliveryRow.id).limit(1000)))


def parked_badge(who: Viewer) -> ScalarSelect[int] | None:
    """The operator's number in the page frame."""
    if not who.is_a(OPERATOR):
        return None
    letters = select(func.count(DeliveryRow.id)).where(DeliveryRow.state == State.PARKED.value).scalar_subquery()
    return select(letters + job_queue.count_given_up()).scalar_subquery()


def unsubscribe_token(member_id: MemberId, kind: str, channel: str) -> str:
    """Signed, and good for ever: an old mail must be able to end what it began."""
    return str(_signer().dumps([member_id, kind, channel]))


def read_token(token: str) -> tuple[MemberId, str, str] | None:
    """Whom and what it stands for; None when it was not made here."""
    try:
        found = _signer().loads(token)
    except BadSignature:
        return None
    return MemberId(int(found[0])), str(found[1]), str(found[2])


def _parked() -> Any:
    row = DeliveryRow
    at = func.coalesce(row.done_at, row.created_at, type_=UtcDateTime).label("at")
    return (
        select(row.id, row.member_id, row.channel, row.error, row.tries, at, NotificationRow.kind)
        .join(NotificationRow, NotificationRow.id == row.notification_id)
        .where(row.state == State.PARKED.value)
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=_SALT)
