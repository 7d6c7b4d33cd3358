"""Members as things that others point at; their key is the number, people name them by handle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import BindParameter, select

from app.kernel.ids import MemberId
from app.people.accounts.models import Member
from app.people.accounts.queries import find_member_id
from app.people.blocks.queries import visible_owner
from app.platform.database import db
from app.platform.subjects import Condition, Facts, Kind, Looker, State


def visible_to(viewer: Looker) -> Condition:
    """Who is here and in touch."""
    return visible_owner(Member.id, viewer)


def facts(ids: Sequence[str]) -> Mapping[str, Facts]:
    """The public face."""
    numbers = [int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 10]
    query = select(
        Member.id, Member.handle, Member.name, Member.bio, Member.avatar_id, Member.joined_at, Member.active
    ).where(Member.id.in_(numbers))
    return {
        str(row.id): Facts(
            owner_id=row.id,
            title=row.name,
            url=f"/m/{row.handle}",
            made_at=row.joined_at,
            state=State.HERE if row.active else State.REMOVED,
            photo_id=row.avatar_id,
            excerpt=row.bio,
            note=f"@{row.handle}",
        )
        for row in db.session.execute(query)
    }


def has_photo(photo: BindParameter[str]) -> Condition:
    """The picture."""
    return Member.avatar_id == photo


def photos_to(_viewer: Looker) -> Condition:
    """A face stands beside words that stay and on paths, so it is there as long as the account is."""
    return Member.active.is_(True)


def ids_by_handle(handles: Sequence[str]) -> Mapping[str, str]:
    """Members by what their addresses call them."""
    query = select(Member.handle, Member.id).where(Member.handle.in_([one.lower() for one in handles]))
    return {row.handle: str(row.id) for row in db.session.execute(query)}


def reported(handle: str, _viewer_id: MemberId | None) -> Facts | None:
    """Reports name members by handle; a block keeps nobody from it."""
    ident = find_member_id(handle)
    found = facts([str(ident)]).get(str(ident)) if ident is not None else None
    if found is None or found.state is State.REMOVED:
        return None
    return replace(found, title=f"{found.title} ({found.note})")


KINDS = (
    Kind(
        name="member",
        key=Member.__table__.c.id,
        visible_to=visible_to,
        facts=facts,
        has_photo=has_photo,
        photos_to=photos_to,
        reported=reported,
        link="m",
        named=ids_by_handle,
    ),
)
