"""The market as its readers see it, by plain rows: these pages are asked for most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Row, Select, Table, func, select

from app.kernel.bounds import MAX_COUNTED
from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import ListingId, MemberId, PhotoId, is_id
from app.kernel.money import Money
from app.kernel.pagination import decode_cursor, encode_cursor
from app.market.audiences.queries import shown
from app.market.audiences.values import SHOWN_TO_ALL
from app.market.listings import statements
from app.market.listings.models import Listing, ListingPhoto, SavedListing
from app.market.listings.nearby import Area, area_of, inside
from app.market.listings.prices import at_most, cheapest_first, cheapest_windows, place_of, read_place, usual_currency
from app.market.listings.values import (
    Farther,
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
from app.people.profiles.queries import card_of
from app.platform.database import db
from app.platform.files import Photo
from app.platform.places.lookup import kilometres_between, town_named, towns_named
from app.platform.search import index as search_index
from app.platform.sql import listed
from app.platform.subjects import NOBODY
from app.trust.circle import queries as circle
from app.trust.circle.values import CircleView, Trail

_L = cast(Table, Listing.__table__).c
_M = cast(Table, Member.__table__).c
_S = cast(Table, SavedListing.__table__).c
# Sorting by trust happens here, not in the database: it looks at the newest so many.
_RANKED = 2000
_saves = select(func.count()).where(_S.listing_id == _L.id).correlate(Listing.__table__)
_SAVES = _saves.scalar_subquery().label("saves")


def browse(
    viewer_id: MemberId | None, wanted: MarketFilter, *, limit: int = 24, cursor: str | None = None
) -> MarketPage:
    """One page of active listings, each with the viewer's trail to its seller."""
    mine = circle.circle_of(viewer_id, wanted.category) if viewer_id is not None else None
    corrected = search_index.meant("listing", wanted.q) if wanted.q else None
    if corrected:
        wanted = replace(wanted, q=corrected)
    also = _further(wanted)
    if also is None:
        return MarketPage([], None, 0, 0)
    area = area_of(viewer_id, wanted)
    asked, everywhere = _asked(viewer_id, wanted, also, statements.near_sellers(mine, wanted.hops), area)
    if wanted.sort is Sort.TRUST and mine is not None:
        found = _ranked(asked, lambda row: float(mine.score(row.seller_id)), limit, cursor)
    elif wanted.sort is Sort.NEAREST and area is not None:
        found = _ranked(asked, lambda row: -area.kilometres(row.town_id), limit, cursor)
    elif wanted.sort is Sort.CHEAPEST:
        found = _cheapest(asked, wanted.currency or usual_currency(viewer_id), limit, cursor)
    else:
        found = _newest(asked, limit, cursor)
    counted = found.counted or _count(asked)
    # Of what is too much to be counted to its end this is as much as is known.
    farther = Farther(max(0, everywhere - counted.shown), more=everywhere > MAX_COUNTED)
    ways = circle.trails(viewer_id, {row.seller_id for row in found.rows}, mine, hops=wanted.hops) if found.rows else {}
    items = _cards(found.rows, viewer_id, ways)
    return MarketPage(
        items, found.next, counted.shown, counted.hidden, corrected, area.centre if area else None, farther
    )


def saved(viewer_id: MemberId) -> list[ListingCard]:
    """What the viewer keeps in sight, the last kept first; sold ones say so."""
    query = (
        statements.CARDS.join(SavedListing.__table__, _S.listing_id == _L.id)
        .where(_S.member_id == viewer_id, _L.status != Status.REMOVED, statements.SEEN)
        .order_by(_S.saved_at.desc())
        .limit(200)
    )
    return with_trails(viewer_id, _read(viewer_id, query))


def of_seller(viewer_id: MemberId | None, seller_id: MemberId, *, limit: int = 12) -> list[ListingCard]:
    """A member's own listings that are not removed, the open ones first."""
    query = (
        statements.CARDS.where(
            _L.seller_id == seller_id, _L.status.in_((Status.ACTIVE, Status.RESERVED, Status.SOLD)), statements.SEEN
        )
        .order_by(_L.status, statements.NEWEST)
        .limit(limit)
    )
    return with_trails(viewer_id, _read(viewer_id, query))


def cards_by_id(viewer_id: MemberId | None, ids: Sequence[str], *, sold: bool = False) -> dict[str, ListingCard]:
    """Active listings by id (`sold`: those too), without trails: whoever mixes them with other things adds these."""
    if not ids:
        return {}
    found = statements.by_id(db.engine.dialect.name, sold=sold)
    rows = found.rows(viewer=viewer_id or NOBODY, ids=listed(ids))
    return {card.id: card for card in _cards(rows, viewer_id)}


def get_listing(viewer_id: MemberId | None, listing_id: ListingId) -> ListingDetail:
    """All of one listing; a removed one is there for its seller only."""
    if not is_id(listing_id):
        raise NotFound("This listing no longer exists.")
    row = db.session.execute(
        statements.CARDS.add_columns(_L.description, _L.updated_at, _SAVES).where(_L.id == listing_id, statements.SEEN),
        {"viewer": viewer_id or NOBODY},
    ).one_or_none()
    if row is None:
        raise NotFound("This listing no longer exists.")
    [card] = with_trails(viewer_id, _cards([row], viewer_id), circle.circle_of(viewer_id, row.category))
    town = town_named(card.place)
    return ListingDetail(
        card=card,
        description=row.description,
        updated_at=row.updated_at,
        pictures=_pictures(listing_id),
        saves=row.saves,
        town=town,
        shown=shown(listing_id) if card.mine else SHOWN_TO_ALL,
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
        audience=detail.shown.audience.steps,
        widen_days=detail.shown.audience.days or 0,
        widen_to=detail.shown.audience.most,
    )


def with_trails(
    viewer_id: MemberId | None,
    items: Sequence[ListingCard],
    mine: CircleView | None = None,
    *,
    hops: int | None = None,
) -> list[ListingCard]:
    """Add to each card the viewer's way to the seller, where there is one; `hops` as in `trails`."""
    if viewer_id is None or not items:
        return list(items)
    sellers = {card.seller.id for card in items} - {viewer_id}
    trails = circle.trails(viewer_id, sellers, mine, hops=hops) if sellers else {}
    return [replace(card, trail=trails.get(card.seller.id)) for card in items]


class _Asked(NamedTuple):
    """A filter as statements take it; `also` is what no shape says."""

    shape: statements.Shape
    also: list[ColumnElement[bool]]
    given: dict[str, Any]
    words: bool
    counting: list[ColumnElement[bool]]  # the same, where it is counted


class _Window(NamedTuple):
    """One page's rows; `counted` is one of them, each says the counts."""

    rows: Sequence[Row[Any]]
    next: str | None
    counted: Row[Any] | None


def _asked(
    viewer_id: MemberId | None,
    wanted: MarketFilter,
    also: list[ColumnElement[bool]],
    near: list[MemberId] | None,
    area: Area | None,
) -> tuple[_Asked, int]:
    """What is asked as statements take it; and how much of it is anywhere, when only what is near is asked for."""
    words = bool(wanted.q.strip())
    if area is None:
        given = statements.parameters(viewer_id, wanted, near)
        return _Asked(statements.shape_of(wanted, near), also, given, words, also), 0
    # A town that is known is no word of the place any more.
    wanted = replace(wanted, near="")
    given = statements.parameters(viewer_id, wanted, near)
    if not area.only:
        return _Asked(statements.shape_of(wanted, near), also, given, words, also), 0
    given["towns"] = area.given()
    everywhere = statements.everywhere(statements.shape_of(wanted, near), also)
    number = db.session.execute(everywhere, given).scalar_one()
    few = area.few and near is None
    shape = statements.shape_of(wanted, near, few=few)
    counting = [*also, inside(indexed=True)]
    return _Asked(shape, [*also, inside(indexed=few)], given, words, counting), number


def _further(wanted: MarketFilter) -> list[ColumnElement[bool]] | None:
    """Words and price; None when the words cannot match."""
    found: list[ColumnElement[bool]] = []
    if wanted.q.strip():
        refs = search_index.matching("listing", wanted.q)
        if refs is None:
            return None
        found.append(_L.id.in_(refs))
    if wanted.max_price is not None:
        found.append(at_most(wanted.max_price))
    return found


def _newest(asked: _Asked, limit: int, cursor: str | None) -> _Window:
    key = _position(cursor, str)
    given = {**asked.given, "limit": limit + 1}
    if key is not None:
        given["last"] = key[0]
    rows: Sequence[Any]
    if asked.also:
        query = statements.newest_of(asked.shape, asked.also, behind=key is not None, counting=asked.counting)
        rows = db.session.execute(query, given).all()
    else:
        rows = statements.newest(asked.shape, behind=key is not None).rows(**given)
    return _Window(rows[:limit], encode_cursor(rows[limit - 1].id) if len(rows) > limit else None, _first(rows))


def _cheapest(asked: _Asked, currency: str, limit: int, cursor: str | None) -> _Window:
    place = read_place(cursor)
    currency = place[0] if place else currency
    after = place[1] if place else None
    query = statements.uncounted(asked.shape, asked.also)
    counted = _count(asked)
    rows: list[Row[Any]] = []
    if counted.shown > MAX_COUNTED and not asked.words:
        for part in cheapest_windows(query, currency, after, limit + 1):
            rows += db.session.execute(part, asked.given).all()
            if len(rows) > limit:
                break
    else:
        # So few are sorted sooner than they are picked out of all; those with a common word are looked up anyway.
        rows += db.session.execute(cheapest_first(query, currency, after).limit(limit + 1), asked.given).all()
    more = None
    if len(rows) > limit:
        last = rows[limit - 1]
        more = encode_cursor(currency, *place_of(_price(last), currency), last.id)
    return _Window(rows[:limit], more, counted)


def _count(asked: _Asked) -> Row[Any]:
    return db.session.execute(statements.counts_of(asked.shape, asked.counting), asked.given).one()


def _first(rows: Sequence[Row[Any]]) -> Row[Any] | None:
    return rows[0] if rows else None


def _position(cursor: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """A cursor that ends with the id of a listing."""
    key = decode_cursor(cursor, *kinds)
    if key is not None and not is_id(key[-1]):
        raise Invalid("the cursor belongs to another list", code="bad_cursor")
    return key


def _ranked(asked: _Asked, worth: Callable[[Row[Any]], float], limit: int, cursor: str | None) -> _Window:
    """The best first, of those that are as good the newest."""
    key = _position(cursor, float, str)
    rows = db.session.execute(statements.sellers(asked.shape, asked.also, _RANKED, asked.counting), asked.given).all()
    # By what the last one was, not by how many were shown: some have come or gone since.
    order = sorted(((worth(row), row.id) for row in rows), reverse=True)
    rest = [one for one in order if key is None or one < key]
    ids = [ident for _score, ident in rest[:limit]]
    shown = statements.CARDS.where(_L.id.in_(ids))
    found = {row.id: row for row in db.session.execute(shown, asked.given)} if ids else {}
    more = encode_cursor(*rest[limit - 1]) if len(rest) > limit else None
    return _Window([found[one] for one in ids if one in found], more, _first(rows))


def _read(viewer_id: MemberId | None, query: Select[Any]) -> list[ListingCard]:
    rows = db.session.execute(query, {"viewer": viewer_id or NOBODY})
    return _cards(rows.all(), viewer_id)


def _cards(
    rows: Sequence[Row[Any]], viewer_id: MemberId | None, ways: Mapping[MemberId, Trail] | None = None
) -> list[ListingCard]:
    """With the viewer's ways to the sellers, and how far it is from the viewer's town."""
    home = rows[0].viewer_place if rows and viewer_id is not None else None
    towns = towns_named({home, *(row.place for row in rows)}) if home else {}
    far = [kilometres_between(towns.get(home or ""), towns.get(row.place)) for row in rows]
    ways = ways or {}
    return [_card(row, viewer_id, ways.get(row.seller_id), km) for row, km in zip(rows, far, strict=True)]


def _card(row: Row[Any], viewer_id: MemberId | None, trail: Trail | None, kilometres: int | None) -> ListingCard:
    return ListingCard(
        id=row.id,
        kind=row.kind,
        title=row.title,
        category=row.category,
        condition=row.condition,
        price=_price(row),
        place=row.place,
        status=row.status,
        cover_id=row.cover_id,
        created_at=row.created_at,
        saved=bool(row.saved),
        mine=row.seller_id == viewer_id,
        seller=card_of(row, row.seller_id),
        trail=trail,
        kilometres=kilometres,
    )


def _price(row: Row[Any]) -> Money | None:
    return Money(row.price_minor, row.currency) if row.price_minor is not None else None


def _pictures(listing_id: ListingId) -> list[Picture]:
    rows = db.session.execute(
        select(Photo.id, Photo.width, Photo.height, ListingPhoto.alt)
        .join(ListingPhoto, ListingPhoto.photo_id == Photo.id)
        .where(ListingPhoto.listing_id == listing_id)
        .order_by(ListingPhoto.position)
    )
    return [Picture(row.id, row.width, row.height, row.alt) for row in rows]


def pictures_of(ids: Sequence[ListingId]) -> Mapping[ListingId, list[PhotoId]]:
    """The photo ids of several listings, in order."""
    found: dict[ListingId, list[PhotoId]] = {one: [] for one in ids}
    rows = db.session.execute(
        select(ListingPhoto.listing_id, ListingPhoto.photo_id)
        .where(ListingPhoto.listing_id.in_(ids))
        .order_by(ListingPhoto.position)
    )
    for row in rows:
        found[row.listing_id].append(row.photo_id)
    return found


def _currency_of(listing_id: ListingId) -> str:
    return str(db.session.execute(select(_L.currency).where(_L.id == listing_id)).scalar_one())


def last_terms(member_id: MemberId) -> tuple[str, str | None]:
    """Place and currency of the member's last listing, else the member's place alone."""
    latest = select(_L.place, _L.currency).where(_L.seller_id == member_id).order_by(statements.NEWEST).limit(1)
    row = db.session.execute(latest).one_or_none()
    if row is not None:
        return row.place, row.currency
    place = db.session.execute(select(_M.place).where(_M.id == member_id)).scalar_one_or_none()
    return place or "", None
