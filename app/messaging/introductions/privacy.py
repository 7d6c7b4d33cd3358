"""What introductions keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select

from app.kernel.ids import MemberId
from app.messaging.introductions.models import Introduction, IntroductionHop
from app.platform.database import db

NAME = "introductions"


def export(ident: MemberId) -> dict[str, Any]:
    """What the member has asked for, and the words that they have added for others."""
    asked = select(Introduction).where(Introduction.asker_id == ident).order_by(Introduction.id)
    said = select(IntroductionHop).where(IntroductionHop.member_id == ident, IntroductionHop.at.is_not(None))
    return {
        "asked": [
            {"note": row.note, "state": row.state, "at": row.created_at.isoformat()}
            for row in db.session.scalars(asked)
        ],
        "passed_on": [
            {"state": row.state, "word": row.word, "at": row.at.isoformat() if row.at else None}
            for row in db.session.scalars(said.order_by(IntroductionHop.introduction_id))
        ],
    }


def erase(ident: MemberId) -> None:
    """A request that somebody who is gone has asked, was asked or was to pass on is gone too."""
    theirs = select(IntroductionHop.introduction_id).where(IntroductionHop.member_id == ident)
    db.session.execute(
        delete(Introduction).where(
            or_(Introduction.asker_id == ident, Introduction.target_id == ident, Introduction.id.in_(theirs))
        )
    )
