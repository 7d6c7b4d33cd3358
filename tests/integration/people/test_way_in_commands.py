"""`kinmarket member add`, `token` and `signin-link` on an installation that has no schema yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.bare import bare_app
from app.cli import cli
from app.people.accounts.events import MemberJoined
from app.people.accounts.queries import caller_of
from app.platform import schema
from app.platform.database import EventRow, db
from app.platform.settings import load_settings


@pytest.mark.databases("sqlite")
def test_a_new_installation_lets_its_operator_in(
    tmp_path: Path, database_kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.umask", lambda _mask: 0)
    monkeypatch.setattr("app.assembly.logs.init_logging", lambda _settings: None)
    env = {"KINMARKET_DATA_DIR": str(tmp_path / "data"), "KINMARKET_DATABASE_URL": f"sqlite:///{tmp_path / 'kin.db'}"}
    added = CliRunner().invoke(cli, ["member", "add", "ana", "--role", "operator"], env=env)
    assert added.output.strip().endswith("added ana"), added.output
    token = CliRunner().invoke(cli, ["token", "ana"], env=env).output.strip()
    link = CliRunner().invoke(cli, ["signin-link", "ana"], env=env).output.strip()
    assert link.startswith("http://127.0.0.1:8000/")
    app = bare_app(load_settings(env))
    with app.app_context():
        assert schema.current_revision() == schema.newest_revision()
        caller = caller_of(token)
        assert caller is not None
        assert caller.handle == "ana"
        # Whoever serves hears of it.
        assert MemberJoined.__name__ in set(db.session.scalars(select(EventRow.name)))
    refused = CliRunner().invoke(cli, ["token", "nobody"], env=env)
    assert refused.exit_code == 1
    assert refused.output.strip().count("\n") == 0
