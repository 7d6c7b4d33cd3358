"""Reads of evidence."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from app.community.evidence.models import PurchaseEvidence
from app.community.evidence.values import Evidence
from app.community.items.models import Item
from app.kernel.errors import NotFound
from app.people.profiles.queries import cards
from app.platform.database import db
from app.web.pagination import Page, decode_cursor, encode_cursor


def has_bought(member_id: int, item_id: str) -> bool:
    """Whether evidence in force says so."""
    query = select(PurchaseEvidence.id).where(
        PurchaseEvidence.member_id == member_id,
        PurchaseEvidence.item_id == item_id,
        PurchaseEvidence.withdrawn_at.is_(None),
    )
    return db.session.scalar(query.limit(1)) is not None


def recorded(occasion: str | None = None, *, limit: int = 30, cursor: str | None = None) -> Page[Evidence]:
    """Evidence in force of one occasion, or of any, newest first. Two statements."""
    query = (
        select(
            PurchaseEvidence.id,
            PurchaseEvidence.member_id,
            PurchaseEvidence.item_id,
            PurchaseEvidence.occasion,
            PurchaseEvidence.recorded_at,
            Item.title,
        )
        .join(Item, Item.id == PurchaseEvidence.item_id)
        .where(PurchaseEvidence.withdrawn_at.is_(None))
        .order_by(PurchaseEvidence.id.desc())
        .limit(limit + 1)
    )
    if occasion is not None:
        query = query.where(PurchaseEvidence.occasion == occasion)
    after = decode_cursor(cursor, str)
    if after is not None:
        query = query.where(PurchaseEvidence.id < after[0])
    rows = list(db.session.execute(query))
    faces = cards(row.member_id for row in rows)
    shown = [
        Evidence(
            id=row.id,
            member=faces[row.member_id],
            item_id=row.item_id,
            item_title=row.title,
            occasion=row.occasion,
            at=row.recorded_at,
        )
        for row in rows[:limit]
    ]
    return Page(shown, encode_cursor(shown[-1].id) if len(rows) > limit else None)


def get_occasion(evidence_id: str) -> str:
    """Where the evidence comes from; raises `NotFound`."""
    found = db.session.scalar(
        select(PurchaseEvidence.occasion).where(PurchaseEvidence.id == evidence_id)
    )
    if found is None:
        raise NotFound(_("There is no such record."))
    return found
