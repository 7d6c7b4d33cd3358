"""What the feed knows of a person."""

from __future__ import annotations

from sqlalchemy import delete, select

from app.discovery.feed.models import FeedChoice, FeedPreference
from app.discovery.feed.values import Choice
from app.kernel.ids import MemberId
from app.platform.database import db

NAME = "feed"


def export(ident: MemberId) -> dict[str, object]:
    """Settings and choices."""
    setting = db.session.get(FeedPreference, ident)
    chosen = db.session.execute(
        select(FeedChoice.choice, FeedChoice.target, FeedChoice.created_at)
        .where(FeedChoice.member_id == ident)
        .order_by(FeedChoice.created_at)
    )
    return {
        "mode": setting.mode if setting else None,
        "personal": setting.personal if setting else True,
        "topics": list(setting.topics) if setting else [],
        "choices": [{"choice": row.choice, "target": row.target, "at": row.created_at.isoformat()} for row in chosen],
    }


def erase(ident: MemberId) -> None:
    """Nothing stays, nor does anybody's wish to hear less of the member."""
    db.session.execute(delete(FeedPreference).where(FeedPreference.member_id == ident))
    db.session.execute(
        delete(FeedChoice).where(
            (FeedChoice.member_id == ident) | ((FeedChoice.choice == Choice.TASTE) & (FeedChoice.target == str(ident)))
        )
    )
