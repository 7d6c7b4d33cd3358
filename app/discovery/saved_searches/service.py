"""Keeping searches, and telling of each thing that one of them finds, once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import and_, delete, func, or_, select, update

from app.community.items.queries import items_by_id
from app.discovery.saved_searches import rules
from app.discovery.saved_searches.models import SavedSearch, SavedSearchHit
from app.discovery.saved_searches.queries import Candidate, as_wanted, candidates, question_of
from app.discovery.saved_searches.values import ADDRESS_LENGTH, MOST, NOTICE, PAUSES, Cadence
from app.discovery.search.queries import people_within
from app.discovery.search.values import ITEM, LISTING, Order, Wanted
from app.kernel.clock import clock
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.ids import ListingId, MemberId, SavedSearchId, new_id
from app.kernel.subjects import Subject
from app.market.audiences.queries import reached_among
from app.market.listings.queries import cards_by_id
from app.notifications.inbox.service import notify, notify_all
from app.notifications.kinds.values import SAVED_SEARCH
from app.people.accounts.queries import hold, require_active
from app.people.blocks.queries import out_of_touch
from app.platform.database import db, rows_changed, unit_of_work
from app.platform.search import index as search_index
from app.platform.search.index import EVERYTHING, IS, Find
from app.platform.search.words import Question, facet, stem_anchors
from app.platform.sql import insert_into
from app.trust.circle.queries import circle_of

_HITS = 500  # rows in one statement
_DUE = 500  # summaries in one run of the job


def save_search(actor: MemberId, wanted: Wanted, cadence: Cadence = Cadence.INSTANT) -> SavedSearchId:
    """Keep the search; answers its id, also when it is kept already."""
    wanted = _kept_part(wanted)
    asked = wanted.parameters()
    address = urlencode(sorted(asked.items()))
    if len(address) > ADDRESS_LENGTH:
        raise Invalid("This search is too long to save.", code="too_long")
    anchor = _anchor(wanted)
    with unit_of_work():
        require_active(actor)
        # One at a time per member, or two at once could both be the last one allowed.
        hold(actor)
        own = SavedSearch.member_id == actor
        there = db.session.scalar(select(SavedSearch.id).where(own, SavedSearch.address == address))
        if there is not None:
            return there
        if (db.session.scalar(select(func.count()).select_from(SavedSearch).where(own)) or 0) >= MOST:
            raise Conflict("You can save up to %(count)s searches. Delete one first.", code="too_many", count=MOST)
        row = SavedSearch(
            id=new_id(), member_id=actor, address=address, asked=asked, anchor=anchor, cadence=cadence,
            created_at=clock.now(), told_at=clock.now(),
        )  # fmt: skip
        db.session.add(row)
        return row.id


def set_cadence(actor: MemberId, saved_id: SavedSearchId, cadence: Cadence | Callable[[Cadence], Cadence]) -> None:
    """How often; `off` forgets what was waiting. A function gets what holds now, held until the commit."""
    with unit_of_work():
        mine = SavedSearch.id == saved_id, SavedSearch.member_id == actor
        now = db.session.scalar(select(SavedSearch.cadence).where(*mine).with_for_update())
        if now is None:
            raise NotFound("This saved search no longer exists.")
        wanted = cadence(Cadence(now)) if callable(cadence) else cadence
        db.session.execute(update(SavedSearch).where(*mine).values(cadence=wanted))
        if wanted is Cadence.OFF:
            _take_waiting(saved_id, clock.now())


def remove_search(actor: MemberId, saved_id: SavedSearchId) -> None:
    """Forget it and what it has found."""
    with unit_of_work():
        mine = SavedSearch.id == saved_id, SavedSearch.member_id == actor
        if not rows_changed(db.session.execute(delete(SavedSearch).where(*mine))):
            raise NotFound("This saved search no longer exists.")


def file_again() -> None:
    """Their anchors are tokens: after words have become other tokens each is filed anew."""
    last = ""
    while True:
        with unit_of_work():
            some = select(SavedSearch.id, SavedSearch.asked).where(SavedSearch.id > last)
            rows = db.session.execute(some.order_by(SavedSearch.id).limit(_HITS)).all()
            for row in rows:
                anchor = _anchor(as_wanted(row.asked))
                db.session.execute(update(SavedSearch).where(SavedSearch.id == row.id).values(anchor=anchor))
        if len(rows) < _HITS:
            return
        last = rows[-1].id


def look_for(kind: str, ref: str) -> int:
    """Something is new or changed: whose saved searches does it fit? Answers how many learned of it.

    The number of statements does not depend on how many searches are kept.
    """
    known = search_index.tokens_of(kind, ref)
    if known is None:
        return 0
    tokens, find = known
    tokens.sort()
    filed_under = rules.anchors_for([*tokens, *stem_anchors(tokens)])
    fitting = [one for one in candidates(filed_under) if _fits(one.wanted, tokens, find)]
    if not fitting:
        return 0
    owner = find.owner_id
    away = out_of_touch(owner) | {owner} if owner is not None else frozenset()
    fitting = [one for one in fitting if one.member_id not in away and _near(one, owner)]
    if kind == LISTING:
        shown = reached_among(ListingId(ref), {one.member_id for one in fitting})
        fitting = [one for one in fitting if shown is None or one.member_id in shown]
    return _tell_new(fitting, Subject(kind, ref), owner)


def tell_due() -> int:
    """The summaries whose day or week is over; answers how many were sent."""
    now = clock.now()
    over = [and_(SavedSearch.cadence == one, SavedSearch.told_at <= now - pause) for one, pause in PAUSES.items()]
    waits = select(SavedSearchHit.saved_search_id).where(
        SavedSearchHit.saved_search_id == SavedSearch.id, SavedSearchHit.told_at.is_(None)
    )
    # What was collected before the member chose “at once” goes out now.
    over.append(SavedSearch.cadence == Cadence.INSTANT)
    due = db.session.execute(
        select(SavedSearch.id, SavedSearch.member_id, SavedSearch.told_at, SavedSearch.asked)
        .where(or_(*over), waits.exists())
        .limit(_DUE)
    ).all()
    return sum(_summarise(row.id, row.member_id, row.told_at, now, row.asked.get("q", "")) for row in due)


def _summarise(saved_id: SavedSearchId, member_id: MemberId, told_at: datetime, now: datetime, title: str) -> bool:
    with unit_of_work():
        # Of two jobs at once one finds the row as it was.
        mine = update(SavedSearch).where(SavedSearch.id == saved_id, SavedSearch.told_at == told_at)
        if not rows_changed(db.session.execute(mine.values(told_at=now))):
            return False
        if not _take_waiting(saved_id, now):
            return False
        key = f"saved:{saved_id}:{now:%Y%m%d%H%M}"
        subject, url = Subject(NOTICE, saved_id), f"/searches/{saved_id}"
        return notify(member_id, SAVED_SEARCH, subject, key=key, data={"title": title, "url": url})


def _take_waiting(saved_id: SavedSearchId, now: datetime) -> int:
    waiting = update(SavedSearchHit).where(SavedSearchHit.saved_search_id == saved_id, SavedSearchHit.told_at.is_(None))
    return rows_changed(db.session.execute(waiting.values(told_at=now)))


def _kept_part(wanted: Wanted) -> Wanted:
    kind = wanted.kind or LISTING
    if kind not in {LISTING, ITEM}:
        raise Invalid("Only searches for listings and items can be saved.", code="bad_kind")
    wanted = replace(wanted, kind=kind, order=Order.BEST, exact=False)
    if wanted.max_price is None:
        wanted = replace(wanted, currency=None)
    if kind == ITEM:
        # Nobody offers an item: it has no price, no place and no distance.
        wanted = replace(wanted, offer=None, max_price=None, currency=None, near="", hops=None)
    if not _terms(wanted):
        raise Invalid("Enter a word, a category or a place first.", code="nothing_asked")
    return wanted


def _terms(wanted: Wanted) -> list[Question]:
    asked = question_of(wanted)
    own = facet(IS, wanted.kind or LISTING)
    return [
        *(Question((term,), ()) for term in asked.whole if term != own),
        *(Question((), (term,)) for term in asked.beginnings),
        *(Question((), (), terms=(term,)) for term in asked.terms),
    ]


def _anchor(wanted: Wanted) -> str:
    terms = _terms(wanted)
    found = search_index.count_each([(wanted.kind or LISTING, term, EVERYTHING) for term in terms])
    return rules.anchor_of([_key_of(term) for term in terms], found)


def _key_of(term: Question) -> str:
    """Under which token it is filed: of a word with other forms, the stem that all of them have."""
    return term.terms[0].stem if term.terms else (term.whole or term.beginnings)[0]


def _fits(wanted: Wanted, tokens: Sequence[str], find: Find) -> bool:
    asked = question_of(wanted)
    if wanted.max_price is not None and not find.costs_at_most(wanted.max_price):
        return False
    if not rules.fits(asked.whole, asked.beginnings, tokens):
        return False
    return all(rules.fits_one(term.whole, term.beginnings, tokens) for term in asked.terms)


def _near(one: Candidate, owner: MemberId | None) -> bool:
    if one.wanted.hops is None or owner is None:
        return True
    return owner in (people_within(circle_of(one.member_id), one.wanted.hops) or [])


def _tell_new(fitting: Sequence[Candidate], subject: Subject, owner: MemberId | None) -> int:
    now = clock.now()
    by_id = {one.id: one for one in fitting}
    told = 0
    for start in range(0, len(fitting), _HITS):
        rows = [
            {
                "saved_search_id": one.id,
                "subject_kind": subject.kind,
                "subject_id": subject.id,
                "found_at": now,
                "told_at": now if one.cadence is Cadence.INSTANT else None,
            }
            for one in fitting[start : start + _HITS]
        ]
        with unit_of_work():
            # Whose row is new may tell of it; who comes second, or again, finds it there.
            new = db.session.scalars(
                insert_into(SavedSearchHit)
                .values(rows)
                .on_conflict_do_nothing()
                .returning(SavedSearchHit.saved_search_id)
            ).all()
            told += len(new)
            at_once = [by_id[one].member_id for one in new if by_id[one].cadence is Cadence.INSTANT]
            if at_once:
                # Two searches of one member that find the same thing tell of it once.
                key = f"saved:{subject.kind}:{subject.id}"
                notify_all(at_once, SAVED_SEARCH, subject, key=key, data=_about(subject, owner))
    return told


def _about(subject: Subject, owner: MemberId | None) -> dict[str, str]:
    if subject.kind == ITEM:
        item = items_by_id([subject.id]).get(subject.id)
        return {"title": item.title, "url": item.url} if item else {}
    card = cards_by_id(owner, [subject.id]).get(subject.id)
    return {"title": card.title, "url": card.url} if card else {}
