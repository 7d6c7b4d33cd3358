"""A merchant puts on record who bought what in the store."""

from __future__ import annotations

from flask_babel import gettext as _

from app.community.evidence.queries import get_occasion
from app.community.evidence.service import drop_evidence, keep_evidence
from app.kernel.errors import Forbidden, Invalid, NotFound
from app.merchants.purchases.queries import occasion_of
from app.merchants.stores.queries import find_store_of, items_sold_by
from app.merchants.stores.service import MERCHANT
from app.people.accounts.queries import require_role
from app.platform.database import unit_of_work


def record_sale(actor: int, member_id: int, item_id: str) -> str:
    """The member bought the item here; answers the id of the record.

    Only for what is on the actor's own shelves, and never for the actor.
    """
    with unit_of_work():
        store_id = _own_store(actor)
        if item_id not in items_sold_by(store_id):
            raise Forbidden(_("This is not on your shelves."), code="not_yours")
        if member_id == actor:
            raise Invalid(_("You cannot buy from yourself."), code="own_self")
        return keep_evidence(member_id, item_id, occasion_of(store_id), recorded_by=actor)


def withdraw_sale(actor: int, evidence_id: str) -> None:
    """The merchant takes an own record back; a second time changes nothing."""
    with unit_of_work():
        if get_occasion(evidence_id) != occasion_of(_own_store(actor)):
            raise Forbidden(_("This is not your record."), code="not_yours")
        drop_evidence(evidence_id)


def _own_store(actor: int) -> str:
    require_role(actor, MERCHANT)
    store = find_store_of(actor)
    if store is None:
        raise NotFound(_("Open your store first."))
    return store.id
