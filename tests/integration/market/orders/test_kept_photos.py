"""The photos of what was ordered stay for its two people, whatever the seller does with the listing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.kernel.clock import clock
from app.kernel.ids import ListingId, MemberId, PhotoId
from app.market.listings.service import change_listing, publish_listing, remove_listing
from app.market.listings.values import ListingDraft
from app.people.data_requests.service import erase_member
from app.platform.database import db
from app.platform.files import Photo, expire_photos, photo_path, store_photo, sweep_photos
from tests.support.orders import order
from tests.support.people import MemberFactory

SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> MemberId:
    app.config["WTF_CSRF_ENABLED"] = False
    return member("bo")


def picture(owner: MemberId) -> PhotoId:
    data = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(data, "PNG")
    data.seek(0)
    return store_photo(data, owner).id


def lamp(bo: MemberId, photo: PhotoId) -> ListingId:
    draft = ListingDraft(kind="sale", title="Lamp", category="home", condition="good", price="40", currency="EUR")
    return publish_listing(bo, draft, [photo])


def later_swept() -> None:
    with clock.freeze(clock.now() + timedelta(days=3)):
        expire_photos()
        sweep_photos()


def is_seen(client: FlaskClient, photo: PhotoId) -> int:
    with client.get(f"/media/{photo}/thumb.webp") as answer:
        return answer.status_code


def test_a_photo_that_the_seller_takes_out_stays_for_the_two(
    app: Flask, bo: MemberId, member: MemberFactory, client: FlaskClient, signed_in: SignedIn
) -> None:
    ana, photo = member("ana"), picture(bo)
    member("cem")
    listing = lamp(bo, photo)
    made = order(ana, listing)
    change_listing(bo, listing, lambda draft, _photos: (draft, {}))
    later_swept()
    assert photo_path(photo, "thumb").is_file()
    buyer, other = signed_in(client, "ana"), signed_in(app.test_client(), "cem")
    assert (is_seen(buyer, photo), is_seen(other, photo)) == (200, 404)
    assert photo in buyer.get(f"/orders/{made}").text
    remove_listing(bo, listing)
    later_swept()
    assert is_seen(buyer, photo) == 200


def test_what_nobody_has_ordered_goes_and_so_do_photos_of_who_leaves(
    app: Flask, bo: MemberId, member: MemberFactory
) -> None:
    ana, sold, unsold = member("ana"), picture(bo), picture(bo)
    lamp(bo, unsold)
    order(ana, lamp(bo, sold))
    other = lamp(bo, loose := picture(bo))
    change_listing(bo, other, lambda draft, _photos: (draft, {}))
    later_swept()
    assert [photo_path(one, "thumb").is_file() for one in (sold, unsold, loose)] == [True, True, False]
    erase_member(bo, "bo")
    later_swept()
    assert [photo_path(one, "thumb").is_file() for one in (sold, unsold)] == [False, False]
    assert db.session.get(Photo, sold) is None
