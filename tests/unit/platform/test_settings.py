"""Bad settings stop the start with one clear line; secrets are never printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from structlog.testing import capture_logs

from app.cli import cli
from app.platform.logs import log_warnings
from app.platform.settings import BadSetting, load_settings


def _load(tmp_path: Path, **given: str):  # type: ignore[no-untyped-def] # Settings, kept short
    env = {"KINMARKET_DATA_DIR": str(tmp_path)}
    return load_settings(env | {f"KINMARKET_{name}": value for name, value in given.items()})


def test_defaults_are_sqlite_in_the_data_folder(tmp_path: Path) -> None:
    settings = _load(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path.resolve() / 'kinmarket.db'}"
    assert settings.public_url == "http://127.0.0.1:8000"


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    first, second = _load(tmp_path), _load(tmp_path)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_localhost_is_an_origin_beside_the_loopback_address(tmp_path: Path) -> None:
    assert _load(tmp_path).origins == ["http://127.0.0.1:8000", "http://localhost:8000"]
    elsewhere = _load(tmp_path, PUBLIC_URL="https://kin.example.org/")
    assert elsewhere.origins == ["https://kin.example.org"]
    assert elsewhere.https


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://x"),
        ("REDIS_URL", "http://x"),
        ("MAIL_URL", "pop3://x"),
        ("PUBLIC_URL", "example.org"),
        ("TRUSTED_PROXIES", "-1"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"KINMARKET_{name}"):
        _load(tmp_path, **{name: value})


def test_secrets_are_masked(tmp_path: Path) -> None:
    settings = _load(
        tmp_path,
        SECRET_KEY="s" * 40,
        DATABASE_URL="postgresql://kin:hunter2@db/kin",
        MAIL_URL="smtp://me:hunter2@mail:587",
    )
    shown = "\n".join(" ".join(row) for row in settings.described())
    assert "hunter2" not in shown
    assert "s" * 40 not in shown
    assert "postgresql+psycopg://kin:•••@db/kin" in shown


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("smtp+plain://mail.example:2525", True),
        ("smtp+plain://127.0.0.1:2525", False),
        ("smtp://localhost", False),
        ("smtp://mail.example", False),
        ("smtps://me:hunter2@mail.example", False),
        ("", False),
    ],
)
def test_mail_in_clear_to_another_machine_is_told_in_one_line(tmp_path: Path, url: str, warned: bool) -> None:
    with capture_logs() as lines:
        log_warnings(_load(tmp_path, MAIL_URL=url))
    assert [line["log_level"] for line in lines] == ["warning"] * warned
    assert all("mail.example in clear" in line["warning"] for line in lines)
    env = {"KINMARKET_DATA_DIR": str(tmp_path), "KINMARKET_MAIL_URL": url}
    done = CliRunner().invoke(cli, ["config"], env=env)
    assert done.exit_code == 0
    assert done.stderr.count("in clear") == done.stderr.count("\n") == warned
    assert "in clear" not in done.stdout
