"""Reads of invitations."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.ids import MemberId
from app.people.accounts.queries import is_active
from app.people.invites.models import Invite
from app.platform.database import db


def find_inviter_id(code: str) -> MemberId | None:
    """Who invites by this code; None when it is unknown or the member is suspended."""
    code = code.strip().lower()
    if not code:
        return None
    found = db.session.scalar(select(Invite.member_id).where(Invite.code == code))
    return found if found is not None and is_active(found) else None


def find_code(member_id: MemberId) -> str | None:
    """The member's present code."""
    return db.session.scalar(select(Invite.code).where(Invite.member_id == member_id))
