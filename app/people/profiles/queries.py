"""Reads of members' public faces, as Core rows: lists ask for many at once."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.people.accounts.models import Member
from app.people.profiles.values import MemberCard, hue_of
from app.platform.database import db

_CHUNK = 5000


def avatar_url(avatar_id: str | None) -> str | None:
    """Where the small picture is, if there is one."""
    return f"/media/{avatar_id}/thumb.webp" if avatar_id else None


def cards(ids: Iterable[int]) -> dict[int, MemberCard]:
    """The cards of these members, in one statement; unknown ids are left out."""
    wanted = sorted(set(ids))
    found: dict[int, MemberCard] = {}
    # Databases bound how many parameters one statement takes; pages never come near it.
    for start in range(0, len(wanted), _CHUNK):
        query = select(
            Member.id, Member.handle, Member.name, Member.avatar_id, Member.discreet
        ).where(Member.id.in_(wanted[start : start + _CHUNK]))
        for row in db.session.execute(query):
            found[row.id] = MemberCard(
                id=row.id,
                handle=row.handle,
                name=row.name,
                avatar_url=avatar_url(row.avatar_id),
                hue=hue_of(row.id),
                discreet=row.discreet,
            )
    return found
