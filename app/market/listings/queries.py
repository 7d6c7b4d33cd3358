"""The market as its readers see it, by plain rows: these pages are asked for most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import is_id
from app.kernel.money import Money, digits
from app.market.listings.models import Listing, ListingPhoto, SavedListing
from app.market.listings.rules import minor_limits, place_key
from app.market.listings.values import (
    CURRENCIES,
    ListingCard,
    ListingDetail,
    ListingDraft,
    ListingKind,
    MarketFilter,
    MarketPage,
    Picture,
    Sort,
    Status,
)
from app.people.accounts.models import Member
from app.people.blocks.models import Block
from app.people.profiles.queries import avatar_url
from app.people.profiles.values import MemberCard, hue_of
from app.platform import search_index
from app.platform.database import db
from app.platform.files import Photo
from app.platform.search_index import Document
from app.trust.circle import queries as circle
from app.trust.circle.values import Circle
from app.web.pagination import decode_cursor, encode_cursor

# Sorting by trust happens here, not in the database: it looks at the newest so many.
_RANKED = 2000
_COLUMNS: tuple[Any, ...] = (
    Listing.id,
    Listing.kind,
    Listing.title,
    Listing.category,
    Listing.condition,
    Listing.price_minor,
    Listing.currency,
    Listing.place,
    Listing.status,
    Listing.cover_id,
    Listing.created_at,
    Listing.seller_id,
    Member.handle,
    Member.name,
    Member.avatar_id,
    Member.discreet,
)


def browse(
    viewer_id: int | None, wanted: MarketFilter, *, limit: int = 24, cursor: str | None = None
) -> MarketPage:
    """One page of active listings, each with the viewer's trail to its seller."""
    mine = circle.circle_of(viewer_id) if viewer_id is not None else None
    matching = _matching(viewer_id, wanted)
    if matching is None:
        return MarketPage([], None, 0, 0)
    near = _near_sellers(mine, wanted.hops)
    shown, hidden = _counted(matching, near)
    if near is not None:
        matching = [*matching, near]
    if wanted.sort is Sort.TRUST and mine is not None:
        items, more = _ranked(viewer_id, matching, mine, limit, cursor)
    else:
        items, more = _ordered(viewer_id, matching, wanted.sort, limit, cursor)
    return MarketPage(with_trails(viewer_id, items, mine), more, shown, hidden)


def saved(viewer_id: int) -> list[ListingCard]:
    """What the viewer keeps in sight, the last kept first; sold ones say so."""
    query = (
        _cards(viewer_id)
        .join(SavedListing, SavedListing.listing_id == Listing.id)
        .where(SavedListing.member_id == viewer_id, Listing.status != Status.REMOVED)
        .order_by(SavedListing.saved_at.desc())
        .limit(200)
    )
    return with_trails(viewer_id, _read(viewer_id, query))


def of_seller(viewer_id: int | None, seller_id: int, *, limit: int = 12) -> list[ListingCard]:
    """A member's own listings that are not removed, the open ones first."""
    query = (
        _cards(viewer_id)
        .where(Listing.seller_id == seller_id, Listing.status.in_((Status.ACTIVE, Status.SOLD)))
        .order_by(Listing.status, Listing.id.desc())
        .limit(limit)
    )
    return with_trails(viewer_id, _read(viewer_id, query))


def cards_by_id(viewer_id: int | None, ids: Sequence[str]) -> dict[str, ListingCard]:
    """Active listings by id, without trails: whoever mixes them with other things adds these."""
    if not ids:
        return {}
    query = _cards(viewer_id).where(Listing.id.in_(ids), *_visible(viewer_id))
    return {card.id: card for card in _read(viewer_id, query)}


def get_listing(viewer_id: int | None, listing_id: str) -> ListingDetail:
    """All of one listing; a removed one is there for its seller only."""
    if not is_id(listing_id):
        raise NotFound(_("This listing is not here any more."))
    row = db.session.execute(
        _cards(viewer_id).add_columns(Listing.description, Listing.updated_at, _saves()).where(
            Listing.id == listing_id, _not_hidden(viewer_id)
        )
    ).one_or_none()
    if row is None or (row.status == Status.REMOVED and row.seller_id != viewer_id):
        raise NotFound(_("This listing is not here any more."))
    card = _card(row, viewer_id)
    [card] = with_trails(viewer_id, [card])
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
    viewer_id: int | None, items: Sequence[ListingCard], mine: Circle | None = None
) -> list[ListingCard]:
    """The same cards with the viewer's way to each seller, where there is one."""
    if viewer_id is None or not items:
        return list(items)
    sellers = {card.seller.id for card in items} - {viewer_id}
    trails = circle.trails(viewer_id, sellers, mine) if sellers else {}
    return [replace(card, trail=trails.get(card.seller.id)) for card in items]


def _matching(viewer_id: int | None, wanted: MarketFilter) -> list[ColumnElement[bool]] | None:
    """Everything asked for but the trust distance; None when the words cannot match."""
    found = _visible(viewer_id)
    if wanted.q.strip():
        refs = search_index.matching("listing", wanted.q)
        if refs is None:
            return None
        found.append(Listing.id.in_(refs))
    if wanted.category:
        found.append(Listing.category == wanted.category)
    if wanted.kind:
        found.append(Listing.kind == wanted.kind)
    if wanted.max_price is not None:
        found.append(_at_most(int(wanted.max_price)))
    if place := place_key(wanted.near):
        found.append(Listing.place_key.contains(place, autoescape=True))
    return found


def _visible(viewer_id: int | None) -> list[ColumnElement[bool]]:
    return [Listing.status == Status.ACTIVE, Member.active.is_(True), _not_hidden(viewer_id)]


def _not_hidden(viewer_id: int | None) -> ColumnElement[bool]:
    """Nobody sees what belongs to somebody they have blocked, or who has blocked them."""
    if viewer_id is None:
        return literal(value=True)
    out_of_touch = union_all(
        select(Block.blocked_id).where(Block.blocker_id == viewer_id),
        select(Block.blocker_id).where(Block.blocked_id == viewer_id),
    )
    return Listing.seller_id.not_in(out_of_touch)


def _at_most(max_price: int) -> ColumnElement[bool]:
    """Gifts cost nothing; a swap has no price to compare."""
    limits = minor_limits(max_price)
    priced = [
        and_(
            Listing.currency.in_([one for one in CURRENCIES if digits(one) == places]),
            Listing.price_minor <= limit,
        )
        for places, limit in limits.items()
    ]
    return or_(Listing.kind == ListingKind.GIVE, *priced)


def _near_sellers(mine: Circle | None, hops: int | None) -> ColumnElement[bool] | None:
    if mine is None or hops is None:
        return None
    return Listing.seller_id.in_([mine.viewer_id, *mine.within(hops)])


def _counted(
    matching: Sequence[ColumnElement[bool]], near: ColumnElement[bool] | None
) -> tuple[int, int]:
    """How many match, and how many of them lie beyond the trust distance."""
    within = func.count() if near is None else func.count().filter(near)
    counted = select(func.count().label("all"), within.label("near"))
    row = db.session.execute(counted.select_from(Listing).join(Member).where(*matching)).one()
    return row.near, row.all - row.near


def _ordered(
    viewer_id: int | None,
    matching: Sequence[ColumnElement[bool]],
    sort: Sort,
    limit: int,
    cursor: str | None,
) -> tuple[list[ListingCard], str | None]:
    query = _cards(viewer_id).where(*matching)
    if sort is Sort.CHEAPEST:
        price = func.coalesce(Listing.price_minor, 0)
        if key := _position(cursor, int, str):
            query = query.where(or_(price > key[0], and_(price == key[0], Listing.id < key[1])))
        query = query.order_by(price, Listing.id.desc())
    else:
        if key := _position(cursor, str):
            query = query.where(Listing.id < key[0])
        query = query.order_by(Listing.id.desc())
    items = _read(viewer_id, query.limit(limit + 1))
    if len(items) <= limit:
        return items, None
    last = items[limit - 1]
    if sort is Sort.CHEAPEST:
        return items[:limit], encode_cursor(last.price.minor if last.price else 0, last.id)
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
    mine: Circle,
    limit: int,
    cursor: str | None,
) -> tuple[list[ListingCard], str | None]:
    """Best trusted sellers first, strangers' newest behind them."""
    start = (decode_cursor(cursor, int) or (0,))[0]
    newest = (
        select(Listing.id, Listing.seller_id)
        .join(Member)
        .where(*matching)
        .order_by(Listing.id.desc())
        .limit(_RANKED)
    )
    rows = db.session.execute(newest).all()
    order = sorted(rows, key=lambda row: -mine.score(row.seller_id))
    ids = [row.id for row in order[start : start + limit]]
    found = {card.id: card for card in _read(viewer_id, _cards(viewer_id).where(Listing.id.in_(ids)))}
    more = encode_cursor(start + limit) if len(order) > start + limit else None
    return [found[one] for one in ids if one in found], more


def _cards(viewer_id: int | None) -> Select[Any]:
    kept: ColumnElement[bool] = literal(value=False)
    if viewer_id is not None:
        # Aliased, for the list of saved things joins the same table.
        mine = aliased(SavedListing)
        kept = exists().where(mine.member_id == viewer_id, mine.listing_id == Listing.id)
    return select(*_COLUMNS, kept.label("saved")).join(Member, Member.id == Listing.seller_id)


def _read(viewer_id: int | None, query: Select[Any]) -> list[ListingCard]:
    return [_card(row, viewer_id) for row in db.session.execute(query)]


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
    body = f"{row.description}\n{row.place}\n{row.category}"
    return Document("listing", row.id, row.title, body, row.created_at)


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


def _saves() -> ColumnElement[int]:
    counted = select(func.count()).where(SavedListing.listing_id == Listing.id)
    return counted.correlate(Listing).scalar_subquery().label("saves")


def _currency_of(listing_id: str) -> str:
    return db.session.scalars(select(Listing.currency).where(Listing.id == listing_id)).one()
