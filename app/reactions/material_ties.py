"""Who speaks for a store, or owns it, is asked what they get when they recommend what it sells."""

from __future__ import annotations

from app.community.commercial_ties import service as ties
from app.community.commercial_ties.values import CommercialRole
from app.kernel.events import Event
from app.kernel.ids import EventId, StoreId
from app.kernel.subjects import Subject
from app.marketing.advocates.events import AdvocateJoined, AdvocateLeft
from app.marketing.advocates.queries import advocates_for
from app.merchants.stores.events import ProductOffered, ProductWithdrawn, StoreClosed, StoreOpened, StoreReopened
from app.merchants.stores.queries import get_store, items_sold_by
from app.platform.event_log import Start

NAME = "material_ties"
STARTS = Start.BEGINNING
LISTENS_TO = (StoreOpened, StoreClosed, StoreReopened, AdvocateJoined, AdvocateLeft, ProductOffered, ProductWithdrawn)


def react(event: Event, _event_id: EventId) -> None:
    """In the order in which it happened; handled again, it changes nothing."""
    match event:
        case StoreOpened():
            ties.tie(event.owner_id, _store(event.store_id), CommercialRole.OWNER)
        case StoreClosed():
            ties.forget_party(_store(event.store_id))
        case StoreReopened():
            _tie_again(event.store_id)
        case AdvocateJoined():
            ties.tie(event.member_id, _store(event.store_id), CommercialRole.ADVOCATE)
        case AdvocateLeft():
            ties.untie(event.member_id, _store(event.store_id), CommercialRole.ADVOCATE)
        case ProductOffered():
            ties.offer(event.item_id, _store(event.store_id))
        case ProductWithdrawn():
            ties.withdraw(event.item_id, _store(event.store_id))


def _tie_again(store_id: StoreId) -> None:
    """Whatever closing it has forgotten, as its tables have it now."""
    ties.tie(get_store(store_id).owner_id, _store(store_id), CommercialRole.OWNER)
    for advocate in advocates_for(store_id):
        ties.tie(advocate.member_id, _store(store_id), CommercialRole.ADVOCATE)
    for item_id in items_sold_by(store_id):
        ties.offer(item_id, _store(store_id))


def _store(store_id: StoreId) -> Subject:
    return Subject("store", store_id)
