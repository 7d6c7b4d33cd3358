"""A photo belongs to exactly one thing, however many want it, and goes with that thing alone."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from app.community.items.models import Item
from app.community.items.service import add_item
from app.community.recommendations.models import RecommendationPhoto
from app.community.recommendations.service import recommend
from app.community.recommendations.values import RecommendationPhotoView
from app.kernel.errors import DomainError, Invalid
from app.kernel.subjects import Subject
from app.market.listings.models import ListingPhoto
from app.market.listings.service import edit_listing, publish_listing
from app.market.listings.values import ListingDraft
from app.messaging.conversations import changes
from app.messaging.conversations.models import MessagePhoto
from app.messaging.conversations.service import send_message, start_conversation
from app.platform import files
from app.platform.database import db, unit_of_work
from app.platform.files import Photo, attach_photos, owned_photos, store_photo
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

Attach = Callable[[str], object]
DRAFT = ListingDraft(kind="give", title="Lamp", category="home", condition="good")


def picture(owner: int) -> str:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#a04020").save(out, "PNG")
    out.seek(0)
    return store_photo(out, owner).id


def places_of(photo: str) -> int:
    """On how many things it is."""
    db.session.rollback()
    return sum(
        len(db.session.scalars(select(column).where(column == photo)).all())
        for column in (MessagePhoto.photo_id, ListingPhoto.photo_id, RecommendationPhoto.photo_id, Item.photo_id)
    )


@pytest.fixture
def ana(member: MemberFactory) -> int:
    return member("ana")


@pytest.fixture
def things(ana: int, member: MemberFactory) -> dict[str, Attach]:
    """Every kind of thing that has photos, made with one."""
    bo = member("bo")
    vouch(bo, ana, "trust")
    ident, _ = start_conversation(ana, [bo])
    said = add_item(ana, kind="product", title="Kettle")
    draw = iter(range(100))
    return {
        "message": lambda photo: send_message(ana, ident, f"m{next(draw)}", "look", photos=[photo]).id,
        "listing": lambda photo: publish_listing(ana, DRAFT, [photo]),
        "item": lambda photo: add_item(ana, kind="product", title=f"Pot {next(draw)}", photo_id=photo),
        "recommendation": lambda photo: recommend(ana, said, "recommend", photos=[RecommendationPhotoView(photo, "")]),
    }


@pytest.mark.databases("sqlite", "postgres")
def test_every_thing_beside_every_other(ana: int, things: dict[str, Attach]) -> None:
    for first, attach in things.items():
        for second, attach_too in things.items():
            photo = picture(ana)
            attach(photo)
            if first == second == "recommendation":
                continue  # the same words said again keep their photo
            with pytest.raises(Invalid) as refusal:
                attach_too(photo)
            db.session.rollback()
            assert refusal.value.error_code == "bad_photo", (first, second)
            assert places_of(photo) == 1, (first, second)


def test_removing_one_leaves_the_others_alone(ana: int, things: dict[str, Attach]) -> None:
    kept, gone = picture(ana), picture(ana)
    listing = publish_listing(ana, DRAFT, [kept, gone])
    with pytest.raises(Invalid):
        things["message"](kept)
    sent = str(things["message"](picture(ana)))
    changes.remove_message(ana, sent)
    assert places_of(kept) == places_of(gone) == 1
    edit_listing(ana, listing, DRAFT, [kept])
    assert places_of(kept) == 1
    assert owned_photos(ana, [kept, gone]) == {kept}


def test_somebody_elses_photo_is_none(ana: int, things: dict[str, Attach], member: MemberFactory) -> None:
    theirs = picture(member("cem"))
    for kind, attach in things.items():
        with pytest.raises(Invalid):
            attach(theirs)
        db.session.rollback()
        assert places_of(theirs) == 0, kind


def race(app: Flask, owner: int, photo: str) -> int:
    """Eight things want one photo at the same moment; answers how many have got it."""
    gate = threading.Barrier(8)

    def want(number: int) -> bool:
        with app.app_context():
            try:
                gate.wait(timeout=30)
                with unit_of_work():
                    attach_photos(owner, [photo], Subject("message", f"m{number}"))
            except DomainError:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(want, range(8)))


@pytest.mark.databases("sqlite", "postgres")
def test_of_many_who_want_one_photo_one_gets_it(app: Flask, ana: int) -> None:
    assert [race(app, ana, picture(ana)) for _ in range(4)] == [1] * 4


@pytest.fixture
def naive(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads first and writes then, with everybody having read before anybody writes."""
    read = threading.Barrier(8)

    def attach(owner_id: int, ids: list[str], subject: Subject) -> None:
        free = select(Photo.id).where(Photo.id.in_(ids), Photo.owner_id == owner_id, Photo.subject_id.is_(None))
        found = db.session.scalars(free).all()
        read.wait(timeout=30)
        if len(found) != len(ids):
            raise Invalid("taken", code="bad_photo")
        files.move_photos(ids, subject)

    monkeypatch.setitem(globals(), "attach_photos", attach)


@pytest.mark.databases("postgres")
@pytest.mark.usefixtures("naive")
def test_the_race_sees_a_naive_way(app: Flask, ana: int) -> None:
    assert race(app, ana, picture(ana)) > 1
