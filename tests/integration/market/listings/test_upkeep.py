"""What is kept of a person, what must hold, and the files behind the photos."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import update

from app.market.listings import checks, privacy, queries, service
from app.market.listings.models import Listing
from app.market.listings.values import ListingDraft, MarketFilter
from app.platform.database import db, unit_of_work
from app.platform.files import photo_path, store_photo, sweep_photos
from tests.support.people import MemberFactory


@pytest.fixture
def listed(app: Flask, member: MemberFactory) -> tuple[int, str, str]:
    """Bo, a listing of his, and its photo."""
    bo = member("bo")
    out = BytesIO()
    Image.new("RGB", (40, 50), "olive").save(out, "PNG")
    out.seek(0)
    photo = store_photo(out, bo).id
    draft = ListingDraft(kind="sale", title="Lamp", condition="good", price=Decimal(5))
    return bo, service.publish_listing(bo, draft, [photo]), photo


def test_all_of_a_person_goes_files_included(listed: tuple[int, str, str]) -> None:
    bo, listing_id, photo = listed
    service.save_listing(bo, listing_id, keep=True)
    told = privacy.export(bo)
    assert [one["title"] for one in told["listings"]] == ["Lamp"]
    assert told["saved"] == [listing_id]
    with unit_of_work():
        privacy.erase(bo)
    assert privacy.export(bo) == {"listings": [], "saved": []}
    assert queries.browse(None, MarketFilter(q="lamp")).items == []
    assert sweep_photos(timedelta(hours=1)) == 0
    assert sweep_photos(timedelta(seconds=-1)) == 3
    assert not photo_path(photo, "card").exists()


def test_photos_in_use_are_never_swept(listed: tuple[int, str, str]) -> None:
    assert sweep_photos(timedelta(seconds=-1)) == 0
    assert photo_path(listed[2], "full").exists()


def test_the_checks_see_every_breach(listed: tuple[int, str, str]) -> None:
    _bo, listing_id, photo = listed
    assert checks.run() == []
    photo_path(photo, "thumb").unlink()
    with unit_of_work():
        db.session.execute(update(Listing).where(Listing.id == listing_id).values(status="sold"))
    assert len(checks.run()) == 2
