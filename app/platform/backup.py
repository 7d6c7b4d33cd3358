"""One file with the database and the uploads, the same for both databases."""

from __future__ import annotations

import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Date, LargeBinary, Table, func, select, text

from app.kernel.errors import Conflict, Invalid
from app.platform.database import UtcDateTime, db, unit_of_work
from app.platform.schema import current_revision, newest_revision
from app.platform.settings import Settings

FORMAT = 1
BATCH = 1000
UPLOADS = "uploads"


def write_backup(path: Path, settings: Settings) -> dict[str, int]:
    """Everything into `path` (tar.gz), from one snapshot; answers rows per table."""
    if path.exists():
        raise Conflict(f"{path} exists already; choose another name.")
    counts: dict[str, int] = {}
    part = path.with_name(path.name + ".part")
    with tarfile.open(part, "w:gz") as archive, db.engine.connect() as connection:
        if not settings.sqlite:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901 - the same connection, with the option
        with connection.begin():
            for table in db.metadata.sorted_tables:
                with tempfile.TemporaryFile() as lines:
                    counts[table.name] = 0
                    for row in connection.execute(select(table)):
                        lines.write(_line(row._asdict()))
                        counts[table.name] += 1
                    _add(archive, f"tables/{table.name}.jsonl", lines)
        about = {"format": FORMAT, "revision": current_revision(), "rows": counts}
        _add(archive, "about.json", io.BytesIO(json.dumps(about).encode()))
        uploads = settings.data_dir / UPLOADS
        if uploads.is_dir():
            archive.add(uploads, arcname=UPLOADS)
    part.rename(path)
    return counts


def read_backup(path: Path, settings: Settings) -> dict[str, int]:
    """Fill an empty installation from `path`; refuses to overwrite anything."""
    if not path.is_file():
        raise Invalid(f"{path} is not a file.")
    if _is_filled(settings):
        raise Conflict("There is data here already; restore fills an empty installation only.")
    try:
        with tarfile.open(path, "r:gz") as archive:
            return _restore(archive, settings)
    except (tarfile.TarError, KeyError, EOFError, json.JSONDecodeError) as problem:
        raise Invalid(f"{path} is not a backup of Kinmarket: {problem}") from problem


def _restore(archive: tarfile.TarFile, settings: Settings) -> dict[str, int]:
    about = json.loads(_read(archive, "about.json"))
    if about["format"] != FORMAT or about["revision"] != newest_revision():
        raise Invalid(
            f"The backup is of revision {about['revision']}, this version needs "
            f"{newest_revision()}: restore with the version that wrote it, then upgrade."
        )
    with unit_of_work():
        if settings.sqlite:
            db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in db.metadata.sorted_tables:
            if db.session.execute(select(table).limit(1)).first() is not None:
                db.session.execute(table.delete())
            member = archive.extractfile(f"tables/{table.name}.jsonl")
            for batch in _batches(table, member or io.BytesIO()):
                db.session.execute(table.insert(), batch)
            if not settings.sqlite:
                _set_sequence(table)
    for entry in archive:
        if entry.name.startswith(f"{UPLOADS}/"):
            archive.extract(entry, settings.data_dir, filter="data")
    rows: dict[str, int] = about["rows"]
    return rows


def _is_filled(settings: Settings) -> bool:
    uploads = settings.data_dir / UPLOADS
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
        batch.append(_typed(table, json.loads(line)))
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
    sequence = db.session.scalar(
        select(func.pg_get_serial_sequence(f'"{table.name}"', column.name))
    )
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
