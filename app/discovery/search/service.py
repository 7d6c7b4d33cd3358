"""Keeps the search index: members by events, everything anew by a rebuild.

Listings and items write their own documents in the transaction that changes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from typing import Any

from sqlalchemy import func, or_, select, update

from app.community.items import queries as items
from app.community.items.models import Item
from app.kernel.clock import clock
from app.kernel.events import Event
from app.kernel.ids import EventId
from app.market.listings import documents as listings
from app.market.listings.models import Listing
from app.messaging.conversations.events import ConversationStarted, PersonLeft, RoomChanged
from app.messaging.conversations.refolding import fold_again
from app.messaging.groups import queries as rooms
from app.people.accounts.events import MemberReinstated, MemberSuspended
from app.people.accounts.models import Member
from app.platform.database import db, rows_changed, unit_of_work
from app.platform.projections import Progress
from app.platform.search import index as search_index
from app.platform.search.folding import FOLDING
from app.platform.search.index import Document
from app.platform.search.tables import SearchDocument, SearchState
from app.platform.sql import insert_or_ignore, upsert

KIND = "member"
_BATCH = 1000
_ONLY = 1  # the one row of the state
_CLAIM = timedelta(minutes=10)


def react(event: Event, _event_id: EventId) -> None:
    """A member's face is found as it is now, whatever has happened to it; safe to repeat."""
    member_id = getattr(event, "member_id", None)
    if member_id is None:
        return
    row = db.session.execute(_members().where(Member.id == member_id)).one_or_none()
    if row is None:
        search_index.remove_for_good(KIND, str(member_id))
        return
    search_index.put([_document(row)])
    if isinstance(event, MemberSuspended | MemberReinstated):
        # All that is theirs; when the time is over it is found again without an event.
        search_index.hide(row.id, row.suspended_until)


def react_to_room(event: Event, _event_id: EventId) -> None:
    """An open room is found, a closed one is not; safe to repeat."""
    if isinstance(event, ConversationStarted | PersonLeft | RoomChanged):
        documents = rooms.search_documents(event.conversation_id)
        if documents:
            search_index.put(documents)
        else:
            search_index.remove("room", [event.conversation_id])


def begin_index() -> None:
    """An empty index is of the present folding: a bulk import begins with this."""
    with unit_of_work():
        if db.session.scalar(select(SearchDocument.id).limit(1)) is None:
            _set_folding()


def is_outdated() -> bool:
    """Whether the documents were made by another folding than the present one."""
    return db.session.scalar(select(SearchState.folding).where(SearchState.id == _ONLY)) != FOLDING


def bring_up_to_date() -> bool:
    """Make every document anew after an upgrade that folds letters in another way; answers whether it did.

    In batches, so that nobody waits and the search goes on meanwhile. One at a time does it, and who
    breaks off leaves it to the next.
    """
    if not is_outdated() or not _claim():
        return False
    everything = chain(
        listings.search_documents(), items.search_documents(), _member_documents(), [rooms.search_documents()]
    )
    while True:
        with unit_of_work():
            batch = next(everything, None)
            if batch is None:
                break
            search_index.put(batch)
            db.session.execute(update(SearchState).values(claimed_at=clock.now()))
    fold_again()
    with unit_of_work():
        _set_folding()
    return True


def _claim() -> bool:
    now = clock.now()
    with unit_of_work():
        free = or_(SearchState.claimed_at.is_(None), SearchState.claimed_at < now - _CLAIM)
        insert_or_ignore(SearchState, {"id": _ONLY, "folding": "", "claimed_at": None})
        mine = update(SearchState).where(SearchState.folding != FOLDING, free).values(claimed_at=now)
        return rows_changed(db.session.execute(mine)) > 0


def _set_folding() -> None:
    row = {"id": _ONLY, "folding": FOLDING, "claimed_at": None}
    upsert(SearchState, row, keys=["id"])


def add_missing() -> int:
    """Index what came without events: a bulk import ends with this. Answers how much it was."""
    done = 0
    for batches in (items.search_documents(), _member_documents()):
        for batch in batches:
            with unit_of_work():
                refs = [document.ref for document in batch]
                known = select(SearchDocument.ref).where(
                    SearchDocument.kind == batch[0].kind, SearchDocument.ref.in_(refs)
                )
                there = set(db.session.scalars(known))
                done += search_index.add_new(one for one in batch if one.ref not in there)
    return done


def rebuild_search(progress: Progress) -> None:
    """Forget the index and build it from the tables, in one transaction."""
    total = _how_many()
    done = 0
    with unit_of_work():
        search_index.clear()
        for batches in (listings.search_documents(), items.search_documents(), _member_documents()):
            for batch in batches:
                done += search_index.add_new(batch)
                progress(done, max(total, done))
        done += search_index.add_new(rooms.search_documents())
        _hide_suspended()
        _set_folding()
    progress(done, done)


def _hide_suspended() -> None:
    now = select(Member.id, Member.suspended_until).where(Member.suspended_until > clock.now())
    for row in db.session.execute(now).all():
        search_index.hide(row.id, row.suspended_until)


def _how_many() -> int:
    tables = (Listing, Item, Member)
    return sum(db.session.scalar(select(func.count()).select_from(one)) or 0 for one in tables)


def _member_documents() -> Iterator[list[Document]]:
    last = 0
    while True:
        query = _members().where(Member.id > last).order_by(Member.id).limit(_BATCH)
        rows = list(db.session.execute(query))
        if not rows:
            return
        last = rows[-1].id
        yield [_document(row) for row in rows]


def _members() -> Any:
    return select(
        Member.id,
        Member.handle,
        Member.name,
        Member.place,
        Member.bio,
        Member.joined_at,
        Member.suspended_until,
    ).where(Member.active.is_(True))


def _document(row: Any) -> Document:
    return Document(
        KIND,
        str(row.id),
        f"{row.name} {row.handle}",
        row.bio,
        row.joined_at,
        owner_id=row.id,
        place=row.place,
    )
