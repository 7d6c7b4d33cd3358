"""Two entries of one thing become one; a merge keeps all that was said."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from app.community.item_merges.events import ItemsMerged, MergeProposed, MergeRefused
from app.community.item_merges.models import ItemMerge
from app.community.item_merges.moving import move_all
from app.community.item_merges.values import MAX_WHY_LENGTH, Merged, MergeStatus
from app.community.items.models import Item
from app.community.items.queries import document, get_item
from app.community.subject_items.queries import find_subject
from app.kernel.clock import clock
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.ids import ItemId, MemberId, MergeId, new_id
from app.kernel.subjects import Subject
from app.people.accounts.queries import require_active, require_role
from app.people.accounts.values import MODERATOR
from app.platform.database import db, one_at_a_time, rows_changed, unit_of_work
from app.platform.files import move_photos
from app.platform.limits import check_rate
from app.platform.markup import clean_text
from app.platform.search import index as search_index

# Two that touch the same items and proposals would otherwise wait for each other on PostgreSQL.
_DECISION_LOCK = 0x6B696E0A
_FILLED = ("maker", "category", "description", "photo_id", "url")


def propose_merge(actor: MemberId, gone_id: ItemId, kept_id: ItemId, why: str = "") -> MergeId:
    """Say that two items are one, and which should stay; answers the proposal's id.

    The same pair again while it waits is the first proposal. Raises `Invalid` or `NotFound`.
    """
    why = clean_text(why, MAX_WHY_LENGTH)
    if gone_id == kept_id:
        raise Invalid("Choose a different item: this is the same one.", code="same_item")
    check_rate(f"merge:{actor}", "20/hour")
    try:
        return _propose(actor, gone_id, kept_id, why)
    except IntegrityError as problem:
        # Two members at the same moment, on PostgreSQL: the other one was first.
        found = _open_of(gone_id, kept_id)
        if found is None:
            raise Conflict("Try again.") from problem
        return found


def confirm_merge(actor: MemberId, merge_id: MergeId) -> Merged:
    """A moderator agrees. What was merged meanwhile is followed to where it is now.

    Raises `NotFound`, or `Conflict` when somebody was faster or nothing is left to be merged.
    """
    with unit_of_work() as work:
        require_role(actor, MODERATOR)
        row = _close(merge_id, actor, MergeStatus.CONFIRMED)
        gone_id, kept_id = _lock_both(row.gone_id, row.kept_id)
        _require_thing(gone_id)
        _require_thing(kept_id)
        now = clock.now()
        merged = db.session.execute(
            update(Item)
            .where(Item.id == gone_id, Item.removed_at.is_(None))
            .values(merged_into_id=kept_id, removed_at=now)
        )
        if not rows_changed(merged):
            raise Conflict("One of the two items no longer exists.", code="item_gone")
        # Earlier merges lead to the new place at once, so no chain can grow and none can close.
        db.session.execute(update(Item).where(Item.merged_into_id == gone_id).values(merged_into_id=kept_id))
        move_all(gone_id, kept_id)
        _complete(gone_id, kept_id)
        _forget_pointless()
        work.record(ItemsMerged(merge_id=merge_id, kept_id=kept_id, gone_id=gone_id, moderator_id=actor))
    return Merged(kept_id, gone_id)


def refuse_merge(actor: MemberId, merge_id: MergeId) -> None:
    """A moderator finds that they are two things. Raises `NotFound` or `Conflict`."""
    with unit_of_work() as work:
        require_role(actor, MODERATOR)
        _close(merge_id, actor, MergeStatus.REFUSED)
        work.record(MergeRefused(merge_id=merge_id, moderator_id=actor))


def _propose(actor: MemberId, gone_id: ItemId, kept_id: ItemId, why: str) -> MergeId:
    with unit_of_work() as work:
        require_active(actor)
        for one in (gone_id, kept_id):
            get_item(one)
            _require_thing(one)
        found = _open_of(gone_id, kept_id)
        if found is not None:
            return found
        row = ItemMerge(
            id=new_id(),
            kept_id=kept_id,
            gone_id=gone_id,
            open_pair=_pair(gone_id, kept_id),
            proposer_id=actor,
            why=why,
            status=MergeStatus.OPEN.value,
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        work.record(MergeProposed(merge_id=row.id, kept_id=kept_id, gone_id=gone_id, member_id=actor))
        return row.id


def _require_thing(item_id: ItemId) -> None:
    if find_subject(item_id) is not None:
        raise Invalid("This belongs to a listing or a store. Only items can be merged.", code="stand_in")


def _open_of(gone_id: ItemId, kept_id: ItemId) -> MergeId | None:
    return db.session.scalar(select(ItemMerge.id).where(ItemMerge.open_pair == _pair(gone_id, kept_id)))


def _pair(one: str, other: str) -> str:
    return ":".join(sorted((one, other)))


def _close(merge_id: MergeId, actor: MemberId, status: MergeStatus) -> ItemMerge:
    """One moderator decides; whoever comes second is told. Decisions are made one after the other."""
    one_at_a_time(_DECISION_LOCK)
    closed = db.session.execute(
        update(ItemMerge)
        .where(ItemMerge.id == merge_id, ItemMerge.status == MergeStatus.OPEN)
        .values(status=status.value, open_pair=None, decided_by=actor, decided_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    row = db.session.get(ItemMerge, merge_id, populate_existing=True)
    if row is None:
        raise NotFound("This duplicate report no longer exists.")
    if not rows_changed(closed):
        raise Conflict("Someone else has already decided this.", code="decided")
    return row


def _lock_both(gone_id: ItemId, kept_id: ItemId) -> tuple[ItemId, ItemId]:
    """Where both are now, held until the commit: who recommends one of them meanwhile waits."""
    gone, kept = _stands(gone_id), _stands(kept_id)
    if gone == kept:
        raise Conflict("These are already merged.", code="merged_already")
    for one in sorted((gone, kept)):
        db.session.execute(select(Item.id).where(Item.id == one).with_for_update())
    _stands(kept)
    return gone, kept


def _stands(item_id: ItemId) -> ItemId:
    row = db.session.execute(select(Item.merged_into_id, Item.removed_at).where(Item.id == item_id)).one_or_none()
    if row is not None and row.merged_into_id is not None:
        return _stands(row.merged_into_id)
    if row is None or row.removed_at is not None:
        raise Conflict("One of the two items no longer exists.", code="item_gone")
    return item_id


def _complete(gone_id: ItemId, kept_id: ItemId) -> None:
    """What the one that stays does not say of itself it takes from the other; the search follows."""
    gone = db.session.get_one(Item, gone_id, populate_existing=True)
    kept = db.session.get_one(Item, kept_id, populate_existing=True)
    for name in _FILLED:
        if not getattr(kept, name):
            setattr(kept, name, getattr(gone, name))
    if kept.photo_id and kept.photo_id == gone.photo_id:
        move_photos([kept.photo_id], Subject("item", kept_id))
        gone.photo_id = None
    # Number and address are given to one entry only; where both have some, the old ones go on
    # leading here (see `same_items`).
    taken = {name: getattr(gone, name) for name in ("gtin", "url_key") if not getattr(kept, name)}
    for name in taken:
        setattr(gone, name, None)
    db.session.flush()
    for name, value in taken.items():
        setattr(kept, name, value)
    db.session.flush()
    search_index.remove("item", [gone_id])
    search_index.put([document(kept.id, kept.title, kept.maker, kept.category, kept.description, kept.created_at)])


def _forget_pointless() -> None:
    """Other proposals of the same two have nothing left to decide."""
    gone, kept = aliased(Item), aliased(Item)
    done = (
        select(ItemMerge.id)
        .join(gone, gone.id == ItemMerge.gone_id)
        .join(kept, kept.id == ItemMerge.kept_id)
        .where(
            ItemMerge.status == MergeStatus.OPEN,
            func.coalesce(gone.merged_into_id, gone.id) == func.coalesce(kept.merged_into_id, kept.id),
        )
    )
    db.session.execute(
        update(ItemMerge)
        .where(ItemMerge.id.in_(list(db.session.scalars(done))))
        .values(status=MergeStatus.CONFIRMED.value, open_pair=None, decided_at=clock.now())
        .execution_options(synchronize_session=False)
    )
