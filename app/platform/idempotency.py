"""Does once what is sent twice: forms carry a number, calls of the API an `Idempotency-Key`.

The number is claimed in the very transaction that makes the thing, so two at once cannot both make
it: the second waits for the first, finds the number taken and gets the first one's answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from flask import g
from sqlalchemy import BigInteger, String, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.platform.database import LETS_IN, BigId, Json, Model, UnitOfWork, UtcDateTime, db, unit_of_work
from app.platform.jobs import periodic
from app.platform.sql import insert_or_ignore

NOBODY: Final = MemberId(0)  # whoever is not signed in
API_LIFE: Final = timedelta(hours=24)
FORM_LIFE: Final = timedelta(days=7)  # a page may be open for long, or come back by the browser's Back
MAX_KEY_LENGTH: Final = 255


class OnceKey(Model):
    """A number that was used, and what the first who used it was answered."""

    __tablename__ = "once_key"
    __table_args__ = (UniqueConstraint("member_id", "key"), {"info": {LETS_IN: True}})

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    member_id: Mapped[MemberId] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(String(MAX_KEY_LENGTH))
    digest: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any] | None] = mapped_column(Json)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


@dataclass(slots=True)
class Once:
    """The number of the request under way; `done` when what it was sent for is committed."""

    member_id: MemberId
    key: str
    digest: str
    life: timedelta
    unit: UnitOfWork | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class Used:
    """A number that was used before; the answer is None while the first is still under way."""

    digest: str
    answer: dict[str, Any] | None


class AlreadySent(Exception):
    """Another request with the same number has made the thing."""


def find_used(member_id: MemberId, key: str) -> Used | None:
    """What is known of the number, None when nobody has used it."""
    found = db.session.execute(
        select(OnceKey.digest, OnceKey.answer).where(
            OnceKey.member_id == member_id, OnceKey.key == key, OnceKey.until > clock.now()
        )
    ).one_or_none()
    return Used(found.digest, found.answer) if found else None


def begin(once: Once) -> None:
    """From now on the first write of this request claims the number."""
    g.kin_once = once


def under_way() -> Once | None:
    found: Once | None = g.get("kin_once")
    return found


@contextmanager
def aside() -> Iterator[None]:
    """For writes that only prepare, such as keeping uploaded photos: they don't use the number up."""
    once = g.pop("kin_once", None)
    try:
        yield
    finally:
        if once is not None:
            g.kin_once = once


def spend() -> None:
    """Use the number up where all that was written was `aside`: the photos themselves are what was sent."""
    if under_way() is not None:
        with unit_of_work():
            pass  # beginning it claims the number


def claim(unit: UnitOfWork) -> None:
    """At the beginning of a write transaction; raises `AlreadySent` when another one has the number."""
    once = under_way()
    if once is None or once.done:
        return
    now = clock.now()
    db.session.execute(
        delete(OnceKey).where(OnceKey.member_id == once.member_id, OnceKey.key == once.key, OnceKey.until <= now)
    )
    row = {
        "member_id": once.member_id,
        "key": once.key,
        "digest": once.digest,
        "until": now + once.life,
    }
    if not insert_or_ignore(OnceKey, row, keys=["member_id", "key"]):
        raise AlreadySent
    once.unit = unit


def committed(unit: UnitOfWork) -> None:
    """What the number was sent for is there for good."""
    once = under_way()
    if once is not None and once.unit is unit:
        once.done = True


def keep_answer(once: Once, answer: dict[str, Any]) -> None:
    """Whoever sends the number again gets this."""
    with unit_of_work():
        db.session.execute(
            update(OnceKey).where(OnceKey.member_id == once.member_id, OnceKey.key == once.key).values(answer=answer)
        )


def export(_member_id: MemberId) -> dict[str, Any]:
    """Nothing of its own: the things that were made are in the export of their rooms."""
    return {}


def erase(member_id: MemberId) -> None:
    """The kept answers may hold a person's words."""
    with unit_of_work():
        db.session.execute(delete(OnceKey).where(OnceKey.member_id == member_id))


@periodic("forget-once-keys", minutes=60)
def forget_old() -> None:
    with unit_of_work():
        db.session.execute(delete(OnceKey).where(OnceKey.until <= clock.now()))
