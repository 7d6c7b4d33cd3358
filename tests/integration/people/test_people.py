"""Faces, invitations, blocks and leaving."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import event, func, select

from app.kernel.errors import Forbidden, Invalid, NotFound
from app.people.accounts import service as accounts
from app.people.blocks import queries as blocks_of
from app.people.blocks import service as blocks
from app.people.data_requests.queries import export_member
from app.people.data_requests.service import erase_member
from app.people.invites import queries as invites_of
from app.people.invites import service as invites
from app.people.profiles import queries, service
from app.platform.database import EventRow, db
from app.platform.files import photo_path
from tests.support.people import MemberFactory


def picture() -> BytesIO:
    stream = BytesIO()
    Image.new("RGB", (200, 160), "teal").save(stream, "PNG")
    stream.seek(0)
    return stream


def test_cards_cost_one_statement(app: Flask, member: MemberFactory) -> None:
    ids = [member(f"p{number}_") for number in range(5)]
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    found = queries.cards([*ids, ids[0], 999_999])
    assert list(found) == sorted(ids)
    assert found[ids[1]].hue == ids[1] % 12
    assert len([one for one in statements if one.startswith("SELECT")]) == 1
    assert queries.cards([]) == {}


def test_a_profile_is_edited(member: MemberFactory) -> None:
    ident = member("ana")
    service.edit_profile(ident, name="Ana  O.", bio="I\u202e knit.\n\n\n\nAnd swim.", place="Porto", discreet=True)
    found = queries.profile(ident)
    assert (found.card.name, found.bio, found.place) == ("Ana O.", "I knit.\n\nAnd swim.", "Porto")
    assert found.card.discreet
    with pytest.raises(Invalid):
        service.edit_profile(ident, name=" ", bio="", place="", discreet=False)
    with pytest.raises(Invalid):
        service.edit_profile(ident, name="Ana", bio="x" * 1001, place="", discreet=False)


def test_a_new_picture_takes_the_place_of_the_old(member: MemberFactory) -> None:
    ident = member("ana")
    service.set_avatar(ident, picture())
    first = queries.cards([ident])[ident].avatar_url
    assert first is not None
    service.set_avatar(ident, picture())
    second = queries.cards([ident])[ident].avatar_url
    assert second not in {None, first}
    assert not photo_path(first.split("/")[2], "thumb").exists()
    with pytest.raises(Invalid):
        service.set_avatar(ident, BytesIO(b"no picture at all"))
    assert queries.cards([ident])[ident].avatar_url == second
    service.remove_avatar(ident)
    assert queries.cards([ident])[ident].avatar_url is None


def test_an_invitation(member: MemberFactory) -> None:
    ana = member("ana")
    code = invites.invite_code(ana)
    assert invites.invite_code(ana) == code
    assert invites_of.find_inviter_id(code.upper()) == ana
    fresh = invites.renew_invite(ana)
    assert invites_of.find_inviter_id(code) is None
    assert invites_of.find_inviter_id(fresh) == ana
    assert invites_of.find_inviter_id("") is None
    accounts.suspend(member("mo", role="moderator"), ana)
    assert invites_of.find_inviter_id(fresh) is None, "a suspended member invites nobody"
    with pytest.raises(Forbidden):
        invites.renew_invite(ana)


def test_a_block_counts_both_ways_and_belongs_to_one(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    blocks.block(ana, bo)
    assert blocks_of.is_blocked_between(ana, bo)
    assert blocks_of.is_blocked_between(bo, ana)
    assert blocks_of.out_of_touch(bo) == {ana}
    assert blocks_of.blocked_by(bo) == []
    blocks.unblock(bo, ana)
    assert blocks_of.is_blocked_between(ana, bo), "only who made it ends it"
    blocks.unblock(ana, bo)
    blocks.unblock(ana, bo)
    assert not blocks_of.is_blocked_between(ana, bo)
    names = db.session.scalars(select(EventRow.name).where(EventRow.name.in_(["MemberBlocked", "MemberUnblocked"])))
    assert sorted(names) == ["MemberBlocked", "MemberUnblocked"]
    with pytest.raises(Invalid):
        blocks.block(ana, ana)
    with pytest.raises(NotFound):
        blocks.block(ana, 999_999)


def test_leaving(member: MemberFactory) -> None:
    ana, bo = member("ana", bio="I knit."), member("bo")
    service.set_avatar(ana, picture())
    avatar = queries.cards([ana])[ana].avatar_url
    assert avatar is not None
    blocks.block(ana, bo)
    code = invites.invite_code(ana)
    mine = export_member(ana)
    assert mine["accounts"]["bio"] == "I knit."
    assert mine["blocks"] == ["bo"]
    assert mine["invites"] == {"code": code}
    with pytest.raises(Invalid):
        erase_member(ana, "bo")
    with pytest.raises(Invalid):
        erase_member(ana, "")
    erase_member(ana, "@Ana")
    with pytest.raises(NotFound):
        queries.profile(ana)
    assert invites_of.find_inviter_id(code) is None
    assert not blocks_of.is_blocked_between(ana, bo)
    assert not photo_path(avatar.split("/")[2], "thumb").exists()
    assert db.session.scalar(select(func.count()).where(EventRow.name == "MemberErased")) == 1
