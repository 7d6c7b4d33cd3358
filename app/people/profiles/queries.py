"""Reads of members' public faces, as Core rows: lists ask for many at once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Integer, Table, select

from app.kernel.clock import clock
from app.kernel.errors import NotFound
from app.kernel.ids import MemberId, PhotoId
from app.people.accounts.models import Member
from app.people.accounts.queries import roles_of
from app.people.profiles.values import MemberCard, Profile, hue_of
from app.platform.database import db
from app.platform.photo_urls import photo_url
from app.platform.prepared import Prepared
from app.platform.sql import among, listed

_M = cast(Table, Member.__table__).c


def avatar_url(avatar_id: PhotoId | None) -> str | None:
    """Where the small picture is, if there is one."""
    return photo_url(avatar_id, "thumb") if avatar_id else None


def card_of(row: Any, ident: MemberId) -> MemberCard:
    """The card of member `ident` from a row with their handle, name, avatar_id, discreet and certified.

    There is no other way to make one, so that none is without its seal.
    """
    return _card(ident, row.handle, row.name, row.avatar_id, row.discreet, row.certified)


@lru_cache(maxsize=20_000)
def _card(
    ident: MemberId, handle: str, name: str, avatar_id: PhotoId | None, discreet: bool, certified: bool
) -> MemberCard:
    # Kept by all that it says, so none is out of date.
    return MemberCard(
        id=ident,
        handle=handle,
        name=name,
        avatar_url=avatar_url(avatar_id),
        hue=hue_of(ident),
        discreet=discreet,
        certified=certified,
    )


def cards(ids: Iterable[MemberId]) -> dict[MemberId, MemberCard]:
    """The cards of these members, in one statement; unknown ids are left out."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    return {row.id: _card(*row) for row in _cards(db.engine.dialect.name).rows(ids=listed(wanted))}


@lru_cache(maxsize=2)
def _cards(dialect: str) -> Prepared:
    wanted = among(dialect, _M.id, "ids", Integer())
    return Prepared(select(_M.id, _M.handle, _M.name, _M.avatar_id, _M.discreet, _M.certified).where(wanted))


def profile(ident: MemberId) -> Profile:
    """The whole public face; raises `NotFound`, also for erased accounts."""
    row = db.session.execute(
        select(
            Member.id,
            Member.handle,
            Member.name,
            Member.avatar_id,
            Member.discreet,
            Member.certified,
            Member.bio,
            Member.place,
            Member.joined_at,
            Member.suspended_until,
        ).where(Member.id == ident, Member.active.is_(True))
    ).one_or_none()
    if row is None:
        raise NotFound("This member doesn’t exist.")
    card = card_of(row, row.id)
    suspended = row.suspended_until is not None and row.suspended_until > clock.now()
    return Profile(
        card=card,
        bio=row.bio,
        place=row.place,
        joined_at=row.joined_at,
        picture_url=photo_url(row.avatar_id, "card") if row.avatar_id else None,
        suspended=suspended,
        roles=roles_of(ident),
    )
