"""Photos on disk: stored once under an unguessable id, as WebP renditions; `web.media` serves them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final

from flask import current_app, has_request_context
from sqlalchemy import Column, ColumnElement, ForeignKey, String, and_, delete, exists, false, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.errors import N_, Invalid, TooMany
from app.kernel.ids import MemberId, PhotoId, new_id
from app.kernel.subjects import Subject
from app.platform.database import Model, UtcDateTime, db, let_go, rows_changed, unit_of_work
from app.platform.idempotency import aside
from app.platform.limits import check_rate
from app.platform.photos import MAX_JPEG_BYTES, RENDITIONS, render_photo

MEGABYTE: Final = 1024 * 1024
PHOTO_RATE: Final = "40/minute"
BYTE_RATE: Final = "400/hour"  # megabytes
MAX_LOOSE: Final = 100  # of one member, uploaded and not part of anything
LOOSE_FOR: Final = timedelta(hours=24)
ID_LENGTH = 26


class Photo(Model):
    """A stored picture; the files lie beside the database, see `photo_path`."""

    __tablename__ = "photo"

    id: Mapped[PhotoId] = mapped_column(String(26), primary_key=True)
    owner_id: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    width: Mapped[int]
    height: Mapped[int]
    # Mean colour, shown until the picture has come.
    tint: Mapped[str] = mapped_column(String(7))
    # The one thing it belongs to; None until it is attached.
    subject_kind: Mapped[str | None] = mapped_column(String(20))
    subject_id: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """A picture that can be shown now."""

    id: PhotoId
    width: int
    height: int
    tint: str


def store_photo(stream: IO[bytes], owner_id: MemberId | None = None) -> StoredPhoto:
    """Check, redraw and keep an uploaded picture; raises `Invalid` with what is wrong.

    Drawing takes a while: call it before `unit_of_work()`, not inside.
    """
    data = stream.read(MAX_JPEG_BYTES + 1)
    if owner_id is not None and has_request_context():
        _check_quota(owner_id, len(data))
    let_go()
    rendered = render_photo(data)
    photo_id = PhotoId(new_id())
    _write_files(photo_id, rendered.renditions)
    with aside(), unit_of_work():
        db.session.add(
            Photo(
                id=photo_id,
                owner_id=owner_id,
                width=rendered.width,
                height=rendered.height,
                tint=rendered.tint,
            )
        )
    return StoredPhoto(photo_id, rendered.width, rendered.height, rendered.tint)


def _check_quota(owner_id: MemberId, size: int) -> None:
    """Raises `TooMany`: drawing costs the machine, and what is kept costs room."""
    check_rate(f"photo:{owner_id}", PHOTO_RATE)
    check_rate(f"photo-bytes:{owner_id}", BYTE_RATE, count=-(-size // MEGABYTE))
    loose = select(func.count(Photo.id)).where(Photo.owner_id == owner_id, ~_attached())
    if (db.session.scalar(loose) or 0) >= MAX_LOOSE:
        words = N_("You’ve uploaded many photos you haven’t used yet. Use them first, or wait a day.")
        raise TooMany(words, retry_after=3600)


def pointing_columns() -> list[Column[Any]]:
    """Every column of the schema that points at a photo, by a foreign key or by its own word."""
    ident = Photo.__table__.c.id
    columns = [column for table in db.metadata.sorted_tables for column in table.columns]
    return [
        column
        for column in columns
        if column.info.get("points_at") == "photo" or any(key.column is ident for key in column.foreign_keys)
    ]


def _attached() -> ColumnElement[bool]:
    """Whether anything shows the photo."""
    return or_(*(exists().where(column == Photo.id) for column in pointing_columns()))


def _kept() -> ColumnElement[bool]:
    """Whether somebody else keeps the photo, whatever its owner takes away: such a column says `keeps`."""
    keepers = [column for column in pointing_columns() if column.info.get("keeps")]
    return or_(*(exists().where(column == Photo.id) for column in keepers)) if keepers else false()


def expire_photos(older_than: timedelta = LOOSE_FOR) -> int:
    """Forget photos that were uploaded and never became part of anything; answers how many."""
    old = select(Photo.id).where(Photo.created_at < clock.now() - older_than, ~_attached())
    gone = 0
    while ids := list(db.session.scalars(old.limit(200))):
        with unit_of_work():
            # Asked again in the statement: somebody may have attached one a moment ago.
            found = db.session.execute(delete(Photo).where(Photo.id.in_(ids), ~_attached()).returning(Photo.id))
            taken = [row.id for row in found]
        for photo_id in taken:
            for rendition in RENDITIONS:
                photo_path(photo_id, rendition).unlink(missing_ok=True)
        gone += len(taken)
        if not taken:
            break
    return gone


def owned_photos(owner_id: MemberId, ids: Iterable[PhotoId]) -> set[PhotoId]:
    """Those of `ids` that the member has uploaded."""
    wanted = list(ids)
    if not wanted:
        return set()
    mine = select(Photo.id).where(Photo.id.in_(wanted), Photo.owner_id == owner_id)
    return set(db.session.scalars(mine))


def owner_of(photo_id: PhotoId) -> MemberId | None:
    """Who has uploaded it."""
    return db.session.scalar(select(Photo.owner_id).where(Photo.id == photo_id))


def attach_photos(owner_id: MemberId, ids: Iterable[PhotoId], subject: Subject) -> None:
    """From now on these photos of the member belong to this thing and to no other, in the caller's unit of work.

    One conditional statement: of two things that want a photo at once, one is refused. Those that belong
    to the thing already stay. Raises `Invalid`.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return
    mine = and_(Photo.subject_kind == subject.kind, Photo.subject_id == subject.id)
    taken = db.session.execute(
        update(Photo)
        .where(Photo.id.in_(wanted), Photo.owner_id == owner_id, or_(Photo.subject_id.is_(None), mine))
        .values(subject_kind=subject.kind, subject_id=subject.id)
        .execution_options(synchronize_session=False)
    )
    if rows_changed(taken) != len(wanted):
        raise Invalid("One of the photos isn’t yours or no longer exists.", code="bad_photo")


def move_photos(ids: Iterable[PhotoId], subject: Subject) -> None:
    """What the photos belonged to has become part of this thing; in the caller's unit of work."""
    db.session.execute(
        update(Photo)
        .where(Photo.id.in_(list(ids)))
        .values(subject_kind=subject.kind, subject_id=subject.id)
        .execution_options(synchronize_session=False)
    )


def delete_photo(photo_id: PhotoId) -> None:
    """Take the row and the files away for good."""
    forget_photos([photo_id])
    for rendition in RENDITIONS:
        photo_path(photo_id, rendition).unlink(missing_ok=True)


def forget_photos(ids: Iterable[PhotoId]) -> None:
    """Take rows away in the caller's unit of work; `sweep_photos` takes the files after it.

    What somebody else keeps stays, and goes with the last who keeps it.
    """
    with unit_of_work():
        db.session.execute(delete(Photo).where(Photo.id.in_(list(ids)), ~_kept()))


def sweep_photos(older_than: timedelta = timedelta(hours=1)) -> int:
    """Delete files without a row; answers how many. Young ones may belong to a row still to come."""
    known = set(db.session.scalars(select(Photo.id)))
    oldest = (clock.now() - older_than).timestamp()
    gone = 0
    for path in _uploads().glob("*/*"):
        if path.name[:ID_LENGTH] not in known and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def photo_path(photo_id: PhotoId, rendition: str) -> Path:
    """Where a rendition lies; the id's random end spreads the files over 1024 folders."""
    return _uploads() / photo_id[-2:] / f"{photo_id}-{rendition}.webp"


def _uploads() -> Path:
    root: Path = current_app.config["KIN"].data_dir
    return root / "uploads"


def _write_files(photo_id: PhotoId, renditions: Mapping[str, bytes]) -> None:
    for rendition, data in renditions.items():
        path = photo_path(photo_id, rendition)
        path.parent.mkdir(parents=True, exist_ok=True)
        half_written = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        half_written.write_bytes(data)
        half_written.replace(path)
