"""What stands behind the links of our own that members paste into messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.kernel.subjects import Subject
from app.merchants.stores.models import Store
from app.messaging.conversations.links import LinkCard, register_links
from app.people.accounts.models import Member
from app.platform.database import db
from app.platform.photo_urls import photo_url
from app.platform.subjects import State, facts_of, visible


def fill_links() -> None:
    """The addresses that become cards; each is asked once for all messages of a page."""
    register_links("market", _listings)
    register_links("items", _items)
    register_links("m", _members)
    register_links("s", _stores)


def _cards(kind: str, reader: int, ids: Mapping[str, str]) -> Mapping[str, LinkCard]:
    """Cards of what the reader may see: `ids` are the things' ids by what the links name them."""
    seen = visible(reader, kind, ids.values())
    known = facts_of(Subject(kind, ident) for ident in seen)
    found = {}
    for name, ident in ids.items():
        facts = known.get(Subject(kind, ident))
        if facts is not None and facts.state is not State.REMOVED:
            size = "thumb" if kind == "member" else "card"
            found[name] = LinkCard(
                kind=kind,
                title=facts.title,
                url=facts.url,
                photo_url=photo_url(facts.photo_id, size) if facts.photo_id else None,
                note=facts.note,
                member_id=facts.owner_id,
            )
    return found


def _listings(reader: int, ids: Sequence[str]) -> Mapping[str, LinkCard]:
    return _cards("listing", reader, {one: one for one in ids})


def _items(reader: int, ids: Sequence[str]) -> Mapping[str, LinkCard]:
    return _cards("item", reader, {one: one for one in ids})


def _members(reader: int, handles: Sequence[str]) -> Mapping[str, LinkCard]:
    query = select(Member.handle, Member.id).where(Member.handle.in_([one.lower() for one in handles]))
    return _cards("member", reader, {row.handle: str(row.id) for row in db.session.execute(query)})


def _stores(reader: int, slugs: Sequence[str]) -> Mapping[str, LinkCard]:
    query = select(Store.slug, Store.id).where(Store.slug.in_(slugs))
    return _cards("store", reader, {row.slug: row.id for row in db.session.execute(query)})
