"""What is kept of a person's wishes about others."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select

from app.discovery.people_suggestions.models import MutedMember, PutOffMember, SuggestionWish
from app.kernel.ids import MemberId
from app.people.accounts.models import Member
from app.platform.database import db

NAME = "meeting"


def export(ident: MemberId) -> dict[str, Any]:
    """Whom the member muted or put off, and the wish to be suggested; not who muted the member."""
    muted = select(Member.handle).join(MutedMember, MutedMember.muted_id == Member.id)
    put_off = select(Member.handle).join(PutOffMember, PutOffMember.other_id == Member.id)
    wish = db.session.get(SuggestionWish, ident)
    return {
        "muted": list(db.session.scalars(muted.where(MutedMember.member_id == ident))),
        "not_now": list(db.session.scalars(put_off.where(PutOffMember.member_id == ident))),
        "may_be_suggested": wish.allowed if wish else None,
    }


def erase(ident: MemberId) -> None:
    """In both directions."""
    db.session.execute(delete(MutedMember).where(or_(MutedMember.member_id == ident, MutedMember.muted_id == ident)))
    db.session.execute(delete(PutOffMember).where(or_(PutOffMember.member_id == ident, PutOffMember.other_id == ident)))
    db.session.execute(delete(SuggestionWish).where(SuggestionWish.member_id == ident))
