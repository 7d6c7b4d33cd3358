"""Whatever keeps a process from starting is said in one line, without a secret and without a traceback."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import cli
from app.platform.settings import load_settings
from tests.support.databases import fresh_database

Env = dict[str, str]
SECRET = "hunter2verysecret"


def _file_as_folder(folder: Path) -> Env:
    (folder / "file").write_text("x")
    return {"KINMARKET_DATA_DIR": str(folder / "file")}


def _key(content: bytes | None) -> Callable[[Path], Env]:
    def make(folder: Path) -> Env:
        data = folder / "keyed"
        data.mkdir()
        if content is None:
            (data / "secret_key").mkdir()
        else:
            (data / "secret_key").write_bytes(content)
        return {"KINMARKET_DATA_DIR": str(data)}

    return make


def _newer(folder: Path) -> Env:
    with fresh_database("sqlite", folder / "newer") as address:
        with sqlite3.connect(address.removeprefix("sqlite:///")) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.close()
        return {"KINMARKET_DATABASE_URL": address}


def _no_database(folder: Path) -> Env:
    (folder / "noise.db").write_bytes(b"this is no database at all " * 100)
    return {"KINMARKET_DATABASE_URL": f"sqlite:///{folder / 'noise.db'}"}


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


BAD: dict[str, tuple[Callable[[Path], Env], str]] = {
    "the data folder is a file": (_file_as_folder, "KINMARKET_DATA_DIR"),
    "the key is a folder": (_key(None), "secret key"),
    "the key is no text": (_key(b"\xff\xfe" * 40), "secret key"),
    "the key is short": (_key(b"abc"), "too short"),
    "another database": (lambda _: {"KINMARKET_DATABASE_URL": f"mysql://u:{SECRET}@h/d"}, "KINMARKET_DATABASE_URL"),
    "a port that is none": (
        lambda _: {"KINMARKET_DATABASE_URL": f"postgresql://u:{SECRET}@h:port/d"},
        "KINMARKET_DATABASE_URL",
    ),
    "nobody listens": (
        lambda _: {"KINMARKET_DATABASE_URL": f"postgresql://u:{SECRET}@127.0.0.1:{_closed_port()}/d"},
        "the database cannot be used",
    ),
    "no folder for the database": (
        lambda folder: {"KINMARKET_DATABASE_URL": f"sqlite:///{folder}/nowhere/kin.db"},
        "the database cannot be used",
    ),
    "no database": (_no_database, "the database cannot be used"),
    "a newer schema": (_newer, "newer version"),
    "redis by http": (lambda _: {"KINMARKET_REDIS_URL": f"http://:{SECRET}@h"}, "KINMARKET_REDIS_URL"),
    "redis without a port": (lambda _: {"KINMARKET_REDIS_URL": f"redis://:{SECRET}@h:x/0"}, "KINMARKET_REDIS_URL"),
    "mail by http": (lambda _: {"KINMARKET_MAIL_URL": f"http://u:{SECRET}@h"}, "KINMARKET_MAIL_URL"),
    "no address": (lambda _: {"KINMARKET_PUBLIC_URL": "example.org"}, "KINMARKET_PUBLIC_URL"),
    "proxies": (lambda _: {"KINMARKET_TRUSTED_PROXIES": "-1"}, "KINMARKET_TRUSTED_PROXIES"),
    "proxies in another script": (lambda _: {"KINMARKET_TRUSTED_PROXIES": "²"}, "KINMARKET_TRUSTED_PROXIES"),
    "a switch": (lambda _: {"KINMARKET_DIRECT_SEND": "yes"}, "KINMARKET_DIRECT_SEND"),
    "a port in words": (lambda _: {"PORT": "web"}, "PORT"),
    "a port beyond": (lambda _: {"PORT": "99999"}, "PORT"),
}


@dataclass(frozen=True)
class Ended:
    """How a process has ended, and what it has said."""

    exit_code: int
    output: str

    @classmethod
    def of(cls, words: list[str], env: Env) -> Ended:
        done = subprocess.run(words, env={**os.environ, **env}, capture_output=True, text=True, check=False)
        return cls(done.returncode, done.stdout + done.stderr)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATA_DIR", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PUBLIC_URL", "MAIL_URL"):
        monkeypatch.delenv(f"KINMARKET_{name}", raising=False)
    monkeypatch.setattr("os.umask", lambda _mask: 0)
    monkeypatch.setattr("app.assembly.logs.init_logging", lambda _settings: None)
    return tmp_path


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("what", BAD)
def test_one_line(bare: Path, database_kind: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make, says = BAD[what]
    env = {"KINMARKET_DATA_DIR": str(bare / "data"), **make(bare)}
    handed_over: list[list[str]] = []
    monkeypatch.setattr("os.execv", lambda _program, words: handed_over.append(words))
    for words in (["check"], ["serve", "--port", "65001"] if "PORT" not in env else ["serve"]):
        done: Result | Ended = CliRunner().invoke(cli, words, env=env)
        if handed_over:  # what only the server finds out
            done = Ended.of(handed_over.pop(), env)
        lines = [line for line in done.output.splitlines() if line.strip()]
        assert done.exit_code == 1, done.output
        assert len(lines) == 1
        assert lines[0].startswith("Error: ")
        assert says in lines[0]
        assert SECRET not in done.output


@pytest.mark.databases("sqlite")
def test_a_taken_port_is_one_line(bare: Path, database_kind: str) -> None:
    with fresh_database("sqlite", bare / "database") as address, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        env = {"KINMARKET_DATA_DIR": str(bare / "data"), "KINMARKET_DATABASE_URL": address}
        done = CliRunner().invoke(cli, ["serve", "--port", str(port)], env=env)
    assert done.exit_code == 1
    assert done.output.strip().splitlines() == [
        f"Error: 127.0.0.1 port {port} cannot be listened on: Address already in use"
    ]


SETTINGS = {
    "KINMARKET_DATABASE_URL": [
        f"postgresql://kin:{SECRET}@db:5432/kin",
        f"postgresql://kin@db/kin?password={SECRET}&sslmode=require",
        f"postgresql://kin:{SECRET}%40x@db/kin?sslpassword={SECRET}",
        f"postgresql://db/kin?user=kin&passfile=x&PASSWORD={SECRET}",
        f"postgresql://kin:kin:{SECRET}@kin/kin",
    ],
    "KINMARKET_REDIS_URL": [f"redis://:{SECRET}@cache/0", f"rediss://u:{SECRET}@[::1]:6379/0?password={SECRET}"],
    "KINMARKET_MAIL_URL": [f"smtps://user%40host:{SECRET}@mail:465"],
    "KINMARKET_SECRET_KEY": [SECRET * 3, f"https://looks.like/an?address={SECRET}{SECRET}"],
}


@pytest.mark.databases("sqlite")
def test_config_shows_no_secret(bare: Path, database_kind: str) -> None:
    for name, values in SETTINGS.items():
        for value in values:
            env = {"KINMARKET_DATA_DIR": str(bare / "data"), name: value}
            shown = {row[0]: row[1] for row in load_settings(env).described()}
            assert SECRET not in " ".join(shown.values()), (name, value, shown[name])
            assert "•••" in shown[name]
            done = CliRunner().invoke(cli, ["config"], env=env)
            assert done.exit_code == 0, done.output
            assert SECRET not in done.output
    kept = {"KINMARKET_DATA_DIR": str(bare / "data"), "KINMARKET_REDIS_URL": "redis://cache:6379/0"}
    assert {row[0]: row[1] for row in load_settings(kept).described()}["KINMARKET_REDIS_URL"] == "redis://cache:6379/0"


@pytest.mark.databases("sqlite")
def test_what_lies_in_the_data_folder_is_ours_alone(bare: Path, database_kind: str) -> None:
    data = bare / "mine"
    env = {"KINMARKET_DATA_DIR": str(data)}
    load_settings(env)
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600
    for name in ("kinmarket.db", "vapid.pem"):
        (data / name).write_text("x")
        (data / name).chmod(0o644)
    (data / "uploads").mkdir(mode=0o755)
    data.chmod(0o755)
    load_settings(env)
    assert data.stat().st_mode & 0o777 == 0o700
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in data.iterdir()} == {
        "secret_key": "0o600",
        "kinmarket.db": "0o600",
        "vapid.pem": "0o600",
        "uploads": "0o700",
    }
    shared = bare / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    (shared / "theirs").write_text("x")
    (shared / "theirs").chmod(0o644)
    load_settings({"KINMARKET_DATA_DIR": str(shared)})
    assert (shared / "theirs").stat().st_mode & 0o777 == 0o644, "a folder of others is left as it is"
