"""What invitations keep of a person."""

from __future__ import annotations

from sqlalchemy import delete

from app.kernel.ids import MemberId
from app.people.invites.models import Invite
from app.people.invites.queries import find_code
from app.platform.database import db

NAME = "invites"


def export(ident: MemberId) -> dict[str, str | None]:
    """The code of the member's link."""
    return {"code": find_code(ident)}


def erase(ident: MemberId) -> None:
    """The link invites nobody any more."""
    db.session.execute(delete(Invite).where(Invite.member_id == ident))
