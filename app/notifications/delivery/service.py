"""The writes of the queue: plan, claim, finish."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update

from app.kernel.clock import clock
from app.kernel.ids import DeliveryId, MemberId, new_id
from app.notifications.active_views.queries import online
from app.notifications.delivery.models import DeliveryRow
from app.notifications.delivery.queries import addresses, claimable
from app.notifications.delivery.rules import GRACE, LEASE, MAX_TRIES, due_at, wait_after
from app.notifications.delivery.values import Batch, State
from app.notifications.devices.queries import device_ids
from app.notifications.inbox.models import NotificationRow
from app.notifications.inbox.values import NotificationView
from app.notifications.kinds.values import Channel, Pace, kind_named
from app.people.accounts.models import Member
from app.people.accounts.queries import require_role
from app.people.accounts.values import OPERATOR
from app.platform import job_queue
from app.platform.database import db, rows_changed, unit_of_work
from app.platform.sql import insert_into

KEEP: Final = timedelta(days=30)
_DIGESTS: Final = (Pace.DAILY.value, Pace.WEEKLY.value)


def me() -> str:
    """Another name for each claim: what was claimed under it is finished under it, by nobody else."""
    return f"{os.getpid()}-{secrets.token_hex(6)}"


def plan(told: Sequence[NotificationView]) -> None:
    """Put into the queue what each of them wants to hear, and how; part of the teller's transaction."""
    if not told:
        return
    members = [one.member_id for one in told]
    mails, devices = addresses(members), device_ids(members)
    here = online(members) if mails or devices else frozenset()
    rows = [
        row
        for one in told
        for row in _rows(one, one.member_id in here, one.member_id in mails, devices.get(one.member_id, ()))
    ]
    if not rows:
        return
    table = DeliveryRow.__table__
    insert = insert_into(DeliveryRow).values(rows)
    news = {name: insert.excluded[name] for name in ("pace", "state", "due_at", "created_at")}
    # NotificationView anew: a delivery that is over begins again, one that still waits stays as it is.
    over = DeliveryRow.state.in_([State.SENT.value, State.DROPPED.value, State.PARKED.value])
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=["key"],
            set_={**news, "tries": 0, "error": None, "done_at": None, "round": table.c.round + 1},
            where=over,
        )
    )


def claim(delivery_id: DeliveryId, owner: str) -> Batch | None:
    """Take it, with what is to be told together with it; None when somebody else was faster.

    The condition stands in the UPDATE itself. The member's row is locked first, so that two workers
    do not make two digests of one.
    """
    now = clock.now()
    with unit_of_work():
        first = db.session.execute(_one(delivery_id)).one_or_none()
        if first is None:
            return None
        db.session.execute(select(Member.id).where(Member.id == first.member_id).with_for_update(key_share=True))
        if db.session.scalar(select(DeliveryRow.id).where(DeliveryRow.id == delivery_id, claimable(now))) is None:
            return None
        digest = first.pace in _DIGESTS
        together = [
            DeliveryRow.member_id == first.member_id,
            DeliveryRow.channel == first.channel,
            DeliveryRow.device_id.is_not_distinct_from(first.device_id),
        ]
        ripe = claimable(now)
        if digest:
            together.append(DeliveryRow.pace.in_(_DIGESTS))
        else:
            line = select(NotificationRow.id).where(
                NotificationRow.member_id == first.member_id, NotificationRow.fold == first.fold
            )
            together += [DeliveryRow.pace == Pace.NOW.value, DeliveryRow.notification_id.in_(line)]
            # Those of the same line that would come within a moment come along.
            ripe = claimable(now + GRACE)
        taken = list(
            db.session.execute(
                update(DeliveryRow)
                .where(*together, ripe)
                .values(
                    state=State.CLAIMED.value,
                    owner=owner,
                    lease_until=now + LEASE,
                    tries=DeliveryRow.tries + 1,
                )
                .returning(DeliveryRow.id, DeliveryRow.notification_id, DeliveryRow.tries)
                .execution_options(synchronize_session=False)
            )
        )
    if not taken:
        return None
    return Batch(
        ids=tuple(row.id for row in taken),
        notification_ids=tuple(row.notification_id for row in taken),
        member_id=first.member_id,
        channel=first.channel,
        device_id=first.device_id,
        digest=digest,
        tries=max(row.tries for row in taken),
        round=first.round,
    )


def finish(batch: Batch, owner: str, state: State, error: str | None = None) -> None:
    """Say what came of a claim; a claim that was lost meanwhile says nothing any more."""
    _end(batch, owner, state=state.value, error=error, done_at=clock.now())


def try_later(batch: Batch, owner: str, error: str) -> bool:
    """Back into the queue after a failure; given up after too many. Answers whether it goes on."""
    if batch.tries >= MAX_TRIES:
        finish(batch, owner, State.PARKED, error)
        return False
    _end(batch, owner, state=State.WAITING.value, error=error, due_at=clock.now() + wait_after(batch.tries))
    return True


def try_again(actor: MemberId, delivery_id: DeliveryId) -> bool:
    """The operator has mended what was broken."""
    with unit_of_work():
        require_role(actor, OPERATOR)
        done = db.session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery_id, DeliveryRow.state == State.PARKED.value)
            .values(state=State.WAITING.value, due_at=clock.now(), tries=0, done_at=None)
        )
    return rows_changed(done) > 0


def give_up(actor: MemberId, delivery_id: DeliveryId) -> None:
    """The operator does not want to see it any more."""
    with unit_of_work():
        require_role(actor, OPERATOR)
        db.session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery_id, DeliveryRow.state == State.PARKED.value)
            .values(state=State.DROPPED.value)
        )


def try_job_again(actor: MemberId, ident: str) -> bool:
    """Try a job again that was given up: mail of accounts and other work."""
    with unit_of_work():
        require_role(actor, OPERATOR)
        return job_queue.again(ident)


def drop_job(actor: MemberId, ident: str) -> None:
    """Nobody needs it any more."""
    with unit_of_work():
        require_role(actor, OPERATOR)
        job_queue.drop(ident)


def drop_waiting() -> None:
    """What was told until now stays on the page and goes out to nobody: for a community made up in a minute."""
    with unit_of_work():
        db.session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.state == State.WAITING.value)
            .values(state=State.DROPPED.value, done_at=clock.now())
        )


def sweep() -> None:
    """What is over for a month."""
    over = [State.SENT.value, State.DROPPED.value]
    with unit_of_work():
        db.session.execute(
            delete(DeliveryRow).where(DeliveryRow.state.in_(over), DeliveryRow.created_at < clock.now() - KEEP)
        )


def _rows(one: NotificationView, here: bool, has_mail: bool, devices: Iterable[str]) -> Iterator[dict[str, Any]]:
    ways: list[tuple[Channel, str | None]] = [(Channel.PUSH, device) for device in devices]
    if has_mail:
        ways.append((Channel.EMAIL, None))
    now = clock.now()
    for channel, device in ways:
        pace = one.wishes.pace(one.kind, channel)
        if pace is Pace.OFF:
            continue
        fixed = kind_named(one.kind).fixed
        yield {
            "id": new_id(),
            "key": f"{one.id}:{channel.value}:{device or ''}",
            "notification_id": one.id,
            "member_id": one.member_id,
            "device_id": device,
            "channel": channel.value,
            "pace": pace.value,
            "state": State.WAITING.value,
            "due_at": due_at(now, pace, one.wishes.day, fixed=fixed, online=here),
            "tries": 0,
            "round": 1,
            "created_at": now,
        }


def _one(delivery_id: DeliveryId) -> Any:
    row = DeliveryRow
    columns = (row.id, row.member_id, row.channel, row.device_id, row.pace, row.round, NotificationRow.fold)
    joined = select(*columns).join(NotificationRow, NotificationRow.id == row.notification_id)
    return joined.where(row.id == delivery_id)


def _end(batch: Batch, owner: str, **values: Any) -> None:
    with unit_of_work():
        db.session.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.id.in_(batch.ids),
                DeliveryRow.owner == owner,
                DeliveryRow.state == State.CLAIMED.value,
            )
            .values(owner=None, lease_until=None, **values)
            .execution_options(synchronize_session=False)
        )
