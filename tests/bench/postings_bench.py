"""Postings and orders a second: `python -m tests.bench.postings_bench [--many 1000] [--postgres] [--large N]`.

Each is one transaction with its commit. Beside them, in turns in the same run, a plain insert into two tables
through the same session and the same unit of work: what an application without a ledger would write. `hundred
legs` posts a hundred legs in one transaction, per leg. `--large` fills the ledger with so many postings and
measures the first page of a statement, which must not become dearer.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import BigInteger, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app import create_app
from app.kernel.clock import clock
from app.kernel.ids import MemberId, PostingKey, new_id
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.listings.models import Listing
from app.market.orders.service import place_order
from app.market.orders.values import Placing
from app.payments.ledger.models import Account, Posting
from app.payments.ledger.queries import statement_page
from app.payments.ledger.service import transfer_within
from app.payments.ledger.values import AccountKind, AccountRef, Leg, Movement
from app.people.accounts.service import add_member
from app.platform.database import Model, db, unit_of_work
from app.trust.vouches.service import vouch
from tests.support.databases import Kind, fresh_database, settings_for
from tests.support.orders import sell
from tests.support.servers import close_run_directory, open_run_directory

MARK = 0.5
PROVIDER = AccountRef(AccountKind.PROVIDER)


class PlainHead(Model):
    """What is written without a ledger: a row."""

    __tablename__ = "bench_head"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    subject: Mapped[str] = mapped_column(String(60))


class PlainLine(Model):
    """And one that belongs to it."""

    __tablename__ = "bench_line"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    head_id: Mapped[str] = mapped_column(String(26), index=True)
    minor: Mapped[int] = mapped_column(BigInteger)


@dataclass
class People:
    ana: MemberId
    bo: MemberId


def plain(number: int) -> None:
    with unit_of_work():
        head = PlainHead(id=new_id(), subject=f"order:{number}")
        db.session.add(head)
        db.session.flush()
        db.session.add(PlainLine(id=new_id(), head_id=head.id, minor=number))


def legs(owner: MemberId, many: int) -> list[Leg]:
    one = Leg(
        debit=PROVIDER,
        credit=AccountRef(AccountKind.ESCROW, owner),
        money=Money(1, "EUR"),
        kind=Movement.PAYMENT,
        subject=Subject("order", "bench"),
    )
    return [one] * many


def in_turns(tasks: dict[str, Callable[[int], None]], many: int) -> dict[str, float]:
    """How many a second of each, the median of ten portions: the machine is as busy for one as for the other."""
    took: dict[str, list[float]] = {name: [] for name in tasks}
    number = 0
    for task in tasks.values():
        task(-1)
    for _portion in range(10):
        for name, task in tasks.items():
            begun = time.perf_counter()
            for _ in range(many // 10):
                task(number)
                number += 1
            took[name].append((time.perf_counter() - begun) / (many // 10))
    return {name: 1 / statistics.median(times) for name, times in took.items()}


def measure(app: Flask, many: int) -> bool:
    with app.app_context():
        db.metadata.create_all(db.engine, tables=[PlainHead.__table__, PlainLine.__table__])  # type: ignore[list-item] # Tables
        people = People(add_member("ana", name="Ana"), add_member("bo", name="Bo"))
        vouch(people.bo, people.ana, "trust_fully")
        vouch(people.ana, people.bo, "trust_fully")
        lamps = copies(sell(people.bo), many + 2)
        found = in_turns(
            {
                "plain two tables": plain,
                "posting": lambda number: (transfer_within(legs(people.ana, 1), PostingKey(f"one {number}")), None)[1],
                "hundred legs": lambda number: (
                    transfer_within(legs(people.ana, 100), PostingKey(f"many {number}")),
                    None,
                )[1],
                "order": lambda _number: (
                    place_order(people.ana, Placing(buyer_id=people.ana, subject=Subject("listing", lamps.pop()))),
                    None,
                )[1],
            },
            many,
        )
    found["hundred legs"] *= 100
    base = found["plain two tables"]
    for name, rate in found.items():
        print(f"{name:<18} {rate:>9.0f}/s   {rate / base:.2f} of plain")  # noqa: T201 - a bench says what it measured
    return found["posting"] / base >= MARK


def copies(listing: str, many: int) -> list[str]:
    table = Listing.__table__
    row = dict(db.session.execute(select(table).where(table.c.id == listing)).mappings().one())
    ids = [new_id() for _ in range(many)]
    with unit_of_work():
        db.session.execute(insert(Listing), [{**row, "id": one} for one in ids])
    return ids


def large(app: Flask, many: int) -> None:
    """A ledger of so many postings: how long the first page, one in the middle and a narrow period take."""
    with app.app_context():
        cleo = add_member("cleo", name="Cleo")
        transfer_within(legs(cleo, 1), PostingKey("first of many"))
        row = dict(db.session.execute(select(Posting.__table__).order_by(Posting.id.desc()).limit(1)).mappings().one())
        row.pop("id")
        begin = clock.now()
        for start in range(0, many, 20_000):
            rows = [
                {**row, "key": f"filled {one}", "at": begin + timedelta(seconds=one)}
                for one in range(start, min(many, start + 20_000))
            ]
            with unit_of_work():
                db.session.execute(insert(Posting), rows)
        print(f"{many} postings, {db.session.query(Account).count()} accounts")  # noqa: T201 - a bench says what it measured
        middle = begin + timedelta(seconds=many // 2)
        for name, how in {
            "first page": {},
            "from the middle": {"before": middle},
            "one hour": {"since": middle, "before": middle + timedelta(hours=1)},
        }.items():
            times = []
            for _ in range(20):
                db.session.rollback()
                begun = time.perf_counter()
                assert len(statement_page(cleo, "EUR", limit=30, **how).items) == 30
                times.append((time.perf_counter() - begun) * 1000)
            print(f"{name:<18} {statistics.median(times):.2f} ms")  # noqa: T201 - a bench says what it measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=1000)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--large", type=int, default=0)
    asked = parser.parse_args()
    kind: Kind = "postgres" if asked.postgres else "sqlite"
    open_run_directory()
    try:
        with tempfile.TemporaryDirectory() as folder, fresh_database(kind, Path(folder)) as address:
            app = create_app(settings_for(address, Path(folder)))
            good = measure(app, asked.many)
            if asked.large:
                large(app, asked.large)
    finally:
        close_run_directory()
    raise SystemExit(0 if good else f"a posting is below {MARK} of a plain insert")


if __name__ == "__main__":
    main()
