"""What accounts keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.kernel.ids import MemberId
from app.people.accounts.models import ApiToken, KnownDevice, MemberSession
from app.people.accounts.queries import get_member, roles_of
from app.platform.database import db

NAME = "accounts"


def export(ident: MemberId) -> dict[str, Any]:
    """The account and its public face."""
    member = get_member(ident)
    sessions = select(MemberSession.created_at).where(MemberSession.member_id == ident)
    tokens = select(ApiToken.created_at).where(ApiToken.member_id == ident)
    devices = select(KnownDevice.seen_at).where(KnownDevice.member_id == ident).order_by(KnownDevice.seen_at)
    return {
        "handle": member.handle,
        "name": member.name,
        "bio": member.bio,
        "place": member.place,
        "email": member.email,
        "unconfirmed_email": member.unconfirmed_email,
        "discreet": member.discreet,
        "roles": sorted(roles_of(ident)),
        "joined_at": member.joined_at.isoformat(),
        "devices_first_seen": [at.isoformat() for at in db.session.scalars(devices)],
        "signed_in_at": [at.isoformat() for at in db.session.scalars(sessions.order_by(MemberSession.created_at))],
        "tokens_made_at": [at.isoformat() for at in db.session.scalars(tokens.order_by(ApiToken.created_at))],
    }


def erase(ident: MemberId) -> None:
    """Nothing to do here: the account is erased last, by `service.erase_account`."""
