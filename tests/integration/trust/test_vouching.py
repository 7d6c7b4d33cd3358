"""Giving vouches and taking them back, on both databases."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.clock import Clock
from app.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from app.people.accounts.models import Member
from app.people.blocks.service import block
from app.platform.database import db, unit_of_work
from app.trust.vouches import privacy
from app.trust.vouches.models import Vouch
from app.trust.vouches.queries import panel, vouch_between
from app.trust.vouches.service import vouch, withdraw
from app.trust.vouches.values import Strength
from tests.support.people import MemberFactory


def test_a_vouch_is_given_changed_and_withdrawn(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "acquainted", "We met at the market.", "bicycles")
    vouch(ana, bo, "trust_fully", "We shared a flat for\u202e years.")
    given = vouch_between(ana, bo)
    assert given is not None
    assert (given.strength, given.weight, given.topic) == (Strength.TRUST_FULLY, 1.0, None)
    assert given.reason == "We shared a flat for years."
    assert vouch_between(bo, ana) is None
    withdraw(ana, bo)
    assert vouch_between(ana, bo) is None
    with pytest.raises(NotFound):
        withdraw(ana, bo)


def test_what_is_refused(member: MemberFactory, fixed_clock: Clock) -> None:
    ana, bo, cem = member("ana"), member("bo"), member("cem")
    now = fixed_clock.now()
    with pytest.raises(Invalid):
        vouch(ana, ana, "trust")
    with pytest.raises(Invalid):
        vouch(ana, bo, "a lot")
    with pytest.raises(Invalid):
        vouch(ana, bo, "trust", reason="x" * 281)
    with pytest.raises(Invalid):
        vouch(ana, bo, "trust", expires_at=now)
    with pytest.raises(NotFound):
        vouch(ana, 10_000, "trust")
    block(cem, ana)
    with pytest.raises(Forbidden):
        vouch(ana, cem, "trust")
    with unit_of_work():
        db.session.get_one(Member, bo).active = False
    with pytest.raises(NotFound):
        vouch(ana, bo, "trust")
    with pytest.raises(Forbidden):
        vouch(bo, ana, "trust")
    assert db.session.scalar(select(Vouch.weight)) is None


def test_an_ended_vouch_is_not_shown(member: MemberFactory, fixed_clock: Clock) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust", expires_at=fixed_clock.now() + timedelta(days=1))
    shown = panel(ana, bo)
    assert shown is not None
    assert shown.mine is not None
    assert shown.received_count == 1
    fixed_clock.advance(timedelta(days=2))
    shown = panel(ana, bo)
    assert shown is not None
    assert shown.mine is None
    assert shown.received_count == 0


def test_a_discreet_member_counts_but_is_not_listed(member: MemberFactory) -> None:
    ana, bo, quiet = member("ana"), member("bo"), member("quiet", discreet=True)
    vouch(quiet, bo, "trust", "a friend")
    for viewer in (None, ana):
        shown = panel(viewer, bo)
        assert shown is not None
        assert (shown.received, shown.received_count) == ((), 1)
    own = panel(quiet, bo)
    assert own is not None
    assert [one.truster.handle for one in own.received] == ["quiet"]
    theirs = panel(ana, quiet)
    assert theirs is not None
    assert theirs.given == ()


def test_parallel_vouches_of_many_for_many_lose_none(app: Flask, member: MemberFactory) -> None:
    ids = [member(f"m{one}") for one in range(8)]
    failed: list[BaseException] = []
    barrier = Barrier(len(ids))

    def work(me: int) -> None:
        barrier.wait()
        with app.app_context():
            for other in ids:
                if other == me:
                    continue
                try:
                    vouch(me, other, "trust")
                    vouch(me, other, "trust_fully")
                except BaseException as problem:  # noqa: BLE001 - shown by the assertion
                    failed.append(problem)
            db.session.remove()

    threads = [Thread(target=work, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    weights = list(db.session.scalars(select(Vouch.weight)))
    assert weights == [1.0] * 56


def test_export_and_erase(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust", "school")
    vouch(bo, ana, "acquainted")
    exported = privacy.export(ana)
    assert [one["handle"] for one in exported["given"]] == ["bo"]
    assert exported["given"][0]["reason"] == "school"
    assert [one["handle"] for one in exported["received"]] == ["bo"]
    with unit_of_work():
        privacy.erase(ana)
    assert list(db.session.scalars(select(Vouch.weight))) == []


def test_refusals_are_domain_errors(member: MemberFactory) -> None:
    ana = member("ana")
    with pytest.raises(DomainError) as refusal:
        vouch(ana, ana, "trust")
    assert refusal.value.error_code == "self_vouch"
