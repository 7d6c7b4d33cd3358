"""Photos: drawn elsewhere, so many of one member and no more, and not kept when nothing shows them."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select, update

from app.community.items.service import add_item
from app.kernel.clock import Clock
from app.kernel.errors import TooMany
from app.people.accounts.models import Member
from app.platform import files, photos
from app.platform.database import db, unit_of_work
from app.platform.files import Photo, expire_photos, photo_path, store_photo
from app.platform.photo_drawing import BadPhoto
from app.platform.photo_pool import DrawingPool
from tests.support.people import MemberFactory

both = pytest.mark.databases("sqlite", "postgres")


def picture(size: tuple[int, int] = (40, 40), kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


@pytest.fixture
def pool() -> Iterator[DrawingPool]:
    made = DrawingPool(processes=2, patience=20)
    yield made
    made.end()


def test_a_process_draws_what_this_one_would(pool: DrawingPool) -> None:
    for data in (picture(), picture((2000, 1000), "JPEG")):
        assert pool.draw(data) == photos.draw(data)
    small = picture((4, 4))
    for bad, code in ((b"nonsense", "photo_format"), (small, "photo_too_small"), (b"\xff\xd8x", "photo_damaged")):
        with pytest.raises(BadPhoto) as refused:
            pool.draw(bad)
        assert refused.value.code == code
    assert len(pool._idle) == 1, "the processes stay"


def test_a_process_that_dies_between_pictures_costs_none(pool: DrawingPool) -> None:
    pool.draw(picture())
    lost = pool._idle[0]
    os.kill(lost.pid, signal.SIGKILL)
    os.waitid(os.P_PID, lost.pid, os.WEXITED | os.WNOWAIT)
    assert pool.draw(picture()).width == 40
    assert pool._idle[0] is not lost


def test_a_picture_without_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    impatient = DrawingPool(processes=1)
    try:
        impatient.draw(picture())
        monkeypatch.setattr(impatient, "_patience", 0.4)
        os.kill(impatient._idle[0].pid, signal.SIGSTOP)
        begun = time.monotonic()
        with pytest.raises(BadPhoto):
            impatient.draw(picture())
        assert time.monotonic() - begun < 5
        assert not impatient._idle
    finally:
        impatient.end()


def test_a_queue_of_pictures_has_an_end(pool: DrawingPool) -> None:
    pool._inside = 40
    with pytest.raises(TooMany):
        pool.draw(picture())


@both
def test_nobody_holds_a_connection_while_a_picture_is_drawn(
    app: Flask, member: MemberFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = member("ana")
    held: list[int] = []

    def noting(data: bytes) -> photos.Rendered:
        held.append(db.engine.pool.checkedout())  # type: ignore[attr-defined] # of a pool with a size
        return photos.draw(data)

    monkeypatch.setattr(photos, "_drawer", [noting])
    db.session.rollback()
    db.session.scalar(select(Member.name).where(Member.id == ana))
    assert db.engine.pool.checkedout() == 1  # type: ignore[attr-defined] # the same
    store_photo(BytesIO(picture()), ana)
    assert held == [0]
    with pytest.raises(RuntimeError), unit_of_work():
        store_photo(BytesIO(picture()), ana)


def test_one_member_draws_so_many_and_no_more(
    app: Flask, member: MemberFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bo = member("ana"), member("bo")
    monkeypatch.setattr(files, "PHOTO_RATE", "3/minute")
    with app.test_request_context():
        for _ in range(3):
            store_photo(BytesIO(picture()), ana)
        with pytest.raises(TooMany):
            store_photo(BytesIO(picture()), ana)
        store_photo(BytesIO(picture()), bo)
        monkeypatch.setattr(files, "PHOTO_RATE", "40/minute")
        monkeypatch.setattr(files, "BYTE_RATE", "20/hour")
        big = picture((60, 60), "JPEG") + b"\0" * (9 * 1024 * 1024)
        store_photo(BytesIO(big), bo)
        with pytest.raises(TooMany):
            store_photo(BytesIO(big), bo)
            store_photo(BytesIO(big), bo)
        monkeypatch.setattr(files, "MAX_LOOSE", 4)
        monkeypatch.setattr(files, "BYTE_RATE", "400/hour")
        store_photo(BytesIO(picture()), ana)
        with pytest.raises(TooMany):
            store_photo(BytesIO(picture()), ana)


@both
def test_what_nothing_shows_is_forgotten(app: Flask, member: MemberFactory, fixed_clock: Clock) -> None:
    ana = member("ana")
    loose, face, item = (store_photo(BytesIO(picture()), ana).id for _ in range(3))
    with unit_of_work():
        db.session.execute(update(Member).where(Member.id == ana).values(avatar_id=face))
    add_item(ana, kind="product", title="Kettle", photo_id=item)
    fixed_clock.advance(timedelta(hours=25))
    young = store_photo(BytesIO(picture()), ana).id
    assert expire_photos() == 1
    assert set(db.session.scalars(select(Photo.id))) == {face, item, young}
    assert not photo_path(loose, "full").exists()
    assert all(photo_path(one, "full").exists() for one in (face, item, young))
    assert expire_photos() == 0


def test_every_column_that_points_at_a_photo_is_asked(app: Flask) -> None:
    """A column without a foreign key must say so itself, or its photos would be forgotten."""
    asked = {(column.table.name, column.name) for column in files.pointing_columns()}
    sounding = {
        (table.name, column.name)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_id") and re.search("photo|avatar|cover|picture|logo", column.name)
    }
    assert sounding <= asked
    assert ("member", "avatar_id") in asked
