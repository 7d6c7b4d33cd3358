"""Reads of devices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, cast

from sqlalchemy import Table, bindparam, select

from app.kernel.ids import DeviceId, MemberId
from app.notifications.devices.models import PushDevice
from app.notifications.devices.values import Device
from app.platform.database import db
from app.platform.web_push import Subscription

_devices: Final = cast(Table, PushDevice.__table__)
_IDS: Final = select(_devices.c.member_id, _devices.c.id).where(
    _devices.c.member_id.in_(bindparam("members", expanding=True))
)


def devices_of(member_id: MemberId) -> list[Device]:
    """The member's own, the newest first."""
    row = PushDevice
    query = select(row.id, row.label, row.endpoint_digest, row.created_at, row.told_at)
    query = query.where(row.member_id == member_id).order_by(row.id.desc())
    return [
        Device(one.id, one.label, one.endpoint_digest, one.created_at, one.told_at) for one in db.session.execute(query)
    ]


def device_ids(member_ids: Iterable[MemberId]) -> dict[MemberId, list[str]]:
    """Which devices each of these has."""
    found: dict[MemberId, list[str]] = {}
    for row in db.session.execute(_IDS, {"members": list(member_ids)}):
        found.setdefault(row.member_id, []).append(row.id)
    return found


def find_subscription(device_id: DeviceId) -> Subscription | None:
    """How to reach it."""
    row = PushDevice
    found = db.session.execute(select(row.endpoint, row.p256dh, row.auth).where(row.id == device_id)).one_or_none()
    return Subscription(found.endpoint, found.p256dh, found.auth) if found else None
