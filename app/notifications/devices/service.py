"""The writes of devices."""

from __future__ import annotations

import hashlib
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from app.kernel.clock import clock
from app.kernel.errors import Invalid
from app.kernel.ids import MemberId, new_id
from app.notifications.devices.models import PushDevice
from app.notifications.devices.rules import MAX_ENDPOINT_LENGTH, keys_fit, label_of
from app.people.accounts.queries import require_active
from app.platform.database import db, unit_of_work
from app.platform.limits import check_rate
from app.platform.sql import insert_into
from app.platform.web_push import check_endpoint

MAX_DEVICES: Final = 20


def digest_of(endpoint: str) -> str:
    """How an address is looked up."""
    return hashlib.sha256(endpoint.encode()).hexdigest()


def add_device(
    actor: MemberId, endpoint: str, p256dh: str, auth: str, user_agent: str = "", *, session: str | None = None
) -> str:
    """Alert the member on this browser from now on; the same browser again is the same device."""
    if not 0 < len(endpoint) <= MAX_ENDPOINT_LENGTH:
        raise Invalid("This isn’t the address of a push service.", code="bad_endpoint")
    check_endpoint(endpoint)
    if not keys_fit(p256dh, auth):
        raise Invalid("The browser’s push keys are invalid.", code="bad_keys")
    check_rate(f"push-device:{actor}", "30/hour")
    row = {
        "id": new_id(),
        "member_id": actor,
        "endpoint": endpoint,
        "endpoint_digest": digest_of(endpoint),
        "p256dh": p256dh,
        "auth": auth,
        "session": session,
        "label": label_of(user_agent) or _("Unknown browser"),
        "created_at": clock.now(),
    }
    insert = insert_into(PushDevice).values(row)
    # Whoever is signed in on a shared browser now is who shall be alerted there.
    news = {name: insert.excluded[name] for name in ("member_id", "p256dh", "auth", "label", "session")}
    with unit_of_work():
        require_active(actor)
        made = insert.on_conflict_do_update(index_elements=["endpoint_digest"], set_=news)
        ident = str(db.session.execute(made.returning(PushDevice.id)).scalar_one())
        mine = select(PushDevice.id).where(PushDevice.member_id == actor)
        kept = mine.order_by(PushDevice.id.desc()).limit(MAX_DEVICES)
        old = set(db.session.scalars(mine)) - set(db.session.scalars(kept)) - {ident}
        if old:
            db.session.execute(delete(PushDevice).where(PushDevice.id.in_(old)))
    return ident


def remove_device(actor: MemberId, ident: str) -> None:
    """No alerts there any more; one that is gone already stays gone."""
    with unit_of_work():
        db.session.execute(delete(PushDevice).where(PushDevice.id == ident, PushDevice.member_id == actor))


def remove_endpoint(actor: MemberId, endpoint: str) -> None:
    """Remove the device by its endpoint, as the browser itself asks."""
    with unit_of_work():
        db.session.execute(
            delete(PushDevice).where(PushDevice.endpoint_digest == digest_of(endpoint), PushDevice.member_id == actor)
        )


def forget_device(ident: str) -> None:
    """The push service says that the browser has gone."""
    with unit_of_work():
        db.session.execute(delete(PushDevice).where(PushDevice.id == ident))


def note_told(ident: str) -> None:
    """It was reached a moment ago."""
    with unit_of_work():
        db.session.execute(update(PushDevice).where(PushDevice.id == ident).values(told_at=clock.now()))
