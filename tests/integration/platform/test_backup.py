"""A backup holds everything but what lets somebody in, goes to either database, is restored wholly or not at all."""

from __future__ import annotations

import errno
import io
import json
import shutil
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select, text

from app import create_app
from app.kernel.errors import Conflict, Invalid
from app.people.accounts.service import issue_token, signin_link
from app.platform import backup, checks, event_log
from app.platform.backup import read_backup, write_backup
from app.platform.database import LETS_IN, db, unit_of_work
from app.platform.files import delete_photo, photo_path, store_photo
from app.trust.vouches.service import vouch
from tests.support.databases import fresh_database, settings_for
from tests.support.filling import fill
from tests.support.people import MemberFactory, sign_in

Rows = dict[str, list[dict[str, Any]]]


def contents() -> Rows:
    """Every row of every table, but what a backup does not hold."""
    db.session.rollback()
    found: Rows = {}
    for table in db.metadata.sorted_tables:
        columns = [column for column in table.columns if not column.info.get(LETS_IN)]
        if not table.info.get(LETS_IN):
            rows = [dict(row) for row in db.session.execute(select(*columns)).mappings()]
            found[table.name] = sorted(rows, key=str)
    db.session.rollback()
    return found


def picture(colour: str = "#1f6b52") -> BytesIO:
    stream = BytesIO()
    Image.new("RGB", (60, 80), colour).save(stream, "PNG")
    stream.seek(0)
    return stream


@contextmanager
def _elsewhere(kind: Any, folder: Path) -> Iterator[Flask]:
    with fresh_database(kind, folder / "other-database") as address:
        other = create_app(settings_for(address, folder / "other-data"))
        with other.app_context():
            yield other
            db.session.remove()
            db.engine.dispose()


@pytest.mark.parametrize("target", ["sqlite", "postgres"])
def test_what_was_backed_up_stands_elsewhere(app: Flask, member: MemberFactory, tmp_path: Path, target: str) -> None:
    ana, bo = member("ana", name="Ana 安娜"), member("bo")
    member("dee")
    vouch(ana, bo, "trust", reason="Neighbours.")
    photo = store_photo(picture(), ana)
    event_log.run_reactions()
    db.session.rollback()
    with db.engine.begin() as connection:
        fill(connection)
    before = contents()
    assert not [name for name, rows in before.items() if not rows], "every table holds something"
    shown = photo_path(photo.id, "thumb").read_bytes()
    file = tmp_path / "kin.backup"
    counts = write_backup(file, app.config["KIN"])
    assert counts == {name: len(rows) for name, rows in before.items()}

    with _elsewhere(target, tmp_path) as other:
        read_backup(file, other.config["KIN"])
        assert contents() == before
        assert photo_path(photo.id, "thumb").read_bytes() == shown
        assert checks.run_checks()["database"] == []
        db.session.rollback()
        newcomer = MemberFactory(other)("cem")
        assert newcomer not in {ana, bo}, "new ids go on behind the restored ones"


def test_nothing_that_lets_somebody_in_is_in_it(app: Flask, member: MemberFactory, tmp_path: Path) -> None:
    ana = member("ana")
    token, link = issue_token(ana), signin_link(ana)
    session = app.test_client()
    sign_in(app, session, "ana")
    assert session.get("/settings/profile").status_code == 200
    key = db.session.scalar(text("SELECT fs_uniquifier FROM member"))
    db.session.rollback()
    file = tmp_path / "kin.backup"
    write_backup(file, app.config["KIN"])
    with tarfile.open(file) as archive:
        names = archive.getnames()
        everything = b"".join(_content(archive, name) for name in names)
    assert key.encode() not in everything
    assert not {f"tables/{name}.jsonl" for name in ("api_token", "signin_link", "known_device", "job")} & set(names)
    with _elsewhere("sqlite", tmp_path) as other:
        # The same secret key, as where it is set by the environment.
        read_backup(file, other.config["KIN"])
        other.config["WTF_CSRF_ENABLED"] = False
        fresh = other.test_client()
        assert fresh.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
        fresh.get(link)
        assert fresh.post(link).status_code in {403, 404, 302, 303, 410, 422}
        assert fresh.get("/settings/profile").status_code in {302, 303}
        copied = session.get_cookie("kin_session")
        assert copied is not None
        fresh.set_cookie("kin_session", copied.value)
        assert fresh.get("/settings/profile").status_code in {302, 303}


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    return file.read() if file else b""


@pytest.mark.databases("sqlite")
def test_every_column_that_may_let_somebody_in_was_thought_of(app: Flask) -> None:
    """A new table with a digest, token or code is left out of backups, or named here as harmless."""
    harmless = {
        "moderation_action.digest",  # the chain of the log
        "push_device.endpoint_digest",  # where a browser is alerted; opens nothing here
        "advocate.code",  # links that people share
        "invite.code",
        "coupon.code",  # a discount that a store gives away
        "ledger_account.code",  # an account's name: whose, for what, in which currency
        "search_document.tokens",  # words
        "member.password",  # hashed
    }
    words = ("digest", "token", "code", "secret", "uniquifier", "password")
    open_ones = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if any(word in column.name for word in words) and not table.info.get(LETS_IN) and not column.info.get(LETS_IN)
    }
    assert open_ones <= harmless, open_ones - harmless


def test_people_upload_and_delete_while_it_is_written(app: Flask, member: MemberFactory, tmp_path: Path) -> None:
    ana = member("ana")
    kept = [store_photo(picture(), ana) for _ in range(4)]
    db.session.rollback()
    stop = threading.Event()

    def come_and_go() -> None:
        with app.app_context():
            while not stop.is_set():
                delete_photo(store_photo(picture("#aa5533"), ana).id)
                db.session.remove()

    others = [threading.Thread(target=come_and_go) for _ in range(2)]
    for one in others:
        one.start()
    try:
        for number in range(4):
            write_backup(tmp_path / f"kin.{number}", app.config["KIN"])
    finally:
        stop.set()
        for one in others:
            one.join(30)
    with _elsewhere("sqlite", tmp_path) as other:
        read_backup(tmp_path / "kin.3", other.config["KIN"])
        assert all(photo_path(photo.id, "full").is_file() for photo in kept)


def test_restore_refuses_to_overwrite(app: Flask, member: MemberFactory, tmp_path: Path) -> None:
    member("ana")
    file = tmp_path / "kin.backup"
    write_backup(file, app.config["KIN"])
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Conflict):
        read_backup(file, app.config["KIN"])
    with pytest.raises(Conflict):
        write_backup(file, app.config["KIN"])


def _changed(file: Path, target: Path, change: Callable[[tarfile.TarFile], None]) -> Path:
    """The same backup with something more in it."""
    with tarfile.open(file) as old, tarfile.open(target, "w:gz") as new:
        for entry in old:
            new.addfile(entry, old.extractfile(entry))
        change(new)
    return target


def _entry(
    name: str, kind: bytes = tarfile.REGTYPE, to: str = "", content: bytes = b"x"
) -> Callable[[tarfile.TarFile], None]:
    def add(archive: tarfile.TarFile) -> None:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, to
        entry.size = len(content) if kind == tarfile.REGTYPE else 0
        archive.addfile(entry, io.BytesIO(content) if entry.size else None)

    return add


GOOD_ID = "01m8j0fyh29nvrfhjcks8w89ms"
HOSTILE = {
    "up from the uploads": _entry("uploads/../secret_key"),
    "up in a folder": _entry("uploads/ms/../../../secret_key"),
    "absolute": _entry("/etc/cron.d/kin"),
    "a link": _entry(f"uploads/ms/{GOOD_ID}-full.webp", tarfile.SYMTYPE, "/etc/passwd"),
    "a hard link": _entry(f"uploads/ms/{GOOD_ID}-full.webp", tarfile.LNKTYPE, "about.json"),
    "a folder that is a link": _entry("uploads/ms", tarfile.SYMTYPE, "/etc"),
    "a device": _entry(f"uploads/ms/{GOOD_ID}-full.webp", tarfile.CHRTYPE),
    "a pipe": _entry("uploads/ms/pipe", tarfile.FIFOTYPE),
    "another file": _entry("secret_key"),
    "another upload": _entry("uploads/ms/evil.py"),
    "the same twice": _entry("about.json", content=b"{}"),
}


def _stands_empty(other: Flask, secret: str) -> None:
    settings = other.config["KIN"]
    assert not any(contents()["member"]), "no row stands"
    assert not (settings.data_dir / "uploads").exists() or not any((settings.data_dir / "uploads").iterdir())
    assert [path.name for path in settings.data_dir.iterdir() if path.name.startswith("uploads.")] == []
    assert (settings.data_dir / "secret_key").read_text() == secret


@pytest.fixture
def file(app: Flask, member: MemberFactory, tmp_path: Path) -> Path:
    store_photo(picture(), member("ana"))
    db.session.rollback()
    found = tmp_path / "kin.backup"
    write_backup(found, app.config["KIN"])
    return found


@pytest.mark.databases("sqlite")
def test_hostile_archives_are_refused_and_change_nothing(app: Flask, file: Path, tmp_path: Path) -> None:
    with _elsewhere("sqlite", tmp_path) as other:
        settings = other.config["KIN"]
        (settings.data_dir / "secret_key").write_text("mine")
        for name, change in HOSTILE.items():
            hostile = _changed(file, tmp_path / "hostile", change)
            with pytest.raises(Invalid, match="which no backup does"):
                read_backup(hostile, settings)
            _stands_empty(other, "mine")
            assert name
        data = file.read_bytes()
        for broken in (b"not a backup", b"", data[: len(data) // 2], data[:-20], bytes(reversed(data))):
            (tmp_path / "broken").write_bytes(broken)
            with pytest.raises(Invalid):
                read_backup(tmp_path / "broken", settings)
            _stands_empty(other, "mine")
        with pytest.raises(Invalid):
            read_backup(tmp_path / "nowhere", settings)
        read_backup(file, settings)
        assert len(contents()["member"]) == 1


def test_a_restore_that_fails_midway_leaves_nothing(
    app: Flask, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_kind: str
) -> None:
    """The disk is full, the folder cannot be moved, a row does not fit, the commit fails: wholly or not at all."""

    def full(*_args: Any, **_more: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def no_commit() -> None:
        raise OSError(errno.EIO, "Input/output error")

    with _elsewhere(database_kind, tmp_path) as other:
        settings = other.config["KIN"]
        (settings.data_dir / "secret_key").write_text("mine")
        for where, name, fault in (
            (shutil, "copyfileobj", full),
            (Path, "rename", full),
            (db.session(), "commit", no_commit),
        ):
            with monkeypatch.context() as patch, pytest.raises(Invalid, match="Nothing was restored"):
                patch.setattr(where, name, fault)
                read_backup(file, settings)
            _stands_empty(other, "mine")
        bad = tmp_path / "bad"
        with tarfile.open(file) as old, tarfile.open(bad, "w:gz") as new:
            for entry in old:
                content = _content(old, entry.name)
                if entry.name == "tables/photo.jsonl":
                    content = content.replace(b'"owner_id": ', b'"owner_id": 99')
                entry.size = len(content)
                new.addfile(entry, io.BytesIO(content))
        with pytest.raises(Invalid):
            read_backup(bad, settings)
        _stands_empty(other, "mine")
        read_backup(file, settings)
        assert len(contents()["photo"]) == 1


def test_a_full_disk_leaves_no_half_backup(
    app: Flask, member: MemberFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    member("ana")
    db.session.rollback()

    def full(*_args: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup, "_add", full)
    with pytest.raises(Invalid, match="No space left"):
        write_backup(tmp_path / "kin.backup", app.config["KIN"])
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("kin")] == []


def test_a_backup_of_another_revision_says_so(app: Flask, file: Path, tmp_path: Path) -> None:
    other_file = tmp_path / "older"
    with tarfile.open(file) as old, tarfile.open(other_file, "w:gz") as new:
        for entry in old:
            content = _content(old, entry.name)
            if entry.name == "about.json":
                content = json.dumps({**json.loads(content), "revision": "0001"}).encode()
            entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    with _elsewhere("sqlite", tmp_path) as other, pytest.raises(Invalid, match="of revision 0001"):
        read_backup(other_file, other.config["KIN"])
    with unit_of_work():
        pass
