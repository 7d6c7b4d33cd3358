"""Full-text search with one interface on SQLite (FTS5) and PostgreSQL (GIN over tsvector).

The tokens are made by `search_words` and stored in `search_document` (`search_tables`). Newest first
is the order of its ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert_postgresql
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite

from app.kernel.bounds import MAX_COUNTED
from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.kernel.money import Money
from app.platform.database import db
from app.platform.search import spelling as search_spelling
from app.platform.search.match import FTS, fts5_query, is_sqlite, search
from app.platform.search.tables import TITLE_LENGTH, SearchDocument, mirrored_at_once
from app.platform.search.words import Question, document_tokens, facet, parts, place_facets, question

IS, BY = "is", "by"
_BATCH = 500
_DOCUMENTS: Final = cast(Table, SearchDocument.__table__)
_REPLACED = ("tokens", "at", "title", "owner_id", "price_minor", "currency")
_MAX_OWNERS = 64  # that are asked for as tokens; more are sorted out among the finds
_COUNTED_AMONG = 5_000  # finds, the newest first
_WALKED = 20_000  # how many of the newest documents are looked through for a common word


@dataclass(frozen=True, slots=True)
class Document:
    """A thing as the index takes it: `title` is found by word endings too, `body` by words.

    `facets` come from `search_words.facet`. A price has its currency; 0 without one is free in any.
    """

    kind: str
    ref: str
    title: str
    body: str
    at: datetime
    owner_id: MemberId | None = None
    place: str = ""
    facets: tuple[str, ...] = ()
    price_minor: int | None = None
    currency: str | None = None

    def tokens(self) -> str:
        """All by which it is found."""
        own = [] if self.owner_id is None else [facet(BY, self.owner_id)]
        facets = [facet(IS, self.kind), *own, *self.facets, *place_facets(self.place)]
        return document_tokens(self.title, f"{self.body} {self.place}", facets)


@dataclass(frozen=True, slots=True)
class Find:
    """One find: `place` is its number in the index, higher for what came later."""

    place: int
    ref: str
    title: str
    owner_id: MemberId | None
    price_minor: int | None
    currency: str | None

    def costs_at_most(self, most: Money) -> bool:
        """Whether it is priced in this currency, or free, and not above it."""
        comparable = self.currency in {None, most.currency}
        return comparable and self.price_minor is not None and self.price_minor <= most.minor


@dataclass(frozen=True, slots=True)
class Among:
    """What a search is narrowed to. `owners` None is everybody's; `without` is nobody's of these."""

    facets: tuple[str, ...] = ()
    near: str = ""
    most: Money | None = None
    owners: frozenset[MemberId] | None = None
    without: frozenset[MemberId] = frozenset()
    unseen: Select[Any] | None = None  # refs of what the reader may not see for another reason

    def anybody(self) -> Among:
        """Widen the search to everybody's things."""
        return replace(self, owners=None)


EVERYTHING: Final = Among()


def put(documents: Iterable[Document]) -> None:
    """Add or replace, inside the caller's unit of work."""
    upsert = upsert_sqlite if is_sqlite() else upsert_postgresql
    statement = upsert(SearchDocument)
    statement = statement.on_conflict_do_update(
        index_elements=[SearchDocument.kind, SearchDocument.ref],
        set_={name: statement.excluded[name] for name in _REPLACED},
    )
    given = list(documents)
    if given:
        db.session.execute(statement, [_row(document) for document in given])
        search_spelling.learn(f"{one.title} {one.body} {one.place}" for one in given)


def remove(kind: str, refs: Iterable[str]) -> None:
    """Take out what cannot be found any more, inside the caller's unit of work."""
    db.session.execute(delete(SearchDocument).where(SearchDocument.kind == kind, SearchDocument.ref.in_(list(refs))))


def remove_for_good(kind: str, ref: str) -> None:
    """Remove one thing, and every word that only this one had."""
    mine = select(SearchDocument.tokens).where(SearchDocument.kind == kind, SearchDocument.ref == ref)
    tokens = db.session.scalar(mine) or ""
    remove(kind, [ref])
    db.session.flush()
    left = [word for word in tokens.split() if search_spelling.spellable(word)]
    search_spelling.forget([word for word in left if not _somewhere(Question((word,), ()))])


def hide(owner_id: MemberId, until: datetime | None) -> None:
    """Nothing of this member is found until then; None: all of it is found again."""
    db.session.execute(update(SearchDocument).where(SearchDocument.owner_id == owner_id).values(hidden_until=until))


def clear() -> None:
    """Forget everything, inside the caller's unit of work; a rebuild begins with it."""
    db.session.execute(delete(SearchDocument))
    search_spelling.forget_all()


def add_new(documents: Iterable[Document]) -> int:
    """Bulk insert behind `clear`, oldest first; answers how many."""
    done = 0
    given = iter(documents)
    with mirrored_at_once(db.session.connection()):
        while batch := list(islice(given, _BATCH)):
            # Without the session's work for each row: nobody asks for these as objects.
            db.session.connection().execute(insert(_DOCUMENTS), [_row(one) for one in batch])
            search_spelling.learn(f"{one.title} {one.body} {one.place}" for one in batch)
            done += len(batch)
    return done


def _row(document: Document) -> dict[str, object]:
    return {
        "kind": document.kind,
        "ref": document.ref,
        "tokens": document.tokens(),
        "at": document.at,
        "title": " ".join(parts(document.title))[:TITLE_LENGTH],
        "owner_id": document.owner_id,
        "price_minor": document.price_minor,
        "currency": document.currency,
    }


def matching(kind: str, typed: str) -> Select[str] | None:
    """The refs of this kind that the words find, for `IN (…)`; None when nothing was asked."""
    asked = question(typed)
    if not asked:
        return None
    asked = asked.within([facet(IS, kind)])
    if is_sqlite():
        return search(asked, SearchDocument.ref)
    finds = search(asked, SearchDocument.ref).cte("matching")
    finds = finds.prefix_with("MATERIALIZED")
    return select(finds.c.ref)


def meant(kind: str, typed: str) -> str | None:
    """Known words for misspelt ones, where the typed ones find nothing of this kind; else None."""
    asked = question(typed)
    if not asked or _somewhere(asked.within([facet(IS, kind)])):
        return None
    for other in search_spelling.readings(typed):
        if _somewhere(question(other).within([facet(IS, kind)])):
            return other
    return None


def find(
    kind: str,
    asked: Question,
    *,
    limit: int,
    before: int | None = None,
    among: Among = EVERYTHING,
    common: bool = False,
) -> list[Find]:
    """The newest finds; go on with `before` the last place. Say so when the words are `common`.

    Without words everything that it is narrowed to, and nothing when it is not narrowed either.
    """
    if not asked and among == EVERYTHING:
        return []
    if is_sqlite():
        # Ordered by its own rowid FTS5 stops after the page instead of sorting every find.
        place: Any = FTS.c.rowid
        newest = search(_narrowed(kind, asked, among), place.label("place"), *_SHOWN)
        newest = newest.where(*_still(SearchDocument, among))
        if before is not None:
            newest = newest.where(place < before)
        return _finds(newest.order_by(place.desc()).limit(limit))
    if common:
        found = _finds(_walk(kind, asked, among, before).limit(limit))
        if len(found) == limit:
            return found
    # Without the fence the planner may walk the ids and look into every document.
    all_finds = search(_narrowed(kind, asked, among), SearchDocument.id, *_SHOWN, SearchDocument.hidden_until)
    finds = all_finds.cte("finds").prefix_with("MATERIALIZED")
    columns = finds.c
    query: Select[Any] = select(columns.id.label("place"), *(columns[one.key] for one in _SHOWN))
    query = query.where(*_still(columns, among))
    if before is not None:
        query = query.where(columns.id < before)
    return _finds(query.order_by(columns.id.desc()).limit(limit))


def find_each(kind: str, asked: Sequence[Question], *, each: int) -> list[tuple[int, str]]:
    """(number of the question, ref) of each one's newest finds, all in one statement."""
    branches = []
    for number, one in enumerate(asked):
        place: Any = FTS.c.rowid if is_sqlite() else SearchDocument.id
        narrowed = one.within([facet(IS, kind)])
        found = search(narrowed, literal(number).label("number"), SearchDocument.ref)
        branches.append(select(found.order_by(place.desc()).limit(each).subquery()))
    if not branches:
        return []
    return [(row.number, row.ref) for row in db.session.execute(union_all(*branches))]


def count_each(asked: Sequence[tuple[str, Question, Among]]) -> list[int]:
    """How much each question finds of its kind, counted up to one more than `MAX_COUNTED`; in one statement."""
    branches = []
    for number, (kind, one, among) in enumerate(asked):
        some = _counted(_narrowed(kind, one, among), among).subquery()
        branches.append(select(literal(number).label("number"), func.count().label("found")).select_from(some))
    if not branches:
        return []
    found = {row.number: row.found for row in db.session.execute(union_all(*branches))}
    return [found[number] for number in range(len(branches))]


def _counted(narrowed: Question, among: Among) -> Select[Any]:
    if _many(among):
        # How many of the newest finds are theirs: of a common word nobody wants to look at all.
        finds = search(narrowed, SearchDocument.owner_id)
        if is_sqlite():
            finds = finds.order_by(FTS.c.rowid.desc())
        newest = finds.where(*_still(SearchDocument, replace(among, owners=None))).limit(_COUNTED_AMONG).subquery()
        theirs = select(literal(1)).where(_is_one_of(newest.c.owner_id, among.owners))
        return theirs.limit(MAX_COUNTED + 1)
    if is_sqlite() and among.most is None and not among.without and among.unseen is None:
        # Without a look at the documents; those of suspended people are few, and an index of their own.
        match = FTS.c.search_fts.op("MATCH")(fts5_query(narrowed))
        hidden = select(SearchDocument.id).where(SearchDocument.hidden_until > clock.now())
        place: Any = FTS.c.rowid
        return select(literal(1)).select_from(FTS).where(match, place.not_in(hidden)).limit(MAX_COUNTED + 1)
    return search(narrowed, literal(1)).where(*_still(SearchDocument, among)).limit(MAX_COUNTED + 1)


def tokens_of(kind: str, ref: str) -> tuple[list[str], Find] | None:
    """What the index knows of one thing; None when it cannot be found now."""
    query = select(SearchDocument.tokens, SearchDocument.id.label("place"), *_SHOWN).where(
        SearchDocument.kind == kind, SearchDocument.ref == ref, *_still(SearchDocument, EVERYTHING)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    return row.tokens.split(), Find(row.place, row.ref, row.title, row.owner_id, row.price_minor, row.currency)


_SHOWN: tuple[Any, ...] = (
    SearchDocument.ref,
    SearchDocument.title,
    SearchDocument.owner_id,
    SearchDocument.price_minor,
    SearchDocument.currency,
)


def _finds(query: Select[Any]) -> list[Find]:
    rows = db.session.execute(query)
    return [Find(row.place, row.ref, row.title, row.owner_id, row.price_minor, row.currency) for row in rows]


def _somewhere(asked: Question) -> bool:
    return db.session.execute(search(asked, literal(1)).limit(1)).first() is not None


def _narrowed(kind: str, asked: Question, among: Among) -> Question:
    narrowed = asked.within([facet(IS, kind), *among.facets], among.near)
    if among.owners is None or _many(among):
        return narrowed
    # Nobody has this id: a circle without people finds nothing.
    return replace(narrowed, any_of=tuple(facet(BY, one) for one in sorted(among.owners or {0})))


def _many(among: Among) -> bool:
    return among.owners is not None and len(among.owners) > _MAX_OWNERS


def _is_one_of(owner: Any, owners: Iterable[MemberId] | None) -> ColumnElement[bool]:
    """Written into the statement: a thousand parameters cost more than the search."""
    found: ColumnElement[bool] = owner.in_(
        bindparam(None, sorted(owners or ()), type_=Integer(), expanding=True, literal_execute=True)
    )
    return found


def _still(columns: Any, among: Among) -> list[ColumnElement[bool]]:
    """What the tokens do not say."""
    conditions = [or_(columns.hidden_until.is_(None), columns.hidden_until <= clock.now())]
    if among.most is not None:
        # Prices of two currencies are never compared as numbers.
        conditions.append(columns.price_minor <= among.most.minor)
        conditions.append(or_(columns.currency.is_(None), columns.currency == among.most.currency))
    if _many(among):
        conditions.append(_is_one_of(columns.owner_id, among.owners))
    if among.without:
        conditions.append(or_(columns.owner_id.is_(None), columns.owner_id.not_in(sorted(among.without))))
    if among.unseen is not None:
        conditions.append(columns.ref.not_in(among.unseen))
    return conditions


def _walk(kind: str, asked: Question, among: Among, before: int | None) -> Select[Any]:
    """PostgreSQL reads every find of a common word to sort them: look through the newest instead.

    The same question in another form: tokens are parted by single blanks.
    """
    newest = select(
        SearchDocument.id.label("place"),
        SearchDocument.kind,
        (literal(" ") + SearchDocument.tokens + literal(" ")).label("tokens"),
        SearchDocument.hidden_until,
        *_SHOWN,
    ).order_by(SearchDocument.id.desc())
    if before is not None:
        newest = newest.where(SearchDocument.id < before)
    # The fence keeps the order, and nothing is read behind the last row that is wanted.
    rows = newest.limit(_WALKED).cte("newest").prefix_with("MATERIALIZED").c
    wanted = asked.within(among.facets, among.near)
    conditions = [rows.tokens.contains(f" {token} ", autoescape=True) for token in wanted.whole]
    conditions += [rows.tokens.contains(f" {token}", autoescape=True) for token in wanted.beginnings]
    for term in wanted.terms:
        forms = [rows.tokens.contains(f" {token} ", autoescape=True) for token in term.whole]
        forms += [rows.tokens.contains(f" {token}", autoescape=True) for token in term.beginnings]
        conditions.append(or_(*forms))
    if among.owners is not None and not _many(among):
        conditions.append(rows.owner_id.in_(sorted(among.owners)))
    return select(rows.place, *(rows[one.key] for one in _SHOWN)).where(
        rows.kind == kind, *conditions, *_still(rows, among)
    )
