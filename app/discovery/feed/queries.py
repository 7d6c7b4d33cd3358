"""What a viewer finds on the first page: ranked windows over the newest, and the reason of each entry.

A window holds the newest entries behind a place in time; inside it trust, stance, freshness, proof
of purchase and taste make the order (`rules`). The cursor names the time of the first page, the
window and what of it was shown, so that the same question gets the same answer and nothing that
changes places between two pages is skipped or shown twice.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import Integer, String, Table, bindparam, select

from app.community.recommendations.models import Recommendation
from app.community.recommendations.queries import marked_rows, marks, said
from app.community.recommendations.values import Marks, RecommendationView
from app.discovery.feed.models import FeedChoice
from app.discovery.feed.rules import best_of_each, by_thing, in_order, visible, window
from app.discovery.feed.sources import newest
from app.discovery.feed.tastes import suggestions
from app.discovery.feed.values import (
    CHECKLIST,
    CIRCLE,
    EXPLORE,
    LISTING,
    MODES,
    RECOMMENDATION,
    Candidate,
    Card,
    Choice,
    Entry,
    FeedPage,
    Ranked,
    Reason,
    Tastes,
    Wishes,
)
from app.discovery.feed.wishes import wishes_of
from app.kernel.bounds import moment
from app.kernel.clock import clock
from app.kernel.errors import Invalid
from app.kernel.ids import MemberId
from app.kernel.pagination import decode_cursor, encode_cursor
from app.kernel.vocabulary import OTHER
from app.market.listings.queries import cards_by_id
from app.people.profiles.queries import cards
from app.platform.database import db
from app.platform.prepared import Prepared
from app.platform.slots import Slot
from app.platform.sql import among, listed
from app.platform.subjects import NOBODY
from app.platform.vocabulary.reading import category_name, vocabulary
from app.trust.circle import queries as circles
from app.trust.circle.values import CircleView

# Who weighs least in a large circle has next to no say; a bounded list keeps the query small.
HEARD = 400
WINDOW = 120  # entries that are ranked against each other
QUIET = 5  # a circle that has said less than this is helped by what others say
BEYOND = 8
WORDS = 3  # on a card; how many more there are is said
SHOWN_CHOICES = 200

_MARK = 8  # letters of a mark

# Who sees which comment depends on the kinds of things that this application knows.
_WORDS_OF: Slot[dict[str, Prepared]] = Slot("feed_words", dict)
_NO_SCORES: dict[MemberId, float] = {}


class Chosen(NamedTuple):
    """One choice as the settings list it; `title` is of the hidden thing, where it still stands."""

    choice: str
    target: str
    title: str | None


class _Place(NamedTuple):
    """Where a page begins."""

    as_of: datetime
    before: tuple[datetime, str] | None = None
    shown: frozenset[str] = frozenset()  # marks of what earlier pages of this window had
    near: frozenset[str] = frozenset()  # and of what was shown out of its time, for the taste
    stamp: str | None = None  # of the taste model


def feed(
    viewer_id: MemberId | None, mode: str | None = None, *, limit: int = 20, cursor: str | None = None
) -> FeedPage:
    """One page; raises `Invalid` for an unknown mode or a damaged cursor. Five statements.

    Without a mode: the one that the member used last. With personalisation off everybody gets the
    same entries, newest first; the circle is then not even asked for.
    """
    wishes = wishes_of(viewer_id)
    mode = mode or wishes.mode
    if mode not in MODES:
        raise Invalid("mode is “circle” or “explore”", code="bad_mode")
    place = _place(cursor)
    if not wishes.personal:
        return _page(viewer_id, EXPLORE, wishes, None, place, limit)
    circle = circles.circle_of(viewer_id)
    if mode == CIRCLE and cursor is None and not circle.ids:
        return _of_nobody(viewer_id, wishes, circle, place)
    page = _page(viewer_id, mode, wishes, circle, place, limit)
    if mode == CIRCLE and page.next is None and cursor is None and len(page.items) < QUIET:
        beyond = _page(viewer_id, EXPLORE, wishes, circle, place, BEYOND)
        known = {entry.target for entry in page.items}
        page = FeedPage(
            page.items,
            None,
            page.hidden,
            page.mode,
            page.personal,
            [entry for entry in beyond.items if entry.target not in known],
            page.topics,
            remembered=page.remembered,
            first_steps=page.first_steps,
        )
    return page


def _of_nobody(viewer_id: MemberId | None, wishes: Wishes, circle: CircleView, place: _Place) -> FeedPage:
    """For whom no circle speaks: what others say, without a look for what nobody has said."""
    beyond = _page(viewer_id, EXPLORE, wishes, circle, place, BEYOND, count_hidden=True)
    return FeedPage(
        [],
        None,
        beyond.hidden,
        CIRCLE,
        wishes.personal,
        beyond.items,
        wishes.ticked,
        remembered=beyond.remembered,
        first_steps=beyond.first_steps,
    )


def topics_to_choose(chosen: Iterable[str] = ()) -> list[tuple[str, bool]]:
    """The vocabulary, with what is chosen already in front."""
    mine = list(chosen)
    offered = (one for one in vocabulary().offered if one != OTHER)
    return [(one, one in mine) for one in dict.fromkeys([*mine, *offered])]


def choices_of(member_id: MemberId) -> list[Chosen]:
    """What the member has told the feed, the latest first."""
    rows = db.session.execute(
        select(FeedChoice.choice, FeedChoice.target)
        .where(FeedChoice.member_id == member_id, FeedChoice.choice != CHECKLIST)
        .order_by(FeedChoice.created_at.desc())
        .limit(SHOWN_CHOICES)
    ).all()
    hidden = [row.target.partition(":") for row in rows if row.choice == Choice.HIDE]
    titles = {
        f"{RECOMMENDATION}:{one}": said.item_title
        for one, (said, _numbers) in _said(
            member_id, (ident for kind, _sep, ident in hidden if kind == RECOMMENDATION)
        ).items()
    }
    titles |= {
        f"{LISTING}:{one}": card.title
        for one, card in cards_by_id(member_id, [ident for kind, _sep, ident in hidden if kind == LISTING]).items()
    }
    return [Chosen(row.choice, row.target, titles.get(row.target)) for row in rows]


def _page(
    viewer_id: MemberId | None,
    mode: str,
    wishes: Wishes,
    circle: CircleView | None,
    place: _Place,
    limit: int,
    *,
    count_hidden: bool = False,
) -> FeedPage:
    people = circle.ids[:HEARD] if circle is not None and mode == CIRCLE else None
    tastes = suggestions(wishes.liked, circle, place.stamp) if circle is not None and people is None else Tastes()
    read = newest(
        people,
        size=WINDOW,
        as_of=place.as_of,
        before=place.before,
        item_ids=sorted(tastes.near),
        viewer_id=viewer_id,
        # Counted on the first page: later ones would say the same again.
        count_hidden=(count_hidden or people is not None) and place.before is None and not place.shown,
        spare=len(place.near),
    )
    scores = circle.scores if circle is not None else _NO_SCORES
    near = {one.target: one for one in best_of_each(visible(read.near, wishes), scores)}
    out_of_time = frozenset(near) if place.before is None else frozenset()
    kept, last = window(
        _without([one for one in read.found if one.target not in out_of_time], place.near),
        WINDOW,
    )
    if place.before is None:
        kept = [*kept, *near.values()]
    order = in_order(visible(kept, wishes), wishes, scores, tastes, place.as_of, mode)
    rest = [one for one in order if _mark(one.candidate) not in place.shown] if place.shown else order
    cards_left = by_thing(rest)
    shown = cards_left[:limit]
    told = [one.candidate for card in shown for one in card.all]
    come = frozenset(_mark(one) for one in told)
    early = frozenset(_mark(one) for one in told if one.target in out_of_time)
    place = place._replace(shown=place.shown | come, near=place.near | early, stamp=tastes.stamp)
    return FeedPage(
        _entries(viewer_id, shown, circle),
        _next(place, (last.at, last.id) if last else None, more=len(cards_left) > limit),
        read.hidden,
        mode,
        wishes.personal,
        topics=wishes.ticked,
        remembered=wishes.mode if wishes.chosen else None,
        first_steps=wishes.first_steps,
    )


def _next(place: _Place, last: tuple[datetime, str] | None, *, more: bool) -> str | None:
    if not more:
        if last is None:
            return None
        place = place._replace(before=last, shown=frozenset())
    at, ident = (place.before[0].isoformat(), place.before[1]) if place.before else ("", "")
    marks = ("".join(sorted(some)) for some in (place.shown, place.near))
    return encode_cursor(place.as_of.isoformat(), at, ident, *marks, place.stamp or "")


def _place(cursor: str | None) -> _Place:
    key = decode_cursor(cursor, datetime, str, str, str, str, str)
    if key is None:
        return _Place(clock.now())
    as_of, at, ident, shown, near, stamp = key
    return _Place(as_of, (moment(at), ident) if at else None, _marks(shown), _marks(near), stamp)


def _mark(one: Candidate) -> str:
    """A few letters that stand for an entry in a cursor: two windows of them fit into an address."""
    return base64.urlsafe_b64encode(hashlib.blake2s(one.target.encode(), digest_size=_MARK * 3 // 4).digest()).decode()


def _without(found: list[Candidate], marks: frozenset[str]) -> list[Candidate]:
    return [one for one in found if _mark(one) not in marks] if marks else found


def _marks(text: str) -> frozenset[str]:
    return frozenset(text[start : start + _MARK] for start in range(0, len(text), _MARK))


def _entries(viewer_id: MemberId | None, shown: Sequence[Card], circle: CircleView | None) -> list[Entry]:
    """The whole of what is shown: three statements."""
    words = [one for card in shown for one in card.all[:WORDS]]
    told = _said(viewer_id, (one.candidate.id for one in words if one.candidate.kind == RECOMMENDATION))
    offers = cards_by_id(viewer_id, [one.candidate.id for one in words if one.candidate.kind == LISTING])
    authors = {one.candidate.author_id for one in words}
    trails, faces = circles.trails_and_faces(circle, authors) if circle is not None else ({}, cards(authors))

    def read(one: Ranked, further: tuple[Entry, ...] = (), unshown: int = 0) -> Entry | None:
        entry = one.candidate
        face = faces.get(entry.author_id)
        text, numbers = told.get(entry.id, (None, None))
        offer = offers.get(entry.id)
        if face is None or (text is None and offer is None):
            return None
        return Entry(
            kind=entry.kind,
            id=entry.id,
            at=entry.at,
            member=face,
            trail=trails.get(entry.author_id),
            score=one.trust,
            reason=one.reason,
            because=category_name(one.because) if one.reason is Reason.TOPIC else one.because,
            said=text,
            listing=offer,
            marks=numbers,
            further=further,
            unshown=unshown,
        )

    found = []
    for card in shown:
        further = [entry for one in card.further[: WORDS - 1] if (entry := read(one))]
        found.append(read(card.first, tuple(further), max(0, len(card.further) - WORDS + 1)))
    return [one for one in found if one is not None]


def _said(viewer_id: MemberId | None, ids: Iterable[str]) -> dict[str, tuple[RecommendationView, Marks]]:
    wanted = list(ids)
    if not wanted:
        return {}
    kept, dialect = _WORDS_OF.here(), db.engine.dialect.name
    if dialect not in kept:
        here = among(dialect, cast(Table, Recommendation.__table__).c.id, "ids", String())
        kept[dialect] = Prepared(marked_rows(bindparam("viewer", type_=Integer())).where(here))
    rows = kept[dialect].rows(viewer=viewer_id or NOBODY, ids=listed(wanted))
    return {row.id: (said(row), marks(row)) for row in rows}
