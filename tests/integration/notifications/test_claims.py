"""Several servers look at one queue: nothing goes out twice, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from app.kernel.clock import Clock
from app.kernel.subjects import Subject
from app.notifications.delivery import service
from app.notifications.delivery.models import DeliveryRow
from app.notifications.delivery.queries import due_ids
from app.notifications.delivery.sending import send_due
from app.notifications.delivery.values import State
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import HELPFUL, MESSAGE, Channel, Pace
from app.notifications.preferences.service import choose
from app.platform.database import db, unit_of_work
from tests.support.people import MemberFactory

WORKERS, LETTERS = 6, 12


LOOKED = threading.Barrier(WORKERS)


def naive_claim(ident: str, owner: str) -> bool:
    """Looks, and then takes: what the harness must catch."""
    row = db.session.execute(select(DeliveryRow.state).where(DeliveryRow.id == ident)).one()
    db.session.rollback()
    # All have looked before the first one takes, however busy the machine is.
    LOOKED.wait(30)
    if row.state != State.WAITING:
        return False
    with unit_of_work():
        db.session.execute(
            update(DeliveryRow).where(DeliveryRow.id == ident).values(state=State.CLAIMED.value, owner=owner)
        )
    return True


def race(app: Flask, take: Callable[[str, str], object]) -> int:
    """How often something was taken, when all workers go for the same letters together."""
    ids = due_ids(100)
    db.session.rollback()
    taken: list[str] = []
    start = threading.Barrier(WORKERS)

    def work(number: int) -> None:
        with app.app_context():
            for ident in ids:
                start.wait(30)
                if take(ident, f"worker-{number}"):
                    taken.append(ident)
            db.session.remove()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return len(taken)


def letters(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    for number in range(LETTERS):
        notify(bo, MESSAGE, Subject("conversation", f"c{number}"), actor_id=ana)


def test_each_letter_is_taken_once(app: Flask, member: MemberFactory) -> None:
    letters(member)
    assert race(app, service.claim) == LETTERS


def test_the_race_is_a_real_one(app: Flask, member: MemberFactory) -> None:
    letters(member)
    assert race(app, naive_claim) > LETTERS


def test_a_digest_is_made_once(app: Flask, member: MemberFactory, fixed_clock: Clock) -> None:
    ana, bo = member("ana"), member("bo")
    choose(bo, {(HELPFUL, Channel.EMAIL): Pace.DAILY})
    for number in range(LETTERS):
        notify(bo, HELPFUL, Subject("recommendation", f"r{number}"), actor_id=ana)
    fixed_clock.advance(timedelta(days=1))
    assert race(app, service.claim) == 1


def test_a_worker_that_died_leaves_its_letter_to_others(app: Flask, member: MemberFactory, fixed_clock: Clock) -> None:
    ana, bo = member("ana"), member("bo")
    notify(bo, MESSAGE, Subject("conversation", "c1"), actor_id=ana)
    (ident,) = due_ids(10)
    lost = service.claim(ident, "dead")
    assert lost is not None
    assert send_due() == 0
    fixed_clock.advance(timedelta(minutes=4))
    assert send_due() == 1
    # It comes back from the dead and has nothing to say any more.
    service.finish(lost, "dead", State.PARKED, "too late")
    assert db.session.scalar(select(DeliveryRow.state)) == State.SENT
