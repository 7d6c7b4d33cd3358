"""Word of mouth as a viewer sees it: my circle first, everybody else counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, Select, func, select

from app.community.items.models import Item
from app.community.recommendations import statements
from app.community.recommendations.models import (
    Recommendation,
    RecommendationRevision,
    SavedRecommendation,
)
from app.community.recommendations.rows import (
    bought_from,
    marks_of,
    photos_of,
    read_endorsement,
    spoken_to,
    worded,
    words_on,
)
from app.community.recommendations.rules import best
from app.community.recommendations.values import (
    Counts,
    Endorsement,
    Endorsements,
    Glance,
    Marks,
    RecommendationView,
    Revision,
    Stance,
    Word,
)
from app.community.subject_items.queries import find_item_and_category, visible_items
from app.kernel.bounds import MAX_COUNTED
from app.kernel.clock import clock
from app.kernel.errors import NotFound
from app.kernel.ids import ItemId, MemberId, RecommendationId
from app.kernel.subjects import Subject
from app.platform.database import db
from app.platform.markup import render_markdown
from app.platform.prepared import Prepared
from app.platform.sql import listed
from app.platform.subjects import Looker
from app.trust.circle import queries as circles
from app.trust.circle.values import CircleView, all_through

_SAID: tuple[Any, ...] = (
    Recommendation.id,
    Recommendation.item_id,
    Recommendation.member_id,
    Recommendation.stance,
    Recommendation.rating,
    Recommendation.rating_high,
    Recommendation.text,
    Recommendation.disclosure,
    Recommendation.updated_at,
    Recommendation.verified_purchase,
    Recommendation.helpful_count,
    Item.title,
    Item.category,
    Item.photo_id,
    Item.kind,
)
_STANCES: Final = tuple(one.value for one in Stance)
SHOWN = 20  # endorsements of trusted people on the page, until all are asked for
OTHERS = 12  # of everybody else on one page
EVERYBODY = 1000  # as many as a circle holds: the API and the command line leave nobody out


def endorsements(
    viewer_id: MemberId | None,
    item_id: ItemId,
    *,
    most: int = SHOWN,
    others: int = 0,
    start: int = 0,
    stance: str | None = None,
    category: str | None = None,
    exact: bool = False,
) -> Endorsements:
    """Who in the viewer's circle says what, best first, and how many others.

    `others`: load so many of everybody else from `start` on, of one stance or of any. `category`: the
    item's, where it is known already. `exact`: count without a bound. Four statements, or five, whatever
    the number of recommendations.
    """
    if category is None:
        category = db.session.scalar(select(Item.category).where(Item.id == item_id))
    # Who is vouched for on this very topic counts fully here.
    circle = circles.circle_of(viewer_id, category)
    said = _read_word_of_mouth(viewer_id, item_id, circle, others, start, stance, exact=exact)
    known = [word for word in said.near if word.member_id != viewer_id]
    wanted = said.window[:others] if others else []
    shown = [word.member_id for word in best(known, circle.scores, most, said.age)]
    trails = circles.trails(viewer_id, [*shown, *wanted], circle)
    own = [viewer_id] if viewer_id is not None and others else []
    texts = {row.member_id: row for row in words_on(item_id, [*shown, *wanted, *own], viewer_id)}
    photos = photos_of([row.id for row in texts.values()])
    bought = bought_from(viewer_id, texts.values())

    def read(member_ids: Sequence[MemberId]) -> tuple[Endorsement, ...]:
        return tuple(
            read_endorsement(texts[one], circle, trails.get(one), photos, bought) for one in member_ids if one in texts
        )

    trusted = read([one for one in shown if one in trails])
    recommending = [word.member_id for word in known if word.stance == Stance.RECOMMEND]
    separate = circles.independent_ways(viewer_id, recommending) if recommending else 0
    ways = [trails[one] for one in shown if one in trails and one in recommending]
    return Endorsements(
        item_id=item_id,
        trusted=trusted,
        independent_ways=separate,
        others=said.counts,
        recommending=len(recommending),
        further=len(known) - len(trusted),
        direct=len(ways) == len(recommending) and all(len(way.steps) == 2 for way in ways),
        through=all_through(ways, ends=True) if separate == 1 else None,
        everybody=read(wanted),
        everybody_next=start + others if len(said.window) > others > 0 else None,
        mine=next(iter(read(own)), None),
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """What `statements.word_of_mouth` found: the circle's words, how many others, a window of these."""

    near: list[Word]
    counts: Counts
    window: list[MemberId]
    age: Callable[[Word], timedelta]


def _read_word_of_mouth(
    viewer_id: MemberId | None,
    item_id: ItemId,
    circle: CircleView,
    others: int,
    start: int,
    stance: str | None,
    *,
    exact: bool,
) -> _Said:
    stances = (stance,) if stance else _STANCES
    query = statements.word_of_mouth(db.engine.dialect.name, viewer_id is None, stances, others > 0)
    bound = statements.UNBOUNDED if exact else MAX_COUNTED + 1
    given: dict[str, Any] = {"item": item_id, "bound": bound}
    if others:
        given |= {"upto": start + others + 1, "start": start, "size": others + 1}
    if viewer_id is not None:
        given |= {"viewer": viewer_id, "circle": listed([*circle.ids, viewer_id])}
    found = defaultdict[str, list[Any]](list)
    for part, *row in query.tuples(**given):
        found[part].append(row)
    return _Said(
        near=[Word._make(row[:-1]) for row in found[statements.NEAR]],
        counts=_counts(_numbers(found[statements.COUNT]), _numbers(found[statements.SHARE]), bound),
        window=[row[0] for row in found[statements.OTHER]],
        age=_age_by(query),
    )


def _numbers(rows: Sequence[Any]) -> Counter[str]:
    return Counter({row[1]: row[-1] for row in rows})


def _counts(counted: Counter[str], some: Counter[str], bound: int) -> Counts:
    """Beyond a thousand in all each stance was counted by itself; else the thousand are all there are."""
    numbers = counted if some.total() > statements.SHARED else some
    good, middling, bad = (min(numbers[one], bound) for one in _STANCES)
    shares = (some["recommend"], some["neutral"], some["avoid"])
    return Counts(good, middling, bad, shares=shares if max(good, middling, bad) > MAX_COUNTED else None)


def _age_by(query: Prepared) -> Callable[[Word], timedelta]:
    now, moment = clock.now(), query.reader("at")
    return lambda word: now - moment(word.at)


def endorsements_about(viewer_id: MemberId | None, subject: Subject, *, most: int = 3) -> Endorsements | None:
    """Read the word of mouth on a listing or a store, the viewer's own with it; None while nobody has said anything."""
    found = find_item_and_category(subject)
    return endorsements_of(viewer_id, *found, most=most) if found else None


def endorsements_of(
    viewer_id: MemberId | None, item_id: ItemId | None, category: str = "", *, most: int = 3
) -> Endorsements | None:
    """Read the word of mouth on the item that stands for a thing; a store's is filed under nothing."""
    return endorsements(viewer_id, item_id, most=most, others=most, category=category) if item_id else None


def endorsement(viewer_id: MemberId | None, recommendation_id: RecommendationId) -> Endorsement:
    """One recommendation as its own page shows it; raises `NotFound`. Three statements."""
    query = (
        worded(viewer_id)
        .join(Item, Item.id == Recommendation.item_id)
        .where(Recommendation.id == recommendation_id, visible_items(viewer_id), spoken_to(viewer_id))
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("This recommendation no longer exists.")
    circle = circles.circle_of(viewer_id)
    trails = circles.trails(viewer_id, {row.member_id} - {viewer_id}, circle)
    bought = bought_from(viewer_id, [row])
    return read_endorsement(row, circle, trails.get(row.member_id), photos_of([row.id]), bought)


def glances(viewer_id: MemberId | None, item_ids: Sequence[ItemId]) -> dict[str, Glance]:
    """Sum up the word of mouth on each of many items in one line; two statements for all."""
    if not item_ids:
        return {}
    circle = circles.circle_of(viewer_id)
    given: dict[str, Any] = {"items": listed(list(item_ids)), "bound": MAX_COUNTED + 1}
    if viewer_id is not None:
        given |= {"viewer": viewer_id, "circle": listed([*circle.ids, viewer_id])}
    query = statements.glances(db.engine.dialect.name, viewer_id is None)
    others: dict[str, int] = {}
    trusted = defaultdict[str, list[Word]](list)
    for item_id, *row, number in query.tuples(**given):
        word = Word._make(row)
        if not word.member_id:
            others[item_id] = number
        elif word.member_id != viewer_id:
            trusted[item_id].append(word)
    age = _age_by(query)
    first = {ident: best(words, circle.scores, 1, age)[0].member_id for ident, words in trusted.items()}
    trails = circles.trails(viewer_id, set(first.values()), circle)
    return {
        ident: Glance(len(trusted[ident]), trails.get(first[ident]) if ident in first else None, others.get(ident, 0))
        for ident in item_ids
    }


def own(viewer_id: MemberId, item_id: ItemId) -> RecommendationView | None:
    """What the viewer says of it."""
    query = recommendation_rows(viewer_id).where(
        Recommendation.item_id == item_id, Recommendation.member_id == viewer_id
    )
    row = db.session.execute(query).one_or_none()
    return said(row) if row else None


def recommendation_rows(viewer: Looker) -> Select[Any]:
    """Recommendations that the viewer may see, with their items; `said` reads the rows."""
    return select(*_SAID).join(Item, Item.id == Recommendation.item_id).where(visible_items(viewer), spoken_to(viewer))


def marked_rows(viewer: Looker) -> Select[Any]:
    """Rows of `recommendation_rows` with what `marks` reads; what comments there are depends on the application."""
    return recommendation_rows(viewer).add_columns(*marks_of(viewer))


def marks(row: Row[Any]) -> Marks:
    """What the buttons of a row of `marked_rows` show."""
    return Marks(row.id, row.helpful_count, row.comments, bool(row.helped), bool(row.saved))


def said(row: Row[Any]) -> RecommendationView:
    """A row of `recommendation_rows`."""
    return RecommendationView(
        id=row.id,
        item_id=row.item_id,
        item_title=row.title,
        item_category=row.category,
        item_photo_id=row.photo_id,
        member_id=row.member_id,
        stance=row.stance,
        rating=row.rating,
        rating_max=row.rating_high,
        text=row.text,
        text_html=render_markdown(row.text) if row.text else "",
        disclosure=row.disclosure,
        at=row.updated_at,
        item_kind=row.kind,
        verified_purchase=row.verified_purchase,
        helpful=row.helpful_count,
    )


def own_words(viewer_id: MemberId, item_id: ItemId) -> Endorsement | None:
    """Read the viewer's own word with its photos, for the form that changes it."""
    rows = words_on(item_id, [viewer_id], viewer_id)
    if not rows:
        return None
    row = rows[0]
    bought = bought_from(viewer_id, [row])
    return read_endorsement(row, circles.circle_of(viewer_id), None, photos_of([row.id]), bought)


def by_member(viewer_id: MemberId | None, member_id: MemberId, *, limit: int = 20) -> list[RecommendationView]:
    """A member's latest recommendations, for the profile."""
    query = (
        recommendation_rows(viewer_id)
        .where(Recommendation.member_id == member_id)
        .order_by(Recommendation.updated_at.desc())
        .limit(limit)
    )
    return [said(row) for row in db.session.execute(query)]


def count_recommended(member_id: MemberId, item_ids: Sequence[ItemId], since: datetime) -> int:
    """How many of these items the member has recommended since then, and still does."""
    query = (
        select(func.count())
        .select_from(Recommendation)
        .where(
            Recommendation.member_id == member_id,
            Recommendation.item_id.in_(item_ids),
            Recommendation.stance == Stance.RECOMMEND,
            Recommendation.updated_at >= since,
            Recommendation.removed_at.is_(None),
        )
    )
    return db.session.scalar(query) or 0


def get_recommendation_view(viewer_id: MemberId | None, recommendation_id: RecommendationId) -> RecommendationView:
    """One recommendation as the viewer may see it; raises `NotFound`."""
    query = recommendation_rows(viewer_id).where(Recommendation.id == recommendation_id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("This recommendation no longer exists.")
    return said(row)


def history(viewer_id: MemberId | None, recommendation_id: RecommendationId) -> list[Revision]:
    """What was said and is said, the newest first; raises `NotFound`. Two statements."""
    now = get_recommendation_view(viewer_id, recommendation_id)
    query = (
        select(RecommendationRevision)
        .where(RecommendationRevision.recommendation_id == recommendation_id)
        .order_by(RecommendationRevision.number.desc())
    )
    found = [
        Revision(
            stance=now.stance,
            rating=now.rating,
            rating_max=now.rating_max,
            text_html=now.text_html,
            disclosure=now.disclosure,
            said_at=now.at,
            until=None,
        )
    ]
    for row in db.session.scalars(query):
        found.append(
            Revision(
                stance=row.stance,
                rating=row.rating,
                rating_max=row.rating_high,
                text_html=render_markdown(row.text) if row.text else "",
                disclosure=row.disclosure,
                said_at=row.said_at,
                until=found[-1].said_at,
            )
        )
    return found


def saved(member_id: MemberId, *, limit: int = 200) -> list[RecommendationView]:
    """What the member keeps, the last kept first."""
    query = (
        recommendation_rows(member_id)
        .join(SavedRecommendation, SavedRecommendation.recommendation_id == Recommendation.id)
        .where(SavedRecommendation.member_id == member_id)
        .order_by(SavedRecommendation.saved_at.desc(), Recommendation.id)
        .limit(limit)
    )
    return [said(row) for row in db.session.execute(query)]
