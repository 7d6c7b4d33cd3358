"""Reads of saved searches: a member's own, and those that a new thing may fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row, func, select

from app.discovery.saved_searches.models import SavedSearch, SavedSearchHit
from app.discovery.saved_searches.values import Cadence, SavedView
from app.discovery.search.asking import read_wanted
from app.discovery.search.values import LISTING, Wanted
from app.kernel.errors import NotFound
from app.kernel.ids import MemberId, SavedSearchId
from app.market.listings.prices import DEFAULT_CURRENCY
from app.platform.database import db
from app.platform.search.index import IS
from app.platform.search.words import Question, facet, question

_KEYS = 5000  # anchors in one statement
SHOWN = 48


@dataclass(frozen=True, slots=True)
class Candidate:
    """A saved search whose anchor a new thing has."""

    id: str
    member_id: MemberId
    cadence: Cadence
    wanted: Wanted


def question_of(wanted: Wanted) -> Question:
    """What a thing must have to fit, but for its price and whose it is."""
    facets = [facet(IS, wanted.kind or LISTING)]
    if wanted.category:
        facets.append(facet("category", wanted.category))
    if wanted.offer:
        facets.append(facet("kind", wanted.offer))
    return question(wanted.q).within(facets, wanted.near)


def candidates(anchors: Sequence[str]) -> list[Candidate]:
    """The saved searches with one of these anchors that want to hear of something."""
    found = []
    for start in range(0, len(anchors), _KEYS):
        rows = db.session.execute(
            select(SavedSearch.id, SavedSearch.member_id, SavedSearch.cadence, SavedSearch.asked).where(
                SavedSearch.anchor.in_(anchors[start : start + _KEYS]), SavedSearch.cadence != Cadence.OFF
            )
        )
        found += [Candidate(row.id, row.member_id, Cadence(row.cadence), as_wanted(row.asked)) for row in rows]
    return found


def as_wanted(kept: Mapping[str, str]) -> Wanted:
    """A kept search as it was asked."""
    return read_wanted(kept, lambda: DEFAULT_CURRENCY)


def mine(member_id: MemberId) -> list[SavedView]:
    """The member's saved searches, the newest first; one statement."""
    rows = db.session.execute(_counted().where(SavedSearch.member_id == member_id))
    return [_view(row) for row in rows]


def get_mine(member_id: MemberId, saved_id: SavedSearchId) -> SavedView:
    """One of them; raises `NotFound`, also for another's."""
    own = _counted().where(SavedSearch.member_id == member_id, SavedSearch.id == saved_id)
    row = db.session.execute(own).one_or_none()
    if row is None:
        raise NotFound("This saved search no longer exists.")
    return _view(row)


def found_by(saved_id: SavedSearchId, *, limit: int = SHOWN) -> list[str]:
    """What it has found, the newest first: ids of its kind."""
    rows = (
        select(SavedSearchHit.subject_id)
        .where(SavedSearchHit.saved_search_id == saved_id)
        .order_by(SavedSearchHit.found_at.desc(), SavedSearchHit.subject_id.desc())
    )
    return list(db.session.scalars(rows.limit(limit)))


def _counted() -> Any:
    waits = SavedSearchHit.told_at.is_(None)
    return (
        select(
            SavedSearch.id,
            SavedSearch.asked,
            SavedSearch.cadence,
            SavedSearch.created_at,
            func.count(SavedSearchHit.subject_id).label("found"),
            func.count(SavedSearchHit.subject_id).filter(waits).label("waiting"),
        )
        .outerjoin(SavedSearchHit, SavedSearchHit.saved_search_id == SavedSearch.id)
        .group_by(SavedSearch.id)
        .order_by(SavedSearch.created_at.desc(), SavedSearch.id.desc())
    )


def _view(row: Row[Any]) -> SavedView:
    asked: Mapping[str, str] = row.asked
    return SavedView(
        id=row.id,
        kind=asked.get("kind", LISTING),
        q=asked.get("q", ""),
        filters={name: value for name, value in asked.items() if name not in {"q", "kind"}},
        most=as_wanted(asked).max_price,
        cadence=Cadence(row.cadence),
        url=f"/search?{urlencode(asked)}",
        created_at=row.created_at,
        found=row.found,
        waiting=row.waiting,
    )
