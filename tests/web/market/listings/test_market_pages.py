"""The market as a browser without JavaScript uses it, and as htmx does."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from app.kernel.ids import ListingId
from app.market.listings import queries, service
from app.market.listings.values import ListingDraft
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

SignIn = Callable[[FlaskClient, str], FlaskClient]


def picture(kind: str = "JPEG") -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (90, 120), (120, 90, 160)).save(out, kind)
    out.seek(0)
    return out


def token(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, page.text[:500]
    return found[1]


@pytest.fixture
def lamp(app: Flask, member: MemberFactory) -> str:
    """A listing of Cem's, whom Ana reaches through Bo; Dan is a stranger to them."""
    ana, bo, cem, _dan = (member(name) for name in ("ana", "bo", "cem", "dan"))
    vouch(ana, bo, "trust_fully")
    vouch(bo, cem, "trust_fully")
    draft = ListingDraft(
        kind="sale",
        title="Brass <b>lamp</b>",
        condition="like_new",
        price=Decimal("18.50"),
        place="Lund",
        description="Works **well**.\n<script>alert(1)</script>",
    )
    return service.publish_listing(cem, draft)


def test_cards_say_price_condition_place_and_the_way(lamp: str, client: FlaskClient, signed_in: SignIn) -> None:
    page = signed_in(client, "ana").get("/market").text
    assert "€18.50" in page
    assert "Like new · <bdi>Lund</bdi>" in page
    assert "Bo knows" in page
    assert "Brass &lt;b&gt;lamp&lt;/b&gt;" in page
    assert f'href="/market/{lamp}"' in page


def test_what_is_filtered_out_is_counted_and_can_be_shown(lamp: str, client: FlaskClient, signed_in: SignIn) -> None:
    page = signed_in(client, "dan").get("/market?distance=2&q=lamp").text
    assert "1 hidden" in page
    assert 'href="/market?q=lamp"' in page
    assert "Brass" not in page
    assert "Brass" in client.get("/market?q=lamp").text


def test_a_visitor_sees_the_market_without_ways(lamp: str, client: FlaskClient) -> None:
    page = client.get("/market")
    assert page.status_code == 200
    assert "Brass" in page.text
    detail = client.get(f"/market/{lamp}").text
    assert "Sign in" in detail
    assert "/messages/new" not in detail


def test_what_one_types_into_the_filters_never_stands_in_anothers(
    lamp: str, client: FlaskClient, signed_in: SignIn
) -> None:
    """The form is kept for all who ask alike, and what cannot be read asks for nothing."""
    assert 'value="about my rent"' in signed_in(client, "ana").get("/market?currency=EUR&max_price=about my rent").text
    assert "about my rent" not in client.get("/market?currency=EUR").text
    assert 'value="20,00"' in client.get("/market?currency=EUR&max_price=20,00").text
    assert 'value="20"' in client.get("/market?currency=EUR&max_price=20").text


def test_nonsense_in_the_address_is_forgiven(lamp: str, client: FlaskClient) -> None:
    odd = client.get("/market?distance=abc&sort=best&kind=x&category=y&max_price=%22&near=%25")
    assert odd.status_code == 200
    assert client.get("/market?cursor=zzz").status_code == 422


def test_htmx_gets_only_the_part_that_changes(lamp: str, client: FlaskClient) -> None:
    part = client.get("/market?q=lamp", headers={"HX-Request": "true", "HX-Target": "results"})
    assert "Brass" in part.text
    assert "<html" not in part.text
    assert "HX-Target" in part.headers["Vary"]


def test_the_listing_shows_its_way_and_its_actions(lamp: str, client: FlaskClient, signed_in: SignIn) -> None:
    page = signed_in(client, "ana").get(f"/market/{lamp}").text
    assert "Bo knows" in page
    assert "<strong>well</strong>" in page
    assert "<script>alert" not in page
    assert f'name="listing" value="{lamp}"' in page
    assert f"/report/listing/{lamp}" in page
    assert "/edit" not in page


def test_posting_with_photos(client: FlaskClient, member: MemberFactory, signed_in: SignIn) -> None:
    member("ana")
    page = signed_in(client, "ana").get("/market/new")
    form = {
        "csrf_token": token(page),
        "kind": "sale",
        "title": "Oak table",
        "category": "furniture",
        "condition": "good",
        "price": "120",
        "currency": "EUR",
        "place": "Ystad",
        "description": "",
        "photos": [(picture(), "a.jpg"), (picture("PNG"), "b.png")],
    }
    answer = client.post("/market/new", data=form, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    listing_id = answer.headers["Location"].rsplit("/", 1)[1]
    detail = queries.get_listing(None, ListingId(listing_id))
    assert len(detail.pictures) == 2
    shown = client.get(detail.pictures[0].card)
    assert shown.status_code == 200
    assert shown.content_type == "image/webp"
    assert shown.headers["Cache-Control"] == "private, max-age=300"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "Oak table" in client.get("/market?q=oak").text

    first, second = (picture.id for picture in detail.pictures)
    edit = client.get(f"/market/{listing_id}/edit")
    changed = {
        "csrf_token": token(edit),
        "kind": "sale",
        "title": "Oak table, small",
        "category": "furniture",
        "condition": "fair",
        "price": "90.5",
        "currency": "EUR",
        "photo_id": [first, second],
        "cover": second,
        "photos": [(picture(), "c.jpg")],
    }
    answer = client.post(f"/market/{listing_id}/edit", data=changed, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    again = queries.get_listing(None, ListingId(listing_id))
    assert [one.id for one in again.pictures][:2] == [second, first]
    assert len(again.pictures) == 3
    assert again.card.price is not None
    assert again.card.price.minor == 9050


def test_a_refused_form_keeps_what_was_sent(client: FlaskClient, member: MemberFactory, signed_in: SignIn) -> None:
    member("ana")
    page = signed_in(client, "ana").get("/market/new")
    form = {"csrf_token": token(page), "kind": "sale", "category": "home", "currency": "EUR"}
    bad = client.post(
        "/market/new",
        data={**form, "title": "Lamp", "price": "", "photos": (picture(), "a.jpg")},
        content_type="multipart/form-data",
    )
    assert bad.status_code == 422
    assert 'role="alert"' in bad.text
    kept = re.search(r'name="photo_id" value="([^"]+)"', bad.text)
    assert kept
    good = client.post(
        "/market/new",
        data={**form, "title": "Lamp", "price": "5", "condition": "good", "photo_id": kept[1]},
    )
    assert good.status_code == 303


@pytest.mark.parametrize("data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", b"GIF89a...."])
def test_what_is_no_photo_is_refused_by_name(
    client: FlaskClient, member: MemberFactory, signed_in: SignIn, data: bytes
) -> None:
    member("ana")
    page = signed_in(client, "ana").get("/market/new")
    form = {
        "csrf_token": token(page),
        "kind": "give",
        "title": "Lamp",
        "category": "home",
        "condition": "good",
        "currency": "EUR",
        "photos": (BytesIO(data), "odd.jpg"),
    }
    answer = client.post("/market/new", data=form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "odd.jpg" in answer.text


def test_saving_and_letting_go(lamp: str, client: FlaskClient, signed_in: SignIn) -> None:
    page = signed_in(client, "ana").get(f"/market/{lamp}")
    csrf = token(page)
    assert client.post(f"/market/{lamp}/save", data={"csrf_token": csrf, "keep": "1"}).status_code == 303
    assert "Brass" in client.get("/market/saved").text
    part = client.post(f"/market/{lamp}/save", data={"csrf_token": csrf, "keep": "0"}, headers={"HX-Request": "true"})
    assert 'aria-pressed="false"' in part.text
    assert "Brass" not in client.get("/market/saved").text


def test_only_the_seller_may_edit_sell_and_remove(lamp: str, client: FlaskClient, signed_in: SignIn) -> None:
    csrf = token(signed_in(client, "ana").get(f"/market/{lamp}"))
    assert client.get(f"/market/{lamp}/edit").status_code == 403
    for action in ("sold", "remove"):
        assert client.post(f"/market/{lamp}/{action}", data={"csrf_token": csrf}).status_code == 403
    signed_in(client, "cem")
    csrf = token(client.get(f"/market/{lamp}"))
    assert client.post(f"/market/{lamp}/sold", data={"csrf_token": csrf}).status_code == 303
    assert "Sold" in client.get(f"/market/{lamp}").text
    assert client.post(f"/market/{lamp}/remove", data={"csrf_token": csrf}).status_code == 303
    assert client.get("/market/mine").status_code == 200
    signed_in(client, "ana")
    assert client.get(f"/market/{lamp}").status_code == 404


def test_without_the_forms_token_nothing_happens(lamp: str, client: FlaskClient, signed_in: SignIn) -> None:
    signed_in(client, "cem")
    assert client.post(f"/market/{lamp}/remove").status_code == 400
    assert client.get(f"/market/{lamp}").status_code == 200


@pytest.mark.parametrize("path", ["/media/x/card.webp", "/media/" + "0" * 26 + "/card.webp", "/media/../kinmarket.db"])
def test_media_gives_nothing_else(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_filters_that_are_set_can_be_removed_one_by_one(lamp: str, client: FlaskClient, signed_in: SignIn) -> None:
    query = "?category=other&distance=2&near=Lund&max_price=20&currency=EUR&sort=price"
    page = signed_in(client, "ana").get(f"/market{query}").text
    chips = dict(re.findall(r'filter-chip on"\s+href="([^"]+)".*?<bdi>([^<]+)</bdi>', page, re.DOTALL))
    without = {text: html.unescape(address) for address, text in chips.items()}
    assert without.keys() == {"Other", "Up to 2 steps", "near Lund", "up to €20", "Lowest price"}
    assert without["Other"] == "/market?max_price=20.00&currency=EUR&near=Lund&distance=2&sort=price"
    assert "max_price" not in without["up to €20"]
    assert "sort" not in without["Lowest price"]


def test_the_list_is_shown_again_as_far_as_it_was_open(
    client: FlaskClient, member: MemberFactory, signed_in: SignIn
) -> None:
    bo = member("bo")
    for number in range(50):
        draft = ListingDraft(kind="sale", title=f"Cup {number}", condition="good", price=Decimal(2))
        service.publish_listing(bo, draft)
    first = client.get("/market").text
    assert first.count("lst-title") == 24
    address = html.unescape(re.search(r'href="([^"]+)" rel="next"', first)[1])  # type: ignore[index] # it is there
    more = client.get(address, headers={"HX-Request": "true", "HX-Target": "more"})
    assert more.text.count("lst-title") == 24
    assert more.headers["HX-Replace-Url"] == "/market?shown=48"
    again = client.get("/market?shown=48").text
    assert again.count("lst-title") == 48
    # It goes on where it stopped, with and without JavaScript.
    rest = html.unescape(re.search(r'href="([^"]+)" rel="next"', again)[1])  # type: ignore[index] # as above
    assert "Cup 1<" in client.get(rest).text
    assert client.get(rest).text.count("lst-title") == 2
    assert client.get("/market?shown=99999999999999999999").text.count("lst-title") == 50
    assert client.get("/market?shown=-5").text.count("lst-title") == 24


@pytest.mark.parametrize(
    ("before", "words", "header"),
    [
        ("la", "lamp", "Replace"),
        ("lamp", "", "Replace"),
        ("chair", "lamp", "Push"),
    ],
)
def test_half_a_word_is_no_step_to_go_back_to(
    lamp: str, client: FlaskClient, before: str, words: str, header: str
) -> None:
    asked = {"HX-Request": "true", "HX-Target": "results", "HX-Current-URL": f"http://localhost/market?q={before}"}
    answer = client.get("/market", query_string={"q": words}, headers=asked)
    assert answer.headers[f"HX-{header}-Url"] == ("/market?q=lamp" if words else "/market")


def test_photos_are_in_the_order_and_have_the_words_of_the_form(
    client: FlaskClient, member: MemberFactory, signed_in: SignIn
) -> None:
    member("ana")
    page = signed_in(client, "ana").get("/market/new")
    assert page.text.index('name="photos"') < page.text.index('name="title"')  # the photos come first
    form = {"csrf_token": token(page), "kind": "give", "title": "Oak table", "category": "home", "currency": "EUR"}
    form |= {"condition": "good"}
    sent = [(picture(), "a.jpg"), (picture("PNG"), "b.png")]
    words = {"new_alt": ["The top", "A <leg>\u202e"], "photo_order": "new new"}
    answer = client.post("/market/new", data={**form, **words, "photos": sent}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    address = answer.headers["Location"]
    before = queries.get_listing(None, ListingId(address.rsplit("/", 1)[1])).pictures
    assert [one.alt for one in before] == ["The top", "A <leg>"]
    assert 'alt="A &lt;leg&gt;"' in client.get(address).text

    # A third one between them, and other words for the first, which is the last now.
    first, second = (one.id for one in before)
    edit = client.get(f"{address}/edit")
    assert 'value="The top"' in edit.text
    changed = {**form, "csrf_token": token(edit), "photo_id": [first, second], "photo_order": f"{second} new {first}"}
    changed |= {f"alt_{first}": "Seen from above", f"alt_{second}": "A leg", "new_alt": "The drawer"}
    answer = client.post(
        f"{address}/edit", data={**changed, "photos": (picture(), "c.jpg")}, content_type="multipart/form-data"
    )
    assert answer.status_code == 303, answer.text
    after = queries.get_listing(None, ListingId(address.rsplit("/", 1)[1])).pictures
    assert [one.alt for one in after] == ["A leg", "The drawer", "Seen from above"]
    assert [after[0].id, after[2].id] == [second, first]
