"""A merchant says who bought what in the store; the buyer says whether it is so."""

from __future__ import annotations

from app.community.purchases import service as evidence
from app.community.purchases.queries import get_about, get_occasion
from app.kernel.errors import Forbidden, Invalid, NotFound
from app.kernel.ids import ItemId, MemberId, PurchaseId, StoreId
from app.marketing.advocates.queries import find_advocate
from app.marketing.confirmations.queries import occasion_of
from app.merchants.stores.queries import find_store_of, get_store, items_sold_by
from app.merchants.stores.service import MERCHANT
from app.people.accounts.queries import is_active, require_active, require_role
from app.people.blocks.queries import is_blocked_between
from app.platform.database import unit_of_work


def record_sale(actor: MemberId, member_id: MemberId | None, item_id: ItemId) -> PurchaseId:
    """The merchant says that the member bought the item here; answers the id of the record.

    It counts when the member confirms it. Only for what is on the actor's own shelves, and never for
    who belongs to the store. Whoever cannot be asked is refused in the same words, whatever the reason.
    """
    with unit_of_work():
        store_id = _own_store(actor)
        if item_id not in items_sold_by(store_id):
            raise Forbidden("This item isn’t in your store.", code="not_yours")
        if member_id is None or not _can_be_asked(actor, member_id, store_id):
            raise Invalid(
                "Check the username. You can’t record purchases by people who work for your store.",
                code="cannot_be_asked",
            )
        return evidence.claim_purchase(member_id, item_id, occasion_of(store_id), recorded_by=actor)


def withdraw_sale(actor: MemberId, evidence_id: PurchaseId) -> None:
    """The merchant takes an own record back; a second time changes nothing."""
    with unit_of_work():
        if get_occasion(evidence_id) != occasion_of(_own_store(actor)):
            raise Forbidden("This purchase belongs to someone else.", code="not_yours")
        evidence.drop_purchase(evidence_id)


def confirm(actor: MemberId, evidence_id: PurchaseId) -> None:
    """The buyer bought it. Raises `NotFound`, or `Invalid` when the buyer belongs to the store by now."""
    with unit_of_work():
        require_active(actor)
        kind, _colon, store_id = get_about(actor, evidence_id).occasion.partition(":")
        if kind == "store" and _belongs_to(actor, StoreId(store_id)):
            raise Invalid("You work for this store, so your purchases there aren’t confirmed.", code="own_store")
        evidence.confirm_purchase(actor, evidence_id)


def decline(actor: MemberId, evidence_id: PurchaseId) -> None:
    """The buyer did not, or does not want it shown any more. Raises `NotFound`."""
    evidence.decline_purchase(actor, evidence_id)


def _can_be_asked(actor: MemberId, member_id: MemberId, store_id: StoreId) -> bool:
    return is_active(member_id) and not _belongs_to(member_id, store_id) and not is_blocked_between(actor, member_id)


def _belongs_to(member_id: MemberId, store_id: StoreId) -> bool:
    try:
        owner = get_store(store_id).owner_id
    except NotFound:
        return False
    return owner == member_id or find_advocate(member_id, store_id) is not None


def _own_store(actor: MemberId) -> StoreId:
    require_role(actor, MERCHANT)
    store = find_store_of(actor)
    if store is None:
        raise NotFound("Open your store first.")
    return store.id
