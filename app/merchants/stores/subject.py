"""Stores as things that others point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from app.kernel.ids import MemberId
from app.merchants.stores.models import Store
from app.merchants.stores.queries import visible_to
from app.merchants.stores.service import remove, restore
from app.platform.database import db
from app.platform.subjects import Facts, Kind, State


def facts(ids: Sequence[str]) -> Mapping[str, Facts]:
    """What can be said of these stores."""
    query = select(
        Store.id, Store.owner_id, Store.slug, Store.name, Store.about, Store.opened_at, Store.closed_at
    ).where(Store.id.in_(ids))
    return {
        row.id: Facts(
            owner_id=row.owner_id,
            title=row.name,
            url=f"/s/{row.slug}",
            made_at=row.opened_at,
            state=State.HERE if row.closed_at is None else State.REMOVED,
            excerpt=row.about,
            note=_("Store"),
        )
        for row in db.session.execute(query)
    }


def party_of(owner_id: MemberId) -> str | None:
    """The merchant's own store, while it is open."""
    return db.session.scalar(select(Store.id).where(Store.owner_id == owner_id, Store.closed_at.is_(None)))


def ids_by_slug(slugs: Sequence[str]) -> Mapping[str, str]:
    """Stores by what their addresses call them."""
    query = select(Store.slug, Store.id).where(Store.slug.in_(slugs))
    return {row.slug: row.id for row in db.session.execute(query)}


KINDS = (
    Kind(
        name="store",
        key=Store.__table__.c.id,
        visible_to=visible_to,
        facts=facts,
        recommendable=True,
        party_of=party_of,
        remove=remove,
        restore=restore,
        link="s",
        named=ids_by_slug,
    ),
)
