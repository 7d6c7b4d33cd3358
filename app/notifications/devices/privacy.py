"""What devices tell of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete

from app.kernel.ids import MemberId
from app.notifications.devices.models import PushDevice
from app.notifications.devices.queries import devices_of
from app.platform.database import db

NAME = "devices"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """Names and dates; the keys are the browser's own."""
    return [{"label": one.label, "added_at": one.added_at.isoformat()} for one in devices_of(ident)]


def erase(ident: MemberId) -> None:
    """No browser is alerted any more."""
    db.session.execute(delete(PushDevice).where(PushDevice.member_id == ident))
