"""Posting listings, changing them, taking them away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, NotFound
from app.kernel.ids import ListingId, MemberId, PhotoId, new_id
from app.kernel.places import place_key
from app.kernel.subjects import Subject
from app.market.audiences import service as audiences
from app.market.audiences.queries import audience_of
from app.market.listings import rules
from app.market.listings.documents import document_of
from app.market.listings.events import (
    ListingChanged,
    ListingPublished,
    ListingRemoved,
    ListingRestored,
    ListingSold,
)
from app.market.listings.models import Listing, ListingPhoto, SavedListing
from app.market.listings.statements import visible_to
from app.market.listings.values import (
    MAX_ALT_LENGTH,
    PLACE_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    ListingDraft,
    Status,
)
from app.people.accounts.queries import require_active
from app.platform.database import db, unit_of_work
from app.platform.files import attach_photos, forget_photos
from app.platform.markup import clean_line, clean_text
from app.platform.places.lookup import known_town, learn
from app.platform.search import index as search_index
from app.platform.sql import insert_or_ignore, transition, transitioned
from app.platform.subjects import Ruling, Taken
from app.platform.vocabulary.reading import vocabulary

KIND = "listing"
_LOCATED_AT_ONCE = 200
Photos = dict[PhotoId, str]  # what is to be seen on each, in their order


def publish_listing(actor: MemberId, draft: ListingDraft, photo_ids: Sequence[PhotoId] | Photos = ()) -> ListingId:
    """The draft becomes a listing that others find; answers its id.

    `photo_ids` are stored photos of the actor, the first one is the cover; a dictionary says what is to be seen.
    """
    draft = _cleaned(draft)
    terms = rules.check_draft(draft, vocabulary().offered)
    photos = dict(photo_ids) if isinstance(photo_ids, dict) else dict.fromkeys(photo_ids, "")
    rules.check_photo_count(len(photos))
    learn(draft.place)
    with unit_of_work() as unit:
        require_active(actor)
        row = Listing(id=new_id(), seller_id=actor, status=Status.ACTIVE)
        row.created_at = row.updated_at = clock.now()
        _write(row, draft, terms)
        db.session.add(row)
        db.session.flush()
        _set_photos(row, photos)
        audiences.show_to_within(row.id, actor, terms.audience)
        _index(row)
        unit.record(ListingPublished(listing_id=row.id, seller_id=actor, kind=row.kind))
        published = row.id
    if terms.audience.steps:
        audiences.read_reach(actor)
    return published


def edit_listing(
    actor: MemberId,
    listing_id: ListingId,
    draft: ListingDraft | Callable[[ListingDraft], ListingDraft],
    photo_ids: Sequence[PhotoId] | None = None,
) -> None:
    """Other words, price or photos; `photo_ids` None leaves the photos as they are.

    A function gets the listing as it is now, held until the commit: of two that change different
    fields at once neither undoes the other.
    """

    def change(now: ListingDraft, there: Photos) -> tuple[ListingDraft, Photos]:
        kept = there if photo_ids is None else {one: there.get(one, "") for one in photo_ids}
        return draft(now) if callable(draft) else draft, kept

    change_listing(actor, listing_id, change)


def change_listing(
    actor: MemberId,
    listing_id: ListingId,
    change: Callable[[ListingDraft, Photos], tuple[ListingDraft, Photos]],
) -> None:
    """Change a listing by a function of its words and photos as they are now."""
    with unit_of_work() as unit:
        require_active(actor)
        row = _own(actor, listing_id)
        rules.check_still_open(row.status)
        there = _photos_of(row.id)
        draft, photos = change(_draft_of(row), there)
        wanted = _cleaned(draft)
        # One that is not offered any more may stay.
        terms = rules.check_draft(wanted, (*vocabulary().offered, row.category))
        _write(row, wanted, terms)
        audiences.show_to_within(row.id, actor, terms.audience)
        if list(photos.items()) != list(there.items()):
            rules.check_photo_count(len(photos))
            _set_photos(row, photos)
        _index(row)
        row.updated_at = clock.now()
        unit.record(ListingChanged(listing_id=row.id, seller_id=actor))
        unit.hint(f"listing:{row.id}", "listing:changed", {"id": row.id})
    if wanted.audience:
        audiences.read_reach(actor)


def widen_listings(most: int = 200) -> int:
    """Those whose time has come are shown one step farther; answers how many."""
    done = 0
    for listing_id, seller_id, at in audiences.due_to_widen(most):
        with unit_of_work() as unit:
            if audiences.widen_within(listing_id, seller_id, at):
                unit.record(ListingChanged(listing_id=listing_id, seller_id=seller_id))
                done += 1
    return done


def add_photos(actor: MemberId, listing_id: ListingId, photo_ids: Sequence[PhotoId]) -> None:
    """Put further photos behind those that are there."""
    with unit_of_work() as unit:
        require_active(actor)
        row = _own(actor, listing_id)
        rules.check_still_open(row.status)
        there = _photos_of(row.id)
        wanted = there | {one: there.get(one, "") for one in photo_ids}
        rules.check_photo_count(len(wanted))
        _set_photos(row, wanted)
        row.updated_at = clock.now()
        unit.record(ListingChanged(listing_id=row.id, seller_id=actor))


def require_open_for(actor: MemberId, listing_id: ListingId) -> None:
    """Raises what `add_photos` would, before photos are decoded for it."""
    require_active(actor)
    rules.check_still_open(_own(actor, listing_id, lock=False).status)


def mark_sold(actor: MemberId, listing_id: ListingId) -> None:
    """It has found its new home: it stays readable, but is not offered any more."""
    with unit_of_work() as unit:
        require_active(actor)
        row = _own(actor, listing_id)
        _close(row.id, Status.SOLD)
        unit.record(ListingSold(listing_id=row.id, seller_id=actor))
        unit.hint(f"listing:{row.id}", "listing:changed", {"id": row.id})


def reserve_within(listing_id: ListingId) -> None:
    """Set it aside for an order, in the order's transaction; raises `Conflict` when it is not offered any more."""
    with unit_of_work() as unit:
        _close(listing_id, Status.RESERVED)
        unit.hint(f"listing:{listing_id}", "listing:changed", {"id": listing_id})


def release_within(listing_id: ListingId) -> None:
    """The order came to nothing: it is offered again, unless it was taken away meanwhile."""
    with unit_of_work() as unit:
        if transition(Listing, {"id": listing_id, "status": Status.RESERVED.value}, {"status": Status.ACTIVE.value}):
            _index(db.session.get_one(Listing, listing_id, populate_existing=True))
            unit.hint(f"listing:{listing_id}", "listing:changed", {"id": listing_id})


def put_back_within(listing_id: ListingId) -> None:
    """It wasn't sold after all: it is offered again. Whoever asks has looked that no order has it."""
    with unit_of_work() as unit:
        back = {"status": Status.ACTIVE.value, "updated_at": clock.now()}
        row = transitioned(Listing, {"id": listing_id, "status": Status.SOLD.value}, back, Listing.seller_id)
        if row is not None:
            _index(db.session.get_one(Listing, listing_id, populate_existing=True))
            unit.record(ListingRestored(listing_id=listing_id, seller_id=row.seller_id))
            unit.hint(f"listing:{listing_id}", "listing:changed", {"id": listing_id})


def sell_within(listing_id: ListingId) -> None:
    """The order's buyer has it."""
    with unit_of_work() as unit:
        sold = {"status": Status.SOLD.value, "updated_at": clock.now()}
        reserved = {"id": listing_id, "status": Status.RESERVED.value}
        row = transitioned(Listing, reserved, sold, Listing.seller_id)
        if row is not None:
            unit.record(ListingSold(listing_id=listing_id, seller_id=row.seller_id))
            unit.hint(f"listing:{listing_id}", "listing:changed", {"id": listing_id})


def remove_listing(actor: MemberId, listing_id: ListingId) -> None:
    """The seller withdraws it. A second time changes nothing."""
    with unit_of_work() as unit:
        row = _own(actor, listing_id)
        if row.status == Status.REMOVED:
            return
        _take_away(row.id, clock.now())
        unit.record(ListingRemoved(listing_id=row.id, seller_id=actor, by_moderator=False))
        unit.hint(f"listing:{row.id}", "listing:changed", {"id": row.id})


def remove(listing_id: ListingId, _ruling: Ruling) -> Taken | None:
    """Take it away after a moderator's decision, which is checked and logged where it is made."""
    with unit_of_work() as unit:
        row = db.session.get(Listing, listing_id, populate_existing=True, with_for_update=True)
        if row is None or row.status == Status.REMOVED:
            return None
        taken = {"status": row.status, "updated_at": row.updated_at.isoformat(), "at": clock.now().isoformat()}
        _take_away(row.id, datetime.fromisoformat(taken["at"]))
        unit.record(ListingRemoved(listing_id=row.id, seller_id=row.seller_id, by_moderator=True))
        unit.hint(f"listing:{row.id}", "listing:changed", {"id": row.id})
    return taken


def restore(listing_id: ListingId, ruling: Ruling) -> None:
    """Put back what a decision removed, as it was: on sale or sold."""
    taken = ruling.taken
    with unit_of_work() as unit:
        there = {
            "id": listing_id,
            "status": Status.REMOVED.value,
            "updated_at": datetime.fromisoformat(taken["at"]),
        }
        before = {"status": taken["status"], "updated_at": datetime.fromisoformat(taken["updated_at"])}
        if not transition(Listing, there, before):
            return
        row = db.session.get_one(Listing, listing_id, populate_existing=True)
        _index(row)
        unit.record(ListingRestored(listing_id=row.id, seller_id=row.seller_id))
        unit.hint(f"listing:{row.id}", "listing:changed", {"id": row.id})


def save_listing(actor: MemberId, listing_id: ListingId, *, keep: bool) -> None:
    """Keep it in sight, or let it go; the same again changes nothing."""
    with unit_of_work():
        require_active(actor)
        if keep:
            there = select(Listing.id).where(Listing.id == listing_id, Listing.status != Status.REMOVED)
            if db.session.scalar(there.where(visible_to(actor))) is None:
                raise NotFound("This listing no longer exists.")
            insert_or_ignore(SavedListing, {"member_id": actor, "listing_id": listing_id})
            return
        db.session.execute(
            delete(SavedListing).where(SavedListing.member_id == actor, SavedListing.listing_id == listing_id)
        )


def locate_listings(most: int = 10_000) -> int:
    """Find out the towns of listings whose place was new when they were written; answers how many were looked at."""
    done = 0
    while done < most:
        waiting = select(Listing.id, Listing.place).where(Listing.town_id.is_(None)).order_by(Listing.id)
        places: dict[str, list[ListingId]] = {}
        for row in db.session.execute(waiting.limit(_LOCATED_AT_ONCE)):
            places.setdefault(row.place, []).append(row.id)
        if not places:
            break
        for place in places:
            learn(place)
        with unit_of_work():
            for place, ids in places.items():
                # Whose place is another meanwhile is looked at again.
                same = update(Listing).where(Listing.id.in_(ids), Listing.place == place, Listing.town_id.is_(None))
                db.session.execute(same.values(town_id=known_town(place)))
        done += sum(len(ids) for ids in places.values())
    return done


def _cleaned(draft: ListingDraft) -> ListingDraft:
    return ListingDraft(
        kind=draft.kind,
        title=clean_line(draft.title, TITLE_LENGTH),
        description=clean_text(draft.description, TEXT_LENGTH),
        category=vocabulary().canonical(draft.category),
        condition=draft.condition,
        price=draft.price,
        currency=draft.currency,
        place=clean_line(draft.place, PLACE_LENGTH),
        audience=draft.audience,
        widen_days=draft.widen_days,
        widen_to=draft.widen_to,
    )


def _draft_of(row: Listing) -> ListingDraft:
    price = None if row.price is None else row.price.major
    audience = audience_of(row.id)
    return ListingDraft(
        kind=row.kind,
        title=row.title,
        description=row.description,
        category=row.category,
        condition=row.condition,
        price=price,
        currency=row.currency,
        place=row.place,
        audience=audience.steps,
        widen_days=audience.days or 0,
        widen_to=audience.most,
    )


def _write(row: Listing, draft: ListingDraft, terms: rules.Terms) -> None:
    row.kind = terms.kind
    row.title = draft.title
    row.description = draft.description
    row.category = terms.category
    row.condition = terms.condition
    row.price = terms.price
    row.currency = terms.currency
    row.place = draft.place
    row.place_key = place_key(draft.place)
    row.town_id = known_town(draft.place)


def _own(actor: MemberId, listing_id: ListingId, *, lock: bool = True) -> Listing:
    row = db.session.get(Listing, listing_id, populate_existing=True, with_for_update=lock or None)
    if row is None:
        raise NotFound("This listing no longer exists.")
    if row.seller_id != actor:
        raise Forbidden("Only the seller can edit this listing.", code="not_yours")
    return row


def _photos_of(listing_id: ListingId) -> dict[PhotoId, str]:
    mine = select(ListingPhoto.photo_id, ListingPhoto.alt).where(ListingPhoto.listing_id == listing_id)
    return {row.photo_id: row.alt for row in db.session.execute(mine.order_by(ListingPhoto.position))}


def _set_photos(row: Listing, photos: Photos) -> None:
    """These and no others; one that is left out is forgotten, for it belonged to nothing else."""
    attach_photos(row.seller_id, photos, Subject(KIND, row.id))
    dropped = _photos_of(row.id).keys() - photos.keys()
    if dropped:
        row.cover_id = None
        db.session.flush()
        forget_photos(dropped)
    db.session.execute(delete(ListingPhoto).where(ListingPhoto.listing_id == row.id))
    if photos:
        rows = [
            {"listing_id": row.id, "photo_id": one, "position": position, "alt": clean_line(alt, MAX_ALT_LENGTH)}
            for position, (one, alt) in enumerate(photos.items())
        ]
        db.session.execute(insert(ListingPhoto), rows)
    row.cover_id = next(iter(photos), None)


def _close(listing_id: ListingId, status: Status) -> None:
    """One conditional statement: of two that close a listing at once, one is told so."""
    closed = db.session.scalar(
        update(Listing)
        .where(Listing.id == listing_id, Listing.status == Status.ACTIVE)
        .values(status=status, updated_at=clock.now())
        .returning(Listing.id)
    )
    if closed is None:
        raise Conflict("This listing is already sold or removed.", code="listing_closed")
    search_index.remove(KIND, [listing_id])


def _take_away(listing_id: ListingId, at: datetime) -> None:
    db.session.execute(update(Listing).where(Listing.id == listing_id).values(status=Status.REMOVED, updated_at=at))
    search_index.remove(KIND, [listing_id])


def _index(row: Listing) -> None:
    if row.status == Status.ACTIVE:
        search_index.put([document_of(row)])
