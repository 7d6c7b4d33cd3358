"""Reads of evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, tuple_

from app.community.items.models import Item
from app.community.purchases.models import PurchaseEvidence
from app.community.purchases.values import BY_OPERATOR, IN_FORCE, Purchase, PurchaseState, Source
from app.kernel.errors import NotFound
from app.kernel.ids import ItemId, MemberId, PurchaseId
from app.kernel.pagination import Page, decode_cursor, encode_cursor
from app.kernel.subjects import Subject
from app.people.blocks.queries import visible_owner
from app.people.profiles.queries import cards
from app.platform.database import db
from app.platform.subjects import facts_of, visible

_COLUMNS: tuple[Any, ...] = (
    PurchaseEvidence.id,
    PurchaseEvidence.member_id,
    PurchaseEvidence.item_id,
    PurchaseEvidence.occasion,
    PurchaseEvidence.recorded_at,
    PurchaseEvidence.state,
    Item.title,
)


def in_force() -> tuple[ColumnElement[bool], ...]:
    """What makes a mark: not withdrawn, and nobody's yes is missing."""
    return PurchaseEvidence.withdrawn_at.is_(None), PurchaseEvidence.state.in_(IN_FORCE)


def has_bought(member_id: MemberId, item_id: ItemId) -> bool:
    """Whether evidence in force says so."""
    query = select(PurchaseEvidence.id).where(
        PurchaseEvidence.member_id == member_id, PurchaseEvidence.item_id == item_id, *in_force()
    )
    return db.session.scalar(query.limit(1)) is not None


def sources(
    viewer_id: MemberId | None, pairs: Collection[tuple[MemberId, str]]
) -> dict[tuple[MemberId, str], tuple[Source, ...]]:
    """By whose word these members have bought these items, the operator's first; three statements."""
    if not pairs:
        return {}
    query = select(PurchaseEvidence.member_id, PurchaseEvidence.item_id, PurchaseEvidence.occasion).where(
        tuple_(PurchaseEvidence.member_id, PurchaseEvidence.item_id).in_(list(pairs)), *in_force()
    )
    rows = list(db.session.execute(query.order_by(PurchaseEvidence.id)))
    named = _sources(viewer_id, {row.occasion for row in rows})
    found: dict[tuple[MemberId, str], tuple[Source, ...]] = {}
    for row in sorted(rows, key=lambda row: row.occasion != BY_OPERATOR):
        pair = (row.member_id, row.item_id)
        found[pair] = (*found.get(pair, ()), named[row.occasion])
    return found


def recorded(
    occasion: str | None = None,
    *,
    viewer_id: MemberId | None = None,
    limit: int = 30,
    cursor: str | None = None,
) -> Page[Purchase]:
    """What was recorded of one occasion, or of any, and not withdrawn, newest first.

    With a viewer only of members whom the viewer may see. Four statements.
    """
    query = _evidence()
    if occasion is not None:
        query = query.where(PurchaseEvidence.occasion == occasion)
    if viewer_id is not None:
        query = query.where(visible_owner(PurchaseEvidence.member_id, viewer_id))
    return _page(query, viewer_id, limit, cursor)


def about(member_id: MemberId, *, limit: int = 30, cursor: str | None = None) -> Page[Purchase]:
    """What others have recorded of the member and what they answered, newest first. Four statements."""
    query = _evidence().where(PurchaseEvidence.member_id == member_id, _to_be_seen(member_id))
    return _page(query, member_id, limit, cursor)


def get_about(member_id: MemberId, evidence_id: PurchaseId) -> Purchase:
    """One of these; raises `NotFound`, also for what is another member's."""
    query = _evidence().where(
        PurchaseEvidence.id == evidence_id, PurchaseEvidence.member_id == member_id, _to_be_seen(member_id)
    )
    found = _page(query, member_id, 1, None).items
    if not found:
        raise NotFound("This purchase no longer exists.")
    return found[0]


def get_purchase(evidence_id: PurchaseId) -> tuple[str, str]:
    """Occasion and state; raises `NotFound`."""
    query = select(PurchaseEvidence.occasion, PurchaseEvidence.state).where(PurchaseEvidence.id == evidence_id)
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NotFound("This purchase no longer exists.")
    return found.occasion, found.state


def get_occasion(evidence_id: PurchaseId) -> str:
    """Where the evidence comes from; raises `NotFound`."""
    return get_purchase(evidence_id)[0]


def asked_by(evidence_id: PurchaseId) -> tuple[MemberId | None, str] | None:
    """Who asks the buyer for a yes, and what it is about; None when nobody asks any more."""
    query = (
        select(PurchaseEvidence.recorded_by, Item.title)
        .join(Item, Item.id == PurchaseEvidence.item_id)
        .where(
            PurchaseEvidence.id == evidence_id,
            PurchaseEvidence.withdrawn_at.is_(None),
            PurchaseEvidence.state == PurchaseState.CLAIMED,
        )
    )
    row = db.session.execute(query).one_or_none()
    return (row.recorded_by, row.title) if row else None


def _to_be_seen(member_id: MemberId) -> ColumnElement[bool]:
    """A question of somebody blocked or gone is none; what counts is always shown, to be taken back."""
    return or_(PurchaseEvidence.state.in_(IN_FORCE), visible_owner(PurchaseEvidence.recorded_by, member_id))


def _evidence() -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(Item, Item.id == PurchaseEvidence.item_id)
        .where(PurchaseEvidence.withdrawn_at.is_(None))
        .order_by(PurchaseEvidence.id.desc())
    )


def _page(query: Select[Any], viewer_id: MemberId | None, limit: int, cursor: str | None) -> Page[Purchase]:
    after = decode_cursor(cursor, str)
    if after is not None:
        query = query.where(PurchaseEvidence.id < after[0])
    rows = list(db.session.execute(query.limit(limit + 1)))
    faces = cards(row.member_id for row in rows)
    named = _sources(viewer_id, {row.occasion for row in rows})
    shown = [
        Purchase(
            id=row.id,
            member=faces[row.member_id],
            item_id=row.item_id,
            item_title=row.title,
            occasion=row.occasion,
            at=row.recorded_at,
            state=row.state,
            source=named[row.occasion],
        )
        for row in rows[:limit]
    ]
    return Page(shown, encode_cursor(shown[-1].id) if len(rows) > limit else None)


def _sources(viewer_id: MemberId | None, occasions: Iterable[str]) -> dict[str, Source]:
    """Occasions are a kind and an id; what the viewer may not see has no name."""
    subjects = {one: Subject(*one.split(":", 1)) for one in occasions if ":" in one}
    shown: dict[Subject, Any] = {}
    for kind in {one.kind for one in subjects.values()}:
        ids = visible(viewer_id, kind, [one.id for one in subjects.values() if one.kind == kind])
        shown |= facts_of(Subject(kind, ident) for ident in ids)
    return {
        one: Source(subjects[one].kind, subjects[one].id, *_name(shown.get(subjects[one])))
        if one in subjects
        else Source(one)
        for one in occasions
    }


def _name(facts: Any) -> tuple[str | None, str | None]:
    return (facts.title, facts.url) if facts is not None else (None, None)
