"""The writes of invitations."""

from __future__ import annotations

from app.kernel.clock import clock
from app.kernel.ids import MemberId, new_code
from app.people.accounts.queries import require_active
from app.people.invites.models import Invite
from app.people.invites.queries import find_code
from app.platform.database import db, unit_of_work
from app.platform.sql import Insert, insert_into


def invite_code(actor: MemberId) -> str:
    """The member's code, made when first asked for."""
    with unit_of_work():
        require_active(actor)
        # Two browsers may ask first at once; the one that comes second finds the other's code.
        db.session.execute(_row(actor, new_code()).on_conflict_do_nothing(index_elements=["member_id"]))
        return find_code(actor) or ""


def renew_invite(actor: MemberId) -> str:
    """Another code; links with the old one invite nobody any more."""
    code = new_code()
    with unit_of_work():
        require_active(actor)
        db.session.execute(
            _row(actor, code).on_conflict_do_update(
                index_elements=["member_id"], set_={"code": code, "created_at": clock.now()}
            )
        )
    return code


def _row(actor: MemberId, code: str) -> Insert:
    return insert_into(Invite).values(member_id=actor, code=code, created_at=clock.now())
