"""A backup holds everything, goes from one database to the other, and never overwrites."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from app import create_app
from app.kernel.errors import Conflict, Invalid
from app.platform import checks
from app.platform.backup import read_backup, write_backup
from app.platform.database import db
from app.platform.files import photo_path, store_photo
from app.trust.vouches.service import vouch
from tests.support.databases import fresh_database, settings_for
from tests.support.people import MemberFactory


def _counts() -> dict[str, int]:
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in db.metadata.sorted_tables
    }


@contextmanager
def _elsewhere(kind: Any, folder: Path) -> Iterator[Flask]:
    with fresh_database(kind, folder / "other-database") as address:
        other = create_app(settings_for(address, folder / "other-data"))
        with other.app_context():
            yield other
            db.session.remove()
            db.engine.dispose()


@pytest.mark.parametrize("target", ["sqlite", "postgres"])
def test_what_was_backed_up_stands_elsewhere(
    app: Flask, member: MemberFactory, tmp_path: Path, target: str
) -> None:
    ana, bo = member("ana", name="Ana 安娜"), member("bo")
    vouch(ana, bo, "trust", reason="Neighbours.")
    picture = BytesIO()
    Image.new("RGB", (60, 80), "#1f6b52").save(picture, "PNG")
    picture.seek(0)
    photo = store_photo(picture, ana)
    before = _counts()
    db.session.rollback()
    file = tmp_path / "kin.backup"
    write_backup(file, app.config["KIN"])

    with _elsewhere(target, tmp_path) as other:
        read_backup(file, other.config["KIN"])
        assert _counts() == before
        assert photo_path(photo.id, "thumb").is_file()
        assert checks.run_checks()["database"] == []
        db.session.rollback()
        newcomer = MemberFactory(other)("cem")
        assert newcomer not in {ana, bo}, "new ids go on behind the restored ones"


def test_restore_refuses_to_overwrite(app: Flask, member: MemberFactory, tmp_path: Path) -> None:
    member("ana")
    file = tmp_path / "kin.backup"
    write_backup(file, app.config["KIN"])
    with pytest.raises(Conflict):
        read_backup(file, app.config["KIN"])
    with pytest.raises(Conflict):
        write_backup(file, app.config["KIN"])


def test_restore_refuses_what_is_no_backup(app: Flask, tmp_path: Path) -> None:
    noise = tmp_path / "noise"
    noise.write_bytes(b"not a backup")
    with pytest.raises(Invalid):
        read_backup(noise, app.config["KIN"])
    empty = tmp_path / "empty.tar.gz"
    with tarfile.open(empty, "w:gz"):
        pass
    with pytest.raises(Invalid):
        read_backup(empty, app.config["KIN"])
    with pytest.raises(Invalid):
        read_backup(tmp_path / "nowhere", app.config["KIN"])
