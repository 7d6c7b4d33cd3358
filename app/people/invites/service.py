"""The writes of invitations."""

from __future__ import annotations

from app.kernel.clock import clock
from app.kernel.ids import new_code
from app.people.accounts.queries import require_active
from app.people.invites.models import Invite
from app.platform.database import db, unit_of_work


def invite_code(actor: int) -> str:
    """The member's code, made when first asked for."""
    with unit_of_work():
        require_active(actor)
        invite = db.session.get(Invite, actor)
        if invite is None:
            invite = Invite(member_id=actor, code=new_code(), created_at=clock.now())
            db.session.add(invite)
        return invite.code


def renew_invite(actor: int) -> str:
    """Another code; links with the old one invite nobody any more."""
    with unit_of_work():
        require_active(actor)
        code = new_code()
        db.session.merge(Invite(member_id=actor, code=code, created_at=clock.now()))
        return code
