"""Reads of proposals."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, func, select

from app.community.item_merges.models import ItemMerge
from app.community.item_merges.values import MergeStatus, MergeView
from app.community.items.queries import items_by_id
from app.community.recommendations.models import Recommendation
from app.kernel.errors import NotFound
from app.kernel.ids import ItemId, MemberId, MergeId
from app.kernel.pagination import Page, decode_cursor, encode_cursor
from app.kernel.viewer import Viewer
from app.people.accounts.queries import require_role
from app.people.accounts.values import MODERATOR
from app.people.profiles.queries import cards
from app.platform.database import db


def waiting(viewer: Viewer) -> ScalarSelect[int] | None:
    """How many proposals wait for a moderator; a subquery for the page frame."""
    if not viewer.is_a(MODERATOR):
        return None
    return select(func.count(ItemMerge.id)).where(ItemMerge.status == MergeStatus.OPEN).scalar_subquery()


def open_merges(actor: MemberId, *, cursor: str | None = None, limit: int = 20) -> Page[MergeView]:
    """What waits, the oldest first; for moderators."""
    require_role(actor, MODERATOR)
    query = select(ItemMerge).where(ItemMerge.status == MergeStatus.OPEN).order_by(ItemMerge.id)
    after = decode_cursor(cursor, str)
    if after is not None:
        query = query.where(ItemMerge.id > after[0])
    rows = list(db.session.scalars(query.limit(limit + 1)))
    more = encode_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(_views(rows[:limit]), more)


def get_merge(actor: MemberId, merge_id: MergeId) -> MergeView:
    """One proposal, open or not; for moderators. Raises `NotFound`."""
    require_role(actor, MODERATOR)
    row = db.session.get(ItemMerge, merge_id)
    if row is None:
        raise NotFound("This duplicate report no longer exists.")
    return _views([row])[0]


def proposed_for(item_id: ItemId) -> list[str]:
    """With which items this one is said to be one, while nobody has decided."""
    query = select(ItemMerge.kept_id, ItemMerge.gone_id).where(
        ItemMerge.status == MergeStatus.OPEN,
        (ItemMerge.kept_id == item_id) | (ItemMerge.gone_id == item_id),
    )
    return [row.gone_id if row.kept_id == item_id else row.kept_id for row in db.session.execute(query)]


def _views(rows: list[ItemMerge]) -> list[MergeView]:
    ids = {one for row in rows for one in (row.kept_id, row.gone_id)}
    items, faces = items_by_id(sorted(ids)), cards({row.proposer_id for row in rows if row.proposer_id})
    said = _said(sorted(ids))
    return [
        MergeView(
            id=row.id,
            kept=items.get(row.kept_id),
            gone=items.get(row.gone_id),
            said_kept=len(said.get(row.kept_id, ())),
            said_gone=len(said.get(row.gone_id, ())),
            said_both=len(said.get(row.kept_id, set()) & said.get(row.gone_id, set())),
            proposer=faces.get(row.proposer_id) if row.proposer_id else None,
            why=row.why,
            status=MergeStatus(row.status),
            at=row.created_at,
        )
        for row in rows
    ]


def _said(item_ids: list[ItemId]) -> dict[str, set[int]]:
    query = select(Recommendation.item_id, Recommendation.member_id).where(
        Recommendation.item_id.in_(item_ids), Recommendation.removed_at.is_(None)
    )
    found: dict[str, set[int]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.item_id, set()).add(row.member_id)
    return found
