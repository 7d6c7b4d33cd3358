"""Accounts on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.clock import Clock, clock
from app.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from app.people.accounts import queries, service
from app.people.accounts.models import ApiToken, Member, SigninLink
from app.platform.database import EventRow, db
from tests.support.people import MemberFactory


def events(name: str) -> list[dict[str, object]]:
    return list(db.session.scalars(select(EventRow.payload).where(EventRow.name == name)))


def test_a_new_member(app: Flask) -> None:
    ident = service.add_member("@Ana", name=" Ana  Oliveira ", email="Ana@Example.ORG", password="a secret here")
    member = queries.get_member(ident)
    assert (member.handle, member.name, member.email) == ("ana", "Ana Oliveira", "ana@example.org")
    assert member.password is not None
    assert member.password.startswith("$argon2")
    assert events("MemberJoined") == [{"member_id": ident, "inviter_id": None}]


def test_a_member_needs_no_address(app: Flask) -> None:
    first, second = service.add_member("ana"), service.add_member("bo")
    assert queries.get_member(first).email is None
    assert queries.get_member(second).email is None


@pytest.mark.databases("sqlite")  # refused before any is asked
@pytest.mark.parametrize("handle", ["a", "u12", "admin", "ana maria"])
def test_handles_that_nobody_gets(app: Flask, handle: str) -> None:
    with pytest.raises(Invalid) as refusal:
        service.add_member(handle)
    assert refusal.value.error_code == "bad_handle"


@pytest.mark.databases("sqlite")  # refused before any is asked
@pytest.mark.parametrize("password", ["short", "x" * 129])
def test_passwords_have_bounds(app: Flask, password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        service.add_member("ana", password=password)
    assert refusal.value.error_code == "bad_password"


def test_handle_and_address_are_given_once(app: Flask) -> None:
    service.add_member("ana", email="ana@example.org")
    with pytest.raises(Conflict) as refusal:
        service.add_member("ANA")
    assert refusal.value.error_code == "handle_taken"
    with pytest.raises(Conflict) as refusal:
        service.add_member("bo", email="ANA@example.org")
    assert refusal.value.error_code == "email_taken"
    assert len(events("MemberJoined")) == 1


def test_roles(member: MemberFactory) -> None:
    plain, mo, op = member("ana"), member("mo", role="moderator"), member("op", role="operator")
    assert queries.roles_of(plain) == {"member"}
    assert queries.has_role(mo, "moderator")
    assert queries.has_role(op, "moderator"), "an operator may do what a moderator may"
    assert not queries.has_role(op, "merchant")
    with pytest.raises(Forbidden):
        queries.require_role(plain, "moderator")
    service.grant_role(plain, "merchant")
    service.grant_role(plain, "merchant")
    assert queries.roles_of(plain) == {"member", "merchant"}
    with pytest.raises(Invalid):
        service.add_member("bo", role="king")


def test_a_token_is_kept_only_as_its_hash(member: MemberFactory) -> None:
    ident = member("ana", role="moderator")
    token = service.issue_token(ident)
    caller = queries.caller_of(token)
    assert caller is not None
    assert (caller.id, caller.handle, sorted(caller.roles)) == (ident, "ana", ["member", "moderator"])
    assert token not in str(list(db.session.scalars(select(ApiToken.digest))))
    assert queries.caller_of(token + "x") is None
    assert queries.caller_of("") is None
    assert service.revoke_tokens(ident) == 1
    assert service.revoke_tokens(ident) == 0
    assert queries.caller_of(token) is None
    assert len(events("TokensRevoked")) == 1


def test_a_sign_in_link_works_once(member: MemberFactory) -> None:
    ident = member("ana")
    code = service.signin_link(ident).removeprefix("/signin/")
    assert queries.peek_signin_link(code) == ident
    assert queries.peek_signin_link(code) == ident, "looking does not use it up"
    assert service.use_signin_link(code) == ident
    with pytest.raises(NotFound):
        service.use_signin_link(code)


def test_a_sign_in_link_grows_old(member: MemberFactory, fixed_clock: Clock) -> None:
    ident = member("ana")
    code = service.signin_link(ident).removeprefix("/signin/")
    fixed_clock.advance(timedelta(hours=25))
    assert queries.peek_signin_link(code) is None
    with pytest.raises(NotFound):
        service.use_signin_link(code)
    service.signin_link(ident)
    assert len(list(db.session.scalars(select(SigninLink)))) == 1, "old ones are swept"


def test_a_suspended_member_is_out(member: MemberFactory) -> None:
    mo, ident = member("mo", role="moderator"), member("bo")
    token, link = service.issue_token(ident), service.signin_link(ident)
    session = queries.get_member(ident).fs_uniquifier
    assert queries.viewer_of(session) is not None
    service.suspend(mo, ident)
    assert queries.viewer_of(session) is None
    assert queries.viewer_of(queries.get_member(ident).fs_uniquifier) is None
    assert queries.caller_of(token) is None
    assert queries.viewer_with_id(ident) is None
    with pytest.raises(DomainError):
        service.use_signin_link(link.removeprefix("/signin/"))
    with pytest.raises(Forbidden):
        queries.require_active(ident)
    with pytest.raises(Forbidden):
        service.issue_token(ident)
    service.reinstate(mo, ident)
    assert queries.is_active(ident)
    assert queries.viewer_of(session) is None, "old sessions stay ended"
    assert events("MemberSuspended") == events("MemberReinstated") == [{"member_id": ident}]


def test_a_suspension_may_end_by_itself(member: MemberFactory, fixed_clock: Clock) -> None:
    mo, ident = member("mo", role="moderator"), member("bo")
    service.suspend(mo, ident, until=clock.now() + timedelta(days=3))
    assert not queries.is_active(ident)
    fixed_clock.advance(timedelta(days=4))
    assert queries.is_active(ident)


def test_staff_is_suspended_by_operators_only(member: MemberFactory) -> None:
    mo, other, op = member("mo", role="moderator"), member("mia", role="moderator"), member("op", role="operator")
    plain = member("ana")
    for actor, target in [(mo, other), (mo, op), (plain, mo), (mo, mo), (op, op)]:
        with pytest.raises(DomainError):
            service.suspend(actor, target)
    service.suspend(op, mo)
    assert not queries.is_active(mo)


def test_an_erased_account_names_nobody(member: MemberFactory) -> None:
    ident = member("ana", name="Ana Oliveira", role="merchant", bio="I knit.", place="Porto")
    token = service.issue_token(ident)
    service.erase_account(ident)
    row = db.session.execute(select(Member.__table__).where(Member.id == ident)).one()
    assert not any("ana" in str(value).lower() or "Porto" in str(value) for value in row)
    assert queries.caller_of(token) is None
    assert queries.roles_of(ident) == {"member"}
    assert service.add_member("ana") != ident, "the handle is free again"
    assert events("MemberErased") == [{"member_id": ident}]
