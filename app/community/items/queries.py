"""Reads of items, by plain rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, String, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from app.community.items import rules
from app.community.items.models import Item
from app.community.items.values import Candidate, ItemKind, ItemView, SameBy
from app.kernel.errors import N_, NotFound
from app.kernel.ids import ItemId, MemberId
from app.kernel.pagination import Page, decode_cursor, encode_cursor
from app.platform.database import db
from app.platform.photo_urls import photo_url
from app.platform.places.lookup import towns_named
from app.platform.prepared import Prepared
from app.platform.search.folding import fold
from app.platform.search.index import Document, find_each, matching
from app.platform.search.words import Question, document_tokens, facet, question
from app.platform.slots import Slot
from app.platform.subjects import visible_to
from app.platform.vocabulary.reading import vocabulary

_COLUMNS: tuple[Any, ...] = (
    Item.id,
    Item.external_id,
    Item.kind,
    Item.title,
    Item.category,
    Item.description,
    Item.photo_id,
    Item.created_at,
    Item.maker,
    Item.gtin,
    Item.url,
)
_BATCH = 1000
# What stands for a listing or a store is found and browsed as these.
_A_THING = Item.kind.in_([kind.value for kind in ItemKind])
_LOOKED_AT = 40  # items of each way to ask
_MAX_TERMS = 8
_TELLING = 4  # letters of a word that can say what a question is about
_old = aliased(Item)
# What is seen of an item depends on the kinds of things that this application knows.
_SEEN: Slot[dict[bool, Prepared]] = Slot("seen_items", dict)


class Moved(NotFound):
    """The item was merged into another one, which stands."""

    def __init__(self, item_id: ItemId) -> None:
        super().__init__(N_("This was merged with another item."), code="merged")
        self.item_id = item_id


def get_item(item_id: ItemId) -> ItemView:
    """Raises `NotFound`, as `Moved` when another one took it in."""
    row = db.session.execute(_items().where(Item.id == item_id)).one_or_none()
    if row is not None:
        return _view(row)
    into = db.session.scalar(_merged_into().where(_old.id == item_id))
    if into is not None:
        raise Moved(into)
    raise NotFound("This item no longer exists.")


def see_item(viewer_id: MemberId | None, item_id: ItemId) -> ItemView:
    """Show the item as far as the viewer may see it: what stands for a thing is there for whom the thing is."""
    given = {} if viewer_id is None else {"viewer": viewer_id}
    rows = _seen(guest=viewer_id is None).rows(item=item_id, **given)
    if rows:
        return _view(rows[0])
    into = db.session.scalar(_merged_into().where(_old.id == item_id))
    if into is not None:
        raise Moved(into)
    raise NotFound("This item no longer exists.")


def _seen(*, guest: bool) -> Prepared:
    kept = _SEEN.here()
    if guest not in kept:
        viewer = None if guest else bindparam("viewer", type_=Integer())
        item = bindparam("item", type_=String())
        kept[guest] = Prepared(_items().where(Item.id == item, visible_to("item", viewer)))
    return kept[guest]


def adder_of(item_id: ItemId) -> tuple[MemberId, str] | None:
    """Who added it, and its title; None for what was imported, or is gone."""
    query = select(Item.created_by, Item.title).where(Item.id == item_id, Item.removed_at.is_(None))
    row = db.session.execute(query).one_or_none()
    return (row.created_by, row.title) if row is not None and row.created_by is not None else None


def get_by_external(external_id: str) -> ItemView:
    """By the id that an import gave, also of an item that was merged; raises `NotFound`."""
    row = db.session.execute(_items().where(Item.external_id == external_id)).one_or_none()
    if row is not None:
        return _view(row)
    into = db.session.scalar(_merged_into().where(_old.external_id == external_id))
    if into is None:
        raise NotFound("This item no longer exists.")
    return get_item(into)


def canonical_id(item_id: ItemId) -> ItemId:
    """The item itself, or the one that took it in; raises `NotFound`.

    Inside a unit of work: until its end nobody merges or removes it, so that what is written about it
    now is not left behind.
    """
    if _hold(item_id):
        return item_id
    into = db.session.scalar(_merged_into().where(_old.id == item_id))
    if into is not None and _hold(into):
        return into
    raise NotFound("This item no longer exists.")


def _hold(item_id: ItemId) -> bool:
    held = select(Item.id).where(Item.id == item_id, Item.removed_at.is_(None))
    # PostgreSQL waits here for a merge under way and then sees its outcome; SQLite has one writer.
    return db.session.scalar(held.with_for_update(read=True, key_share=True)) is not None


def same_items(gtin: str | None, key: str | None) -> list[Candidate]:
    """The standing items with this number (14 digits) or this address (as `url_key` gives it)."""
    if gtin is None and key is None:
        return []
    stands = func.coalesce(Item.merged_into_id, Item.id).label("stands")
    query = select(stands, Item.gtin).where(or_(Item.gtin == gtin, Item.url_key == key))
    by = {
        row.stands: SameBy.GTIN if gtin is not None and row.gtin == gtin else SameBy.URL
        for row in db.session.execute(query)
    }
    return [Candidate(item, by[ident]) for ident, item in items_by_id(list(by)).items()]


def similar_items(
    title: str, *, most: int = 5, but: Collection[str] = (), least: float = rules.ALIKE
) -> list[Candidate]:
    """Standing items with a title like this one, the likest first; three statements at most."""
    asked = _near_questions(title)
    refs = {ref for _number, ref in find_each("item", asked, each=_LOOKED_AT)} - set(but)
    mine = document_tokens("", title, with_forms=False)
    found = [
        Candidate(item, SameBy.TITLE, score)
        for item in items_by_id(sorted(refs)).values()
        if (score := rules.alike(mine, document_tokens("", item.title, with_forms=False))) >= least
    ]
    return sorted(found, key=lambda one: -one.score)[:most]


def candidates(title: str, gtin: str = "", url: str = "", *, most: int = 5) -> list[Candidate]:
    """What is there already of something about to be added: by number and address, then by title."""
    address = rules.web_address(url) if url.strip() else None
    same = same_items(rules.gtin14(gtin), rules.url_key(address) if address else None)
    like = similar_items(title, most=most, but={one.item.id for one in same})
    return [*same, *like][:most]


def titled(found: Sequence[Candidate], title: str) -> ItemId | None:
    """The one of these that is called exactly so, but for case, accents and spaces; None where two are."""
    wanted = fold(" ".join(title.split()))
    same = [one.item.id for one in found if fold(" ".join(one.item.title.split())) == wanted]
    return same[0] if len(same) == 1 else None


def answers_to(words: str, *, most: int = 12) -> list[ItemView]:
    """Items that a question in a member's words is about: most and rarest shared words first.

    That it is in the same town, or that both say “good”, is not enough.
    """
    asked = [one for one in _single_terms(words) if one.whole or len(_word_of(one)) >= _TELLING]
    towns = towns_named([_word_of(one) for one in asked])
    terms = [one for one in asked if rules.is_telling(word := _word_of(one)) and word not in towns]
    hits = find_each("item", terms, each=_LOOKED_AT)
    many = Counter(number for number, _ref in hits)
    weight: Counter[str] = Counter()
    for number, ref in hits:
        # A word that finds everything says little of what is asked.
        if many[number] < _LOOKED_AT:
            weight[ref] += 1000 // many[number] + 100
    best = [ref for ref, _weight in weight.most_common(most)]
    found = items_by_id(best)
    shared: dict[str, list[Question]] = {}
    for number, ref in hits:
        shared.setdefault(ref, []).append(terms[number])
    return [found[ref] for ref in best if ref in found and _is_near(found[ref].title, shared[ref])]


def _is_near(title: str, shared: Sequence[Question]) -> bool:
    tokens = document_tokens(title).split()
    return rules.is_near([(_word_of(one), _is_in(one, tokens)) for one in shared])


def _is_in(term: Question, tokens: Sequence[str]) -> bool:
    whole = {*term.whole, *(word for one in term.terms for word in one.whole)}
    begins = (*term.beginnings, *(word for one in term.terms for word in one.beginnings))
    return any(token in whole or token.startswith(begins) for token in tokens)


def _near_questions(title: str) -> list[Question]:
    """All words; all but one; each alone: finding the newest of each finds what is nearly the same."""
    terms = _single_terms(title)
    if not terms:
        return []
    groups = [terms]
    if len(terms) > 2:
        groups += [[*terms[:n], *terms[n + 1 :]] for n in range(len(terms))]
    if len(terms) > 1:
        groups += [[one] for one in terms]
    return [
        Question(
            tuple(word for one in group for word in one.whole),
            tuple(word for one in group for word in one.beginnings),
            terms=tuple(term for one in group for term in one.terms),
        )
        for group in groups
    ]


def _word_of(one: Question) -> str:
    if one.whole:
        return one.whole[0]
    return one.beginnings[0] if one.beginnings else max(one.terms[0].beginnings + one.terms[0].whole[:1], key=len)


def _single_terms(text: str) -> list[Question]:
    asked = question(text)
    single = [Question((word,), ()) for word in asked.whole]
    single += [Question((), (word,)) for word in asked.beginnings]
    return [*single, *(Question((), (), terms=(term,)) for term in asked.terms)][:_MAX_TERMS]


def items_by_id(ids: Sequence[str], viewer_id: MemberId | None = None) -> dict[str, ItemView]:
    """Those of the ids that the viewer, or anybody, may see; one statement."""
    if not ids:
        return {}
    query = _items().where(Item.id.in_(ids), visible_to("item", viewer_id))
    return {row.id: _view(row) for row in db.session.execute(query)}


def browse(q: str = "", category: str = "", *, limit: int = 24, cursor: str | None = None) -> Page[ItemView]:
    """Newest first."""
    query = _items().where(_A_THING).order_by(Item.id.desc()).limit(limit + 1)
    if q:
        found = matching("item", q)
        if found is None:
            return Page([], None)
        query = query.where(Item.id.in_(found))
    if category:
        below = vocabulary().narrower(vocabulary().canonical(category))
        # Several ranges of an index would all be read and sorted for a window: then none is used.
        query = query.where(Item.category == below[0] if len(below) == 1 else Item.category.concat("").in_(below))
    after = decode_cursor(cursor, str)
    if after:
        query = query.where(Item.id < after[0])
    rows = [_view(row) for row in db.session.execute(query)]
    more = encode_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(rows[:limit], more)


def categories(most: int = 24) -> list[str]:
    """The commonest ones: keys of the vocabulary, and what was written where that had no word."""
    query = (
        select(Item.category)
        .where(Item.category != "", Item.removed_at.is_(None), _A_THING)
        .group_by(Item.category)
        .order_by(func.count().desc())
        .limit(most)
    )
    return list(db.session.scalars(query))


def search_documents() -> Iterator[list[Document]]:
    """Everything that search should know of items, in batches."""
    last = ""
    while True:
        query = _items().where(Item.id > last, _A_THING).order_by(Item.id).limit(_BATCH)
        rows = list(db.session.execute(query))
        if not rows:
            return
        last = rows[-1].id
        yield [document(row.id, row.title, row.maker, row.category, row.description, row.created_at) for row in rows]


def document(item_id: ItemId, title: str, maker: str, category: str, description: str, at: datetime) -> Document:
    """What an item is found by."""
    known = vocabulary()
    return Document(
        "item",
        item_id,
        title,
        f"{maker} {known.words(category)} {description}",
        at,
        facets=tuple(facet("category", one) for one in known.lineage(category)) if category else (),
    )


def _items() -> Select[Any]:
    return select(*_COLUMNS).where(Item.removed_at.is_(None))


def _merged_into() -> Select[ItemId]:
    """What took `_old` in, if that stands."""
    return select(Item.id).join(_old, _old.merged_into_id == Item.id).where(Item.removed_at.is_(None))


def _view(row: Any) -> ItemView:
    return ItemView(
        id=row.id,
        external_id=row.external_id,
        kind=row.kind,
        title=row.title,
        category=row.category,
        description=row.description,
        photo_id=row.photo_id,
        photo_url=photo_url(row.photo_id, "full") if row.photo_id else None,
        created_at=row.created_at,
        maker=row.maker,
        gtin=row.gtin,
        link=row.url,
    )
