"""What may happen once happens once, however many ask at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from app.kernel.errors import DomainError
from app.people.accounts import queries, service
from app.people.accounts.models import Member, Role
from app.people.blocks import service as blocks
from app.people.blocks.models import Block
from app.people.invites import service as invites
from app.platform.database import EventRow, db
from tests.support.people import MemberFactory

CROWD = 12
Task = Callable[[int], object]


def at_once(app: Flask, task: Task) -> list[object]:
    """Runs the task in as many threads, which start together; a refusal is answered as its code."""
    gate = threading.Barrier(CROWD)

    def run(number: int) -> object:
        with app.app_context():
            gate.wait(timeout=30)
            try:
                return task(number)
            except DomainError as refusal:
                return refusal.error_code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(CROWD) as pool:
        found = list(pool.map(run, range(CROWD)))
    db.session.rollback()
    return found


def count(table: type[db.Model], *where: object) -> int:  # type: ignore[name-defined] # no stubs
    return db.session.scalar(select(func.count()).select_from(table).where(*where)) or 0  # type: ignore[arg-type]


def test_a_sign_in_link_signs_in_one(app: Flask, member: MemberFactory) -> None:
    ident = member("ana")
    code = service.signin_link(ident).removeprefix("/signin/")
    found = at_once(app, lambda _n: service.use_signin_link(code))
    assert sorted(map(str, found)) == sorted([str(ident)] + ["link_used"] * (CROWD - 1))


def test_an_address_is_taken_once(app: Flask) -> None:
    found = at_once(app, lambda n: service.add_member(f"ana{n}", email="ana@example.org"))
    assert found.count("email_taken") == CROWD - 1
    assert count(EventRow, EventRow.name == "MemberJoined") == 1


LIKE = ("anab", "_anab", "a_nab", "an_ab", "ana_b", "anab_", "a_na_b")
LOOKED = threading.Barrier(len(LIKE))


def join_after_all_have_looked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Everybody has seen that nobody has such a handle before the first one writes."""

    def look(letters: list[str], **besides: int) -> bool:
        found = queries.is_handle_like(letters, **besides)
        LOOKED.wait(timeout=30)
        return found

    monkeypatch.setattr(service, "is_handle_like", look)

    def join(number: int) -> object:
        return service.add_member(LIKE[number], chosen=True) if number < len(LIKE) else "no more"

    return [one for one in at_once(app, join) if one != "no more"]


def test_of_handles_that_look_alike_one_is_chosen(app: Flask) -> None:
    found = at_once(app, lambda n: service.add_member(LIKE[n % len(LIKE)], chosen=True))
    assert found.count("handle_taken") == CROWD - 1
    assert count(Member) == 1


@pytest.mark.databases("postgres")  # SQLite lets nobody look while another may write
def test_of_handles_that_look_alike_one_is_chosen_though_none_was_there(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = join_after_all_have_looked(app, monkeypatch)
    assert found.count("handle_taken") == len(LIKE) - 1
    assert count(Member) == 1


@pytest.mark.databases("postgres")
def test_the_race_for_a_handle_is_a_real_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who only looks is one of many."""

    def forget(_mapper: object, _connection: object, newcomer: Member) -> None:
        newcomer.chosen_letters = None

    event.listen(Member, "before_insert", forget)
    try:
        found = join_after_all_have_looked(app, monkeypatch)
    finally:
        event.remove(Member, "before_insert", forget)
    assert found.count("handle_taken") == 0
    assert count(Member) == len(LIKE)


def test_an_erased_handle_may_be_chosen_again(app: Flask) -> None:
    service.erase_account(service.add_member("ana_b", chosen=True))
    assert service.add_member("anab", chosen=True)


def test_the_first_of_a_role_may_be_many(app: Flask) -> None:
    found = at_once(app, lambda n: service.add_member(f"shop{n}", role="merchant"))
    assert all(isinstance(ident, int) for ident in found)
    assert count(Role) == 1
    assert all(queries.has_role(ident, "merchant") for ident in found if isinstance(ident, int))


def test_one_invitation_per_member(app: Flask, member: MemberFactory) -> None:
    ident = member("ana")
    found = at_once(app, lambda _n: invites.invite_code(ident))
    assert len(set(found)) == 1


def test_one_block(app: Flask, member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    at_once(app, lambda _n: blocks.block(ana, bo))
    assert count(Block) == 1
    assert count(EventRow, EventRow.name == "MemberBlocked") == 1


def test_a_password_is_changed_by_the_first(app: Flask, member: MemberFactory) -> None:
    """Two uses of one reset link: the second finds that the password is another already."""
    ident = member("ana")
    before = queries.get_member(ident).fs_uniquifier
    found = at_once(
        app,
        lambda n: service.store_credentials(
            ident, {"password": f"hash {n}", "fs_uniquifier": f"{n:064}"}, {"fs_uniquifier": before}
        ),
    )
    assert found.count("conflict") == CROWD - 1
    assert found.count(None) == 1
    assert queries.get_member(ident).password == f"hash {found.index(None)}"
