"""What stands behind the links of our own that members paste into messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.community.chat.links import LinkCard, register_links
from app.community.items.queries import items_by_id
from app.market.listings.queries import cards_by_id
from app.merchants.stores.models import Store
from app.people.accounts.models import Member
from app.people.profiles.queries import cards
from app.platform.database import db
from app.web.formats import money


def fill_links() -> None:
    """The addresses that become cards; each is asked once for all messages of a page."""
    register_links("market", _listings)
    register_links("items", _items)
    register_links("m", _members)
    register_links("s", _stores)


def _listings(reader: int, ids: Sequence[str]) -> Mapping[str, LinkCard]:
    """Only what the reader would find on the market."""
    return {
        one.id: LinkCard(
            kind="listing",
            title=one.title,
            url=one.url,
            photo_url=one.photo_url,
            note=money(one.price) if one.price else "",
            member_id=one.seller.id,
        )
        for one in cards_by_id(reader, ids).values()
    }


def _items(_reader: int, ids: Sequence[str]) -> Mapping[str, LinkCard]:
    return {
        one.id: LinkCard(kind="item", title=one.title, url=one.url, photo_url=one.photo_url, note=one.category)
        for one in items_by_id(list(ids)).values()
    }


def _members(_reader: int, handles: Sequence[str]) -> Mapping[str, LinkCard]:
    query = select(Member.id, Member.handle).where(
        Member.handle.in_([one.lower() for one in handles]), Member.active.is_(True)
    )
    rows = list(db.session.execute(query))
    faces = cards([row.id for row in rows])
    return {
        row.handle: LinkCard(
            kind="member",
            title=faces[row.id].name,
            url=f"/m/{row.handle}",
            photo_url=faces[row.id].avatar_url,
            note=f"@{row.handle}",
            member_id=row.id,
        )
        for row in rows
        if row.id in faces
    }


def _stores(_reader: int, slugs: Sequence[str]) -> Mapping[str, LinkCard]:
    query = select(Store.slug, Store.name, Store.owner_id).where(Store.slug.in_(slugs), Store.closed_at.is_(None))
    return {
        row.slug: LinkCard(kind="store", title=row.name, url=f"/s/{row.slug}", note=_l("Store"), member_id=row.owner_id)
        for row in db.session.execute(query)
    }
