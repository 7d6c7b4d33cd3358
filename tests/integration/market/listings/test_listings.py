"""Use cases of listings, and the market as different people see it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.money import Money
from app.market.listings import queries, service
from app.market.listings.values import ListingDraft, MarketFilter, MarketPage, Sort
from app.people.blocks.service import block
from app.platform.database import EventRow, db
from app.platform.files import photo_path, store_photo
from app.platform.subjects import Ruling
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

Post = Callable[..., str]


@pytest.fixture
def people(app: Flask, member: MemberFactory) -> dict[str, int]:
    """Ana trusts Bo, Bo trusts Cem; nobody knows Dan."""
    ids = {name: member(name) for name in ("ana", "bo", "cem", "dan")}
    vouch(ids["ana"], ids["bo"], "trust_fully")
    vouch(ids["bo"], ids["cem"], "trust")
    return ids


@pytest.fixture
def post(people: dict[str, int]) -> Post:
    def publish(seller: str, title: str, photos: tuple[str, ...] = (), **changes: Any) -> str:
        plain = {"kind": "sale", "category": "home", "condition": "good", "price": Decimal(20)}
        draft = ListingDraft(title=title, **{**plain, **changes})
        return service.publish_listing(people[seller], draft, photos)

    return publish


def photo(owner: int) -> str:
    out = BytesIO()
    Image.new("RGB", (64, 80), (90, 140, 110)).save(out, "JPEG")
    out.seek(0)
    return store_photo(out, owner).id


def market(viewer: int | None, **wanted: Any) -> MarketPage:
    return queries.browse(viewer, MarketFilter(**wanted))


def titles(page: MarketPage) -> list[str]:
    return [card.title for card in page.items]


def events(name: str) -> list[dict[str, Any]]:
    db.session.rollback()
    return list(db.session.scalars(select(EventRow.payload).where(EventRow.name == name)))


def test_a_published_listing_is_found_at_once(people: dict[str, int], post: Post) -> None:
    listing_id = post("bo", "Moccamaster, one owner", place="Malmö", description="With the **box**.")
    page = market(people["ana"], q="mocca")
    assert titles(page) == ["Moccamaster, one owner"]
    assert page.items[0].trail is not None
    assert page.items[0].trail.handles == ["ana", "bo"]
    assert titles(market(None, q="box")) == ["Moccamaster, one owner"]
    assert events("ListingPublished") == [{"listing_id": listing_id, "seller_id": people["bo"], "kind": "sale"}]


def test_filters(people: dict[str, int], post: Post) -> None:
    post("bo", "Lamp", price=Decimal(30), place="Lund")
    post("bo", "Chair", price=Decimal(80), category="furniture", place="Malmö")
    post("cem", "Teapot", kind="give", price=None, category="kitchen", place="Lund C")
    post("dan", "Manga", price=Decimal(900), currency="JPY", category="books")
    me = people["ana"]
    assert titles(market(me)) == ["Manga", "Teapot", "Chair", "Lamp"]
    assert titles(market(me, category="furniture")) == ["Chair"]
    assert titles(market(me, kind="give")) == ["Teapot"]
    assert titles(market(me, near="lund")) == ["Teapot", "Lamp"]
    assert titles(market(me, near="MALMO")) == ["Chair"]
    assert titles(market(me, near="100%")) == []
    assert titles(market(me, max_price=Money(5000, "EUR"))) == ["Teapot", "Lamp"]
    assert titles(market(me, max_price=Money(90000, "EUR"))) == ["Teapot", "Chair", "Lamp"]
    assert titles(market(me, max_price=Money(900, "JPY"))) == ["Manga", "Teapot"]
    assert titles(market(me, sort=Sort.CHEAPEST)) == ["Teapot", "Lamp", "Chair", "Manga"]
    assert titles(market(me, sort=Sort.CHEAPEST, currency="JPY")) == ["Teapot", "Manga", "Lamp", "Chair"]


def test_distance_hides_and_says_how_much(people: dict[str, int], post: Post) -> None:
    post("bo", "Lamp of Bo")
    post("cem", "Lamp of Cem")
    post("dan", "Lamp of Dan")
    post("dan", "Chair of Dan")
    me = people["ana"]
    near = market(me, hops=1)
    assert (titles(near), near.shown, near.hidden) == (["Lamp of Bo"], 1, 3)
    wider = market(me, hops=2, q="lamp")
    assert (titles(wider), wider.shown, wider.hidden) == (["Lamp of Cem", "Lamp of Bo"], 2, 1)
    assert market(me).hidden == 0
    assert market(people["dan"], hops=1).hidden == 2
    assert titles(market(me, sort=Sort.TRUST))[:2] == ["Lamp of Bo", "Lamp of Cem"]


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_follow_each_other_without_gaps(people: dict[str, int], post: Post, sort: Sort) -> None:
    posted = {post(("bo", "cem", "dan")[n % 3], f"Chair {n}", price=Decimal(5 + n % 4)) for n in range(13)}
    seen: list[str] = []
    cursor = None
    for _round in range(10):
        page = queries.browse(people["ana"], MarketFilter(sort=sort), limit=4, cursor=cursor)
        seen += [card.id for card in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == 13
    assert set(seen) == posted


def test_blocked_people_do_not_see_each_other(people: dict[str, int], post: Post) -> None:
    listing_id = post("bo", "Lamp")
    block(people["bo"], people["ana"])
    assert titles(market(people["ana"])) == []
    assert market(people["ana"]).hidden == 0
    with pytest.raises(NotFound):
        queries.get_listing(people["ana"], listing_id)
    assert titles(market(people["cem"])) == ["Lamp"]


def test_photos_keep_their_order_and_the_first_is_the_cover(people: dict[str, int], post: Post) -> None:
    one, two, three = (photo(people["bo"]) for _ in range(3))
    listing_id = post("bo", "Lamp", (two, one))
    service.add_photos(people["bo"], listing_id, [three])
    detail = queries.get_listing(None, listing_id)
    assert [picture.id for picture in detail.pictures] == [two, one, three]
    assert detail.card.cover_id == two
    assert photo_path(two, "card").stat().st_size > 0
    service.edit_listing(people["bo"], listing_id, queries.draft_of(detail), [three, two])
    again = queries.get_listing(None, listing_id)
    assert [picture.id for picture in again.pictures] == [three, two]
    assert queries.pictures_of([listing_id]) == {listing_id: [three, two]}


def test_photos_of_others_and_too_many_are_refused(people: dict[str, int], post: Post) -> None:
    with pytest.raises(Invalid) as refused:
        post("bo", "Lamp", (photo(people["ana"]),))
    assert refused.value.error_code == "bad_photo"
    listing_id = post("bo", "Lamp", tuple(photo(people["bo"]) for _ in range(10)))
    with pytest.raises(Invalid) as refused:
        service.add_photos(people["bo"], listing_id, [photo(people["bo"])])
    assert refused.value.error_code == "too_many_photos"


def test_only_the_seller_changes_a_listing(people: dict[str, int], post: Post) -> None:
    listing_id = post("bo", "Lamp")
    draft = ListingDraft(kind="sale", title="Mine now", condition="good", price=Decimal(1))
    attempts: list[Callable[[], None]] = [
        lambda: service.edit_listing(people["ana"], listing_id, draft),
        lambda: service.mark_sold(people["ana"], listing_id),
        lambda: service.remove_listing(people["ana"], listing_id),
        lambda: service.add_photos(people["ana"], listing_id, []),
    ]
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()


def test_editing_changes_what_is_found(people: dict[str, int], post: Post) -> None:
    listing_id = post("bo", "Lamp")
    draft = queries.draft_of(queries.get_listing(people["bo"], listing_id))
    changed = ListingDraft(kind="give", title="Floor light", category=draft.category, condition="fair", place="Ystad")
    service.edit_listing(people["bo"], listing_id, changed)
    assert titles(market(None, q="lamp")) == []
    assert titles(market(None, q="floor", near="ystad", kind="give")) == ["Floor light"]
    assert events("ListingChanged") == [{"listing_id": listing_id, "seller_id": people["bo"]}]


def test_sold_things_leave_the_market_but_can_be_read(people: dict[str, int], post: Post) -> None:
    listing_id = post("bo", "Lamp")
    service.mark_sold(people["bo"], listing_id)
    assert titles(market(people["ana"])) == []
    assert queries.get_listing(people["ana"], listing_id).card.status == "sold"
    with pytest.raises(Conflict):
        service.mark_sold(people["bo"], listing_id)
    with pytest.raises(Conflict):
        service.edit_listing(people["bo"], listing_id, ListingDraft(kind="give", title="Lamp", condition="new"))
    assert [card.status for card in queries.of_seller(None, people["bo"])] == ["sold"]


def test_removed_things_are_gone_for_everybody_but_the_seller(people: dict[str, int], post: Post) -> None:
    listing_id = post("bo", "Lamp")
    service.remove(listing_id, Ruling(moderator_id=1))
    service.remove(listing_id, Ruling(moderator_id=1))
    assert titles(market(people["ana"], q="lamp")) == []
    with pytest.raises(NotFound):
        queries.get_listing(people["ana"], listing_id)
    assert queries.get_listing(people["bo"], listing_id).card.status == "removed"
    assert events("ListingRemoved") == [{"listing_id": listing_id, "seller_id": people["bo"], "by_moderator": True}]
    other = post("bo", "Chair")
    service.remove_listing(people["bo"], other)
    service.remove_listing(people["bo"], other)
    assert len(events("ListingRemoved")) == 2


def test_saving_is_kept_until_let_go(people: dict[str, int], post: Post) -> None:
    first, second = post("bo", "Lamp"), post("cem", "Chair")
    for listing_id in (first, second, first):
        service.save_listing(people["ana"], listing_id, keep=True)
    assert {card.title for card in queries.saved(people["ana"])} == {"Chair", "Lamp"}
    assert queries.get_listing(people["ana"], first).saves == 1
    service.save_listing(people["ana"], second, keep=False)
    assert [card.saved for card in market(people["ana"]).items] == [False, True]
    with pytest.raises(NotFound):
        service.save_listing(people["ana"], "0" * 26, keep=True)


def test_odd_texts_are_cleaned_or_refused(people: dict[str, int], post: Post) -> None:
    listing_id = post("bo", "  La\u202emp\n with  shade ", place="Lund\u200b")
    assert queries.get_listing(None, listing_id).card.title == "Lamp with shade"
    with pytest.raises(Invalid):
        post("bo", "L" * 121)
    with pytest.raises(Invalid):
        post("bo", "Lamp", description="x" * 6001)
