"""The market as its readers see it, by plain rows: these pages are asked for most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import is_id
from app.kernel.money import Money
from app.market.listings.models import Listing, ListingPhoto, SavedListing
from app.market.listings.prices import at_most, cheapest_first, place_of, read_place, usual_currency
from app.market.listings.rules import asking_price, place_key
from app.market.listings.values import (
    ListingCard,
    ListingDetail,
    ListingDraft,
    MarketFilter,
    MarketPage,
    Picture,
    Sort,
    Status,
)
from app.people.accounts.models import Member
from app.people.blocks.queries import visible_owner
from app.people.profiles.queries import avatar_url
from app.people.profiles.values import MemberCard, hue_of
from app.platform.database import db
from app.platform.files import Photo
from app.platform.search import index as search_index
from app.platform.search.index import Document
from app.platform.search.words import facet
from app.platform.subjects import NOBODY, Condition, Looker
from app.trust.circle import queries as circle
from app.trust.circle.values import CircleView
from app.web.pagination import decode_cursor, encode_cursor

# Plain tables and statements that are built once: half of a small query's time is making it.
_listings, _members = cast(Table, Listing.__table__), cast(Table, Member.__table__)
_L, _M = _listings.c, _members.c
_S = cast(Table, SavedListing.__table__).c
_VIEWER: BindParameter[int] = bindparam("viewer", type_=Integer())
# Sorting by trust happens here, not in the database: it looks at the newest so many.
_RANKED = 2000
_COLUMNS: tuple[Any, ...] = (
    _L.id,
    _L.kind,
    _L.title,
    _L.category,
    _L.condition,
    _L.price_minor,
    _L.currency,
    _L.place,
    _L.status,
    _L.cover_id,
    _L.created_at,
    _L.seller_id,
    _M.handle,
    _M.name,
    _M.avatar_id,
    _M.discreet,
)
_mine = cast(Table, SavedListing.__table__).alias()
_CARDS: Select[Any] = select(
    *_COLUMNS,
    exists().where(_mine.c.member_id == _VIEWER, _mine.c.listing_id == _L.id).label("saved"),
).select_from(_listings.join(_members))


def visible_to(viewer: Looker) -> Condition:
    """Who may see a listing: its seller is here and in touch, and a removed one is there for its seller only."""
    return and_(
        or_(_L.status != Status.REMOVED.value, _L.seller_id == (NOBODY if viewer is None else viewer)),
        visible_owner(_L.seller_id, viewer),
    )


_OFFERED = (_L.status == Status.ACTIVE.value, visible_owner(_L.seller_id, _VIEWER))
_SEEN = visible_to(_VIEWER)
_NEWEST = _L.id.desc()
_SAVES = select(func.count()).where(_S.listing_id == _L.id).correlate(_listings).scalar_subquery().label("saves")


def browse(
    viewer_id: int | None, wanted: MarketFilter, *, limit: int = 24, cursor: str | None = None
) -> MarketPage:
    """One page of active listings, each with the viewer's trail to its seller."""
    mine = circle.circle_of(viewer_id, wanted.category) if viewer_id is not None else None
    corrected = search_index.meant("listing", wanted.q) if wanted.q else None
    if corrected:
        wanted = replace(wanted, q=corrected)
    matching = _matching(viewer_id, wanted)
    if matching is None:
        return MarketPage([], None, 0, 0)
    near = _near_sellers(mine, wanted.hops)
    shown, hidden = _counted(viewer_id, matching, near)
    if near is not None:
        matching = [*matching, near]
    if wanted.sort is Sort.TRUST and mine is not None:
        items, more = _ranked(viewer_id, matching, mine, limit, cursor)
    else:
        items, more = _ordered(viewer_id, matching, wanted, limit, cursor)
    return MarketPage(with_trails(viewer_id, items, mine), more, shown, hidden, corrected)


def saved(viewer_id: int) -> list[ListingCard]:
    """What the viewer keeps in sight, the last kept first; sold ones say so."""
    query = (
        _CARDS
        .join(SavedListing.__table__, _S.listing_id == _L.id)
        .where(_S.member_id == viewer_id, _L.status != Status.REMOVED, _SEEN)
        .order_by(_S.saved_at.desc())
        .limit(200)
    )
    return with_trails(viewer_id, _read(viewer_id, query))


def of_seller(viewer_id: int | None, seller_id: int, *, limit: int = 12) -> list[ListingCard]:
    """A member's own listings that are not removed, the open ones first."""
    query = (
        _CARDS
        .where(_L.seller_id == seller_id, _L.status.in_((Status.ACTIVE, Status.SOLD)), _SEEN)
        .order_by(_L.status, _NEWEST)
        .limit(limit)
    )
    return with_trails(viewer_id, _read(viewer_id, query))


def cards_by_id(viewer_id: int | None, ids: Sequence[str], *, sold: bool = False) -> dict[str, ListingCard]:
    """Active listings by id (`sold`: those too), without trails: whoever mixes them with other things adds these."""
    if not ids:
        return {}
    which = (_L.status != Status.REMOVED, _SEEN) if sold else _OFFERED
    return {card.id: card for card in _read(viewer_id, _CARDS.where(_L.id.in_(ids), *which))}


def get_listing(viewer_id: int | None, listing_id: str) -> ListingDetail:
    """All of one listing; a removed one is there for its seller only."""
    if not is_id(listing_id):
        raise NotFound("This listing is not here any more.")
    row = db.session.execute(
        _CARDS.add_columns(_L.description, _L.updated_at, _SAVES).where(_L.id == listing_id, _SEEN),
        {"viewer": viewer_id or NOBODY},
    ).one_or_none()
    if row is None:
        raise NotFound("This listing is not here any more.")
    card = _card(row, viewer_id)
    [card] = with_trails(viewer_id, [card], circle.circle_of(viewer_id, card.category))
    return ListingDetail(
        card=card,
        description=row.description,
        updated_at=row.updated_at,
        pictures=_pictures(listing_id),
        saves=row.saves,
    )


def draft_of(detail: ListingDetail) -> ListingDraft:
    """The listing as its form shows it."""
    card = detail.card
    return ListingDraft(
        kind=card.kind,
        title=card.title,
        description=detail.description,
        category=card.category,
        condition=card.condition,
        price=card.price.major if card.price else None,
        currency=card.price.currency if card.price else _currency_of(card.id),
        place=card.place,
    )


def with_trails(
    viewer_id: int | None, items: Sequence[ListingCard], mine: CircleView | None = None
) -> list[ListingCard]:
    """The same cards with the viewer's way to each seller, where there is one."""
    if viewer_id is None or not items:
        return list(items)
    sellers = {card.seller.id for card in items} - {viewer_id}
    trails = circle.trails(viewer_id, sellers, mine) if sellers else {}
    return [replace(card, trail=trails.get(card.seller.id)) for card in items]


def _matching(viewer_id: int | None, wanted: MarketFilter) -> list[ColumnElement[bool]] | None:
    """Everything asked for but the trust distance; None when the words cannot match."""
    found = list(_OFFERED)
    if wanted.q.strip():
        refs = search_index.matching("listing", wanted.q)
        if refs is None:
            return None
        found.append(_L.id.in_(refs))
    if wanted.category:
        found.append(_L.category == wanted.category)
    if wanted.kind:
        found.append(_L.kind == wanted.kind)
    if wanted.max_price is not None:
        found.append(at_most(wanted.max_price))
    if place := place_key(wanted.near):
        found.append(_L.place_key.contains(place, autoescape=True))
    return found


def _near_sellers(mine: CircleView | None, hops: int | None) -> ColumnElement[bool] | None:
    if mine is None or hops is None:
        return None
    return _L.seller_id.in_([mine.viewer_id, *mine.within(hops)])


def _counted(
    viewer_id: int | None, matching: Sequence[ColumnElement[bool]], near: ColumnElement[bool] | None
) -> tuple[int, int]:
    """How many match, and how many of them lie beyond the trust distance."""
    within = func.count() if near is None else func.count().filter(near)
    counted = select(func.count().label("all"), within.label("near"))
    counted = counted.select_from(_listings).where(*matching)
    row = db.session.execute(counted, {"viewer": viewer_id or NOBODY}).one()
    return row.near, row.all - row.near


def _ordered(
    viewer_id: int | None,
    matching: Sequence[ColumnElement[bool]],
    wanted: MarketFilter,
    limit: int,
    cursor: str | None,
) -> tuple[list[ListingCard], str | None]:
    query = _CARDS.where(*matching)
    currency = ""
    if wanted.sort is Sort.CHEAPEST:
        place = read_place(cursor)
        currency = place[0] if place else wanted.currency or usual_currency(viewer_id)
        query = cheapest_first(query, currency, place[1] if place else None)
    else:
        if key := _position(cursor, str):
            query = query.where(_L.id < key[0])
        query = query.order_by(_NEWEST)
    items = _read(viewer_id, query.limit(limit + 1))
    if len(items) <= limit:
        return items, None
    last = items[limit - 1]
    if wanted.sort is Sort.CHEAPEST:
        return items[:limit], encode_cursor(currency, *place_of(last.price, currency), last.id)
    return items[:limit], encode_cursor(last.id)


def _position(cursor: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """A cursor that ends with the id of a listing."""
    key = decode_cursor(cursor, *kinds)
    if key is not None and not is_id(key[-1]):
        raise Invalid("the cursor is of another list", code="bad_cursor")
    return key


def _ranked(
    viewer_id: int | None,
    matching: Sequence[ColumnElement[bool]],
    mine: CircleView,
    limit: int,
    cursor: str | None,
) -> tuple[list[ListingCard], str | None]:
    """Best trusted sellers first, strangers' newest behind them."""
    key = _position(cursor, float, str)
    newest = (
        select(_L.id, _L.seller_id)
        .where(*matching)
        .order_by(_NEWEST)
        .limit(_RANKED)
    )
    rows = db.session.execute(newest, {"viewer": viewer_id or NOBODY}).all()
    # By what the last one was, not by how many were shown: some have come or gone since.
    order = sorted(((float(mine.score(row.seller_id)), row.id) for row in rows), reverse=True)
    rest = [one for one in order if key is None or one < key]
    ids = [ident for _score, ident in rest[:limit]]
    found = {card.id: card for card in _read(viewer_id, _CARDS.where(_L.id.in_(ids)))}
    more = encode_cursor(*rest[limit - 1]) if len(rest) > limit else None
    return [found[one] for one in ids if one in found], more


def _read(viewer_id: int | None, query: Select[Any]) -> list[ListingCard]:
    rows = db.session.execute(query, {"viewer": viewer_id or NOBODY})
    return [_card(row, viewer_id) for row in rows]


def _card(row: Row[Any], viewer_id: int | None) -> ListingCard:
    return ListingCard(
        id=row.id,
        kind=row.kind,
        title=row.title,
        category=row.category,
        condition=row.condition,
        price=Money(row.price_minor, row.currency) if row.price_minor is not None else None,
        place=row.place,
        status=row.status,
        cover_id=row.cover_id,
        created_at=row.created_at,
        saved=bool(row.saved),
        mine=row.seller_id == viewer_id,
        seller=MemberCard(
            id=row.seller_id,
            handle=row.handle,
            name=row.name,
            avatar_url=avatar_url(row.avatar_id),
            hue=hue_of(row.seller_id),
            discreet=row.discreet,
        ),
    )


def _pictures(listing_id: str) -> list[Picture]:
    rows = db.session.execute(
        select(Photo.id, Photo.width, Photo.height)
        .join(ListingPhoto, ListingPhoto.photo_id == Photo.id)
        .where(ListingPhoto.listing_id == listing_id)
        .order_by(ListingPhoto.position)
    )
    return [Picture(row.id, row.width, row.height) for row in rows]


def search_documents() -> Iterator[list[Document]]:
    """Everything that search should know of listings, oldest first, in batches."""
    last = ""
    while True:
        query = select(Listing).where(Listing.status == Status.ACTIVE, Listing.id > last)
        rows = list(db.session.scalars(query.order_by(Listing.id).limit(1000)))
        if not rows:
            return
        last = rows[-1].id
        yield [document_of(row) for row in rows]


def document_of(row: Listing) -> Document:
    """What the search keeps of a listing."""
    price_minor, currency = asking_price(row.kind, row.price_minor, row.currency)
    return Document(
        "listing",
        row.id,
        row.title,
        f"{row.description}\n{row.category}",
        row.created_at,
        owner_id=row.seller_id,
        place=row.place,
        facets=(facet("kind", row.kind), facet("category", row.category)),
        price_minor=price_minor,
        currency=currency,
    )


def pictures_of(ids: Sequence[str]) -> Mapping[str, list[str]]:
    """The photo ids of several listings, in order."""
    found: dict[str, list[str]] = {one: [] for one in ids}
    rows = db.session.execute(
        select(ListingPhoto.listing_id, ListingPhoto.photo_id)
        .where(ListingPhoto.listing_id.in_(ids))
        .order_by(ListingPhoto.position)
    )
    for row in rows:
        found[row.listing_id].append(row.photo_id)
    return found


def _currency_of(listing_id: str) -> str:
    return str(db.session.execute(select(_L.currency).where(_L.id == listing_id)).scalar_one())


def last_terms(member_id: int) -> tuple[str, str]:
    """Place and currency of the member's last listing, else the member's place and euros."""
    latest = select(_L.place, _L.currency).where(_L.seller_id == member_id).order_by(_NEWEST).limit(1)
    row = db.session.execute(latest).one_or_none()
    if row is not None:
        return row.place, row.currency
    place = db.session.execute(select(_M.place).where(_M.id == member_id)).scalar_one_or_none()
    return place or "", "EUR"
