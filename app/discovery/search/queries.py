"""Searching listings, items and members: the newest or the best page of what words and filters leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.discovery.search.reading import READERS, recommended_by
from app.discovery.search.rules import Rank, rank
from app.discovery.search.values import CIRCLE, ITEM, KINDS, LISTING, MEMBER, ROOM, Order, Results, Wanted
from app.kernel.bounds import MAX_COUNTED
from app.kernel.ids import ItemId, MemberId
from app.kernel.pagination import decode_cursor, encode_cursor
from app.market.audiences.queries import has_limited, unseen_by
from app.market.listings.values import CURRENCIES
from app.people.blocks.queries import out_of_touch
from app.platform.search import index as search_index
from app.platform.search import spelling as search_spelling
from app.platform.search.index import Among, Find
from app.platform.search.words import Question, facet, parts, question
from app.platform.subjects import NOBODY
from app.trust.circle import queries as circles
from app.trust.circle.values import CircleView

PAGE = 24
RANKED = 400  # up to so many finds are ordered by more than their age
LITTLE = 3  # finds: below, another spelling is looked for

Narrowed = Mapping[str, Among]
Counts = dict[str, int]


def search(viewer_id: MemberId | None, wanted: Wanted, *, cursor: str | None = None, limit: int = PAGE) -> Results:
    """One page; without a kind the first one that has something."""
    asked = question(wanted.q)
    if not asked and not wanted.filtered:
        return Results(wanted=wanted, kind=wanted.kind or LISTING, counts={})
    circle = circles.circle_of(viewer_id)
    away = out_of_touch(viewer_id) if viewer_id is not None else frozenset()
    # Rooms are for members.
    kinds = KINDS if viewer_id is not None else tuple(kind for kind in KINDS if kind != ROOM)
    among = {kind: _among(kind, wanted, circle, away) for kind in kinds}
    if has_limited():
        # Listings with a chosen audience are few, and most communities have none.
        among[LISTING] = replace(among[LISTING], unseen=unseen_by(viewer_id or NOBODY))
    [(counts, near)] = _count([asked], among)
    corrected = instead = None
    if sum(counts.values()) < LITTLE and asked and not wanted.exact:
        instead, better = _other_spelling(wanted.q, among)
        if instead is None or sum(better[0].values()) <= sum(counts.values()):
            instead = None
        elif not any(counts.values()):
            corrected, instead = instead, None
            asked, (counts, near) = question(corrected), better
    kind = wanted.kind if wanted.kind in kinds else next((one for one in kinds if near[one]), LISTING)
    rows, following = _page(kind, asked, wanted, among[kind], circle, near, cursor, limit)
    found = READERS[kind](viewer_id, [row.ref for row in rows], circle, wanted.hops) if rows else {}
    return Results(
        wanted=wanted,
        kind=kind,
        counts=near,
        # Of a common word not all are counted: then it is as many as are counted at most.
        hidden=MAX_COUNTED + 1 if wanted.hops is not None and counts[kind] > MAX_COUNTED else counts[kind] - near[kind],
        corrected=corrected,
        instead=instead,
        next=following,
        **found,
    )


def people_within(circle: CircleView, hops: int | None) -> list[MemberId] | None:
    """Who of the circle is near enough; None when anybody is."""
    if hops is None:
        return None
    return circle.ids if hops == CIRCLE else circle.within(hops)


def _among(kind: str, wanted: Wanted, circle: CircleView, away: frozenset[MemberId]) -> Among:
    facets = []
    if wanted.category and kind in {LISTING, ITEM}:
        facets.append(facet("category", wanted.category))
    if wanted.offer and kind == LISTING:
        facets.append(facet("kind", wanted.offer))
    people = people_within(circle, wanted.hops) if kind in {LISTING, MEMBER} else None
    return Among(
        facets=tuple(facets),
        near=wanted.near if kind != ITEM else "",
        most=wanted.max_price if kind == LISTING else None,
        owners=None if people is None else frozenset([circle.viewer_id, *people]),
        without=away,
    )


def _count(asked: Sequence[Question], among: Narrowed) -> list[tuple[Counts, Counts]]:
    """For each question how much there is of each kind, and how much of it within the trust distance."""
    ways = [(kind, where.anybody(), where) for kind, where in among.items()]
    questions = [
        (kind, one, where)
        for one in asked
        for kind, anybody, narrowed in ways
        for where in ([anybody] if narrowed.owners is None else [anybody, narrowed])
    ]
    found = iter(search_index.count_each(questions))
    counted = []
    for _one in asked:
        everything: Counts = {}
        near: Counts = {}
        for kind, _anybody, narrowed in ways:
            everything[kind] = next(found)
            near[kind] = everything[kind] if narrowed.owners is None else next(found)
        counted.append((everything, near))
    return counted


def _other_spelling(q: str, among: Narrowed) -> tuple[str | None, tuple[Counts, Counts]]:
    """Known words that find most in the place of the typed ones."""
    meant = search_spelling.readings(q)
    if not meant:
        return None, ({}, {})
    counted = _count([question(one) for one in meant], among)
    best = max(range(len(meant)), key=lambda n: (sum(counted[n][0].values()), -n))
    return meant[best], counted[best]


def _page(
    kind: str,
    asked: Question,
    wanted: Wanted,
    among: Among,
    circle: CircleView,
    counts: Counts,
    cursor: str | None,
    limit: int,
) -> tuple[list[Find], str | None]:
    after = decode_cursor(cursor, int, int, int)
    common = counts[kind] > MAX_COUNTED
    by_trust = kind == ITEM and wanted.hops is not None
    plain = wanted.order is Order.NEWEST or (wanted.order is Order.BEST and counts[kind] > RANKED)
    if plain and not by_trust:
        before = -after[2] if after else None
        rows = search_index.find(kind, asked, limit=limit + 1, before=before, among=among, common=common)
        keys: list[Rank] = [(0, 0, -row.place) for row in rows]
    else:
        rows = search_index.find(kind, asked, limit=RANKED, among=among, common=common)
        if by_trust:
            near = people_within(circle, wanted.hops) or []
            trusted = recommended_by(circle.viewer_id, near, [ItemId(row.ref) for row in rows])
            rows = [row for row in rows if row.ref in trusted]
            counts[kind] = len(rows)
        ranked = sorted((_key(row, wanted, circle), row) for row in rows)
        ranked = [one for one in ranked if after is None or one[0] > after]
        keys, rows = [key for key, _row in ranked], [row for _key_, row in ranked]
    return rows[:limit], encode_cursor(*keys[limit - 1]) if len(rows) > limit else None


def _dearness(row: Find, currency: str | None) -> Rank:
    """The reader's currency first, then each other by itself; what has no price comes last."""
    if row.price_minor is None:
        return len(CURRENCIES) + 2, 0, -row.place
    own = row.currency is None or row.currency == currency
    group = 0 if own else 1 + (CURRENCIES.index(row.currency) if row.currency in CURRENCIES else len(CURRENCIES))
    return group, row.price_minor, -row.place


def _key(row: Find, wanted: Wanted, circle: CircleView) -> Rank:
    """What the page is ordered by; smaller comes first."""
    if wanted.order is Order.PRICE:
        return _dearness(row, wanted.currency)
    if wanted.order is Order.TRUST:
        return -int(circle.score(row.owner_id or NOBODY) * 1e12), 0, -row.place
    if wanted.order is Order.NEWEST:
        return 0, 0, -row.place
    return rank(parts(wanted.q), row.title, (row.owner_id or NOBODY) in circle, row.place)
