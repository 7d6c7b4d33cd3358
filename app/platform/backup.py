"""One file with the database and the uploads, the same for both databases."""

from __future__ import annotations

import io
import json
import os
import re
import secrets
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from gzip import BadGzipFile
from pathlib import Path
from typing import Any

from sqlalchemy import Date, LargeBinary, Table, func, select, text
from sqlalchemy.exc import DataError, IntegrityError

from app.kernel.errors import Conflict, Invalid
from app.platform.database import LETS_IN, UtcDateTime, db, unit_of_work
from app.platform.schema import current_revision, newest_revision
from app.platform.settings import Settings

FORMAT = 1
BATCH = 1000
UPLOADS = "uploads"
_DAMAGED = (
    tarfile.TarError, BadGzipFile, zlib.error, EOFError,
    KeyError, TypeError, ValueError, IntegrityError, DataError,
)  # fmt: skip
_UPLOAD = re.compile(r"uploads/[0-9a-z]{2}/[0-9a-z]{26}-[a-z]+\.webp")
_TABLE = re.compile(r"tables/[a-z_]+\.jsonl")
_FOLDER = re.compile(r"uploads(/[0-9a-z]{2})?")


def write_backup(path: Path, settings: Settings) -> dict[str, int]:
    """Everything into `path` (tar.gz), from one snapshot; answers rows per table.

    Without what lets somebody in: a table marked `LETS_IN` is left out, such a column gets a new value.
    """
    if path.exists():
        raise Conflict(f"{path} exists already; choose another name.")
    part = path.with_name(path.name + ".part")
    try:
        with (
            os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
            tarfile.open(fileobj=file, mode="w:gz") as archive,
        ):
            counts = _write(archive, settings)
        part.rename(path)
    except OSError as problem:
        raise Invalid(f"The backup could not be written: {problem.strerror or problem}") from problem
    finally:
        part.unlink(missing_ok=True)
    return counts


def _write(archive: tarfile.TarFile, settings: Settings) -> dict[str, int]:
    counts: dict[str, int] = {}
    with db.engine.connect() as connection:
        if not settings.sqlite:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901 - the same connection, with the option
        with connection.begin():
            for table in _kept_tables():
                with tempfile.TemporaryFile() as lines:
                    counts[table.name] = 0
                    for row in connection.execute(select(table)):
                        lines.write(_line(_renewed(table, row._asdict())))
                        counts[table.name] += 1
                    _add(archive, f"tables/{table.name}.jsonl", lines)
    about = {"format": FORMAT, "revision": current_revision(), "rows": counts}
    _add(archive, "about.json", io.BytesIO(json.dumps(about).encode()))
    # Behind the snapshot: a photo's files are there before its row. What comes or goes meanwhile has none.
    for file in sorted((settings.data_dir / UPLOADS).glob("*/*")):
        name = f"{UPLOADS}/{file.parent.name}/{file.name}"
        if _UPLOAD.fullmatch(name):
            with suppress(FileNotFoundError), file.open("rb") as picture:
                _add(archive, name, picture)
    return counts


def _kept_tables() -> list[Table]:
    return [table for table in db.metadata.sorted_tables if not table.info.get(LETS_IN)]


def _renewed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    for column in table.columns:
        if column.info.get(LETS_IN):
            row[column.name] = secrets.token_hex(32)
    return row


def read_backup(path: Path, settings: Settings) -> dict[str, int]:
    """Fill an empty installation from `path`, wholly or not at all; refuses to overwrite anything."""
    if not path.is_file():
        raise Invalid(f"{path} is not a file.")
    if _is_filled(settings):
        raise Conflict("There is data here already; restore fills an empty installation only.")
    beside = settings.data_dir / f"{UPLOADS}.{secrets.token_hex(4)}"
    try:
        with tarfile.open(path, "r:gz") as archive:
            return _restore(archive, settings, beside)
    except _DAMAGED as problem:
        raise Invalid(f"{path} is not a backup of Kinmarket, or is damaged: {_said(problem)}") from problem
    except OSError as problem:
        raise Invalid(f"Nothing was restored: {problem.strerror or problem}") from problem
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _said(problem: Exception) -> str:
    return (str(problem).splitlines() or [type(problem).__name__])[0][:200]


def _restore(archive: tarfile.TarFile, settings: Settings, beside: Path) -> dict[str, int]:
    uploads = _checked_members(archive)
    about = json.loads(_read(archive, "about.json"))
    if about["format"] != FORMAT or about["revision"] != newest_revision():
        raise Invalid(
            f"The backup is of revision {about['revision']}, this version needs "
            f"{newest_revision()}: restore with the version that wrote it, then upgrade."
        )
    # The files first, beside their place: when the disk is full nothing has happened yet.
    for entry in uploads:
        target = beside / entry.name.removeprefix(f"{UPLOADS}/")
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = archive.extractfile(entry)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            shutil.copyfileobj(content or io.BytesIO(), file)
    place = settings.data_dir / UPLOADS
    moved = False
    try:
        with unit_of_work():
            rows = _fill(archive, settings)
            if rows != {name: number for name, number in about["rows"].items() if name in rows}:
                raise ValueError("there are other rows than it says")
            if uploads:
                if place.is_dir():
                    place.rmdir()  # empty, or nothing would be restored here
                beside.rename(place)
                moved = True
    except BaseException:
        # The rows are undone by the transaction, also when it is the commit that fails.
        if moved:
            shutil.rmtree(place, ignore_errors=True)
        raise
    return rows


def _checked_members(archive: tarfile.TarFile) -> list[tarfile.TarInfo]:
    """The uploads; raises `ValueError` for whatever a backup of ours does not hold."""
    uploads, seen = [], set()
    for entry in archive:
        plain = entry.isreg() and (entry.name == "about.json" or _TABLE.fullmatch(entry.name))
        upload = entry.isreg() and _UPLOAD.fullmatch(entry.name)
        folder = entry.isdir() and _FOLDER.fullmatch(entry.name)
        if not (plain or upload or folder) or entry.name in seen:
            raise ValueError(f"it holds “{entry.name}”, which no backup does")
        seen.add(entry.name)
        if upload:
            uploads.append(entry)
    # To the end, for the sum over all of it stands there.
    while archive.fileobj.read(1 << 20):
        pass
    return uploads


def _fill(archive: tarfile.TarFile, settings: Settings) -> dict[str, int]:
    counts: dict[str, int] = {}
    _let_rows_point_ahead(settings, ahead=True)
    for table in db.metadata.sorted_tables:
        if db.session.execute(select(table).limit(1)).first() is not None:
            db.session.execute(table.delete())
        if table.info.get(LETS_IN):
            continue
        lines = archive.extractfile(f"tables/{table.name}.jsonl")
        counts[table.name] = 0
        for batch in _batches(table, lines or io.BytesIO()):
            db.session.execute(table.insert(), batch)
            counts[table.name] += len(batch)
        if not settings.sqlite:
            _set_sequence(table)
    _let_rows_point_ahead(settings, ahead=False)
    return counts


def _let_rows_point_ahead(settings: Settings, *, ahead: bool) -> None:
    """Within a table a row may name one that comes later: a category its parent, an item the one it became part of."""
    if settings.sqlite:
        if ahead:
            db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
        return
    if not ahead:
        db.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # looks now, while it can still be undone
    how = "DEFERRABLE INITIALLY DEFERRED" if ahead else "NOT DEFERRABLE"
    for table in db.metadata.sorted_tables:
        for one in sorted(str(key.name) for key in table.foreign_key_constraints if key.referred_table is table):
            db.session.execute(text(f'ALTER TABLE "{table.name}" ALTER CONSTRAINT "{one}" {how}'))


def _is_filled(settings: Settings) -> bool:
    uploads = settings.data_dir / UPLOADS
    if uploads.is_symlink():
        return True
    members = db.session.scalar(select(func.count()).select_from(db.metadata.tables["member"]))
    return bool(members) or (uploads.is_dir() and any(uploads.iterdir()))


def _line(row: dict[str, Any]) -> bytes:
    return json.dumps(row, default=_plain, ensure_ascii=False).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value)} cannot be written")


def _batches(table: Table, lines: Any) -> Iterator[list[dict[str, Any]]]:
    batch = []
    for line in lines:
        batch.append(_renewed(table, _typed(table, json.loads(line))))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    for name, value in row.items():
        kind = table.c[name].type
        if not isinstance(value, str):
            continue
        if isinstance(kind, UtcDateTime):
            row[name] = datetime.fromisoformat(value)
        elif isinstance(kind, Date):
            row[name] = date.fromisoformat(value)
        elif isinstance(kind, LargeBinary):
            row[name] = bytes.fromhex(value)
    return row


def _set_sequence(table: Table) -> None:
    column = table.autoincrement_column
    if column is None:
        return
    highest = db.session.scalar(select(func.max(column)))
    sequence = db.session.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', column.name)))
    if highest is not None and sequence is not None:
        db.session.execute(select(func.setval(sequence, highest)))


def _add(archive: tarfile.TarFile, name: str, file: Any) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = file.seek(0, io.SEEK_END)
    file.seek(0)
    archive.addfile(entry, file)


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    return file.read() if file else b""
