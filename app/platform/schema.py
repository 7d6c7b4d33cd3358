"""The schema of the database: brought up to date at every start."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.kernel.errors import DomainError
from app.kernel.later import Later
from app.platform import event_log
from app.platform.database import db
from app.platform.logs import hidden

if TYPE_CHECKING:
    from app.platform import migrating
else:
    # Alembic is loaded where there is something to migrate, not to find that there is nothing.
    migrating = Later("app.platform.migrating")

VERSIONS: Final = Path(__file__).resolve().parent / "migrations" / "versions"
_TABLE: Final = "alembic_version"
_SAYS = re.compile(r"^(revision|down_revision) = (?:\"(\w+)\"|None)$", re.MULTILINE)


def revisions() -> list[str]:
    """Every revision that this code knows, the newest last; read from the files as text.

    They form one line: each names the one before it (tests say so to Alembic's own reading).
    """
    follows: dict[str | None, str] = {}
    for path in VERSIONS.glob("*.py"):
        said = {one[1]: one[2] for one in _SAYS.finditer(path.read_text(encoding="utf-8"))}
        follows[said["down_revision"]] = said["revision"]
    line: list[str] = []
    while (following := follows.get(line[-1] if line else None)) is not None:
        line.append(following)
    return line


def newest_revision() -> str:
    """The revision that this code needs."""
    return revisions()[-1]


def current_revision() -> str | None:
    """The revision that the database has; None when it is empty."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table(_TABLE):
            return None
        found: str | None = connection.execute(text(f"SELECT version_num FROM {_TABLE}")).scalar()  # noqa: S608 - ours
        return found


class UnusableDatabase(DomainError):
    """The database cannot be used as it is."""

    code = "unusable_database"
    status = 500


def require_usable() -> str | None:
    """The revision of the database; raises `UnusableDatabase` with one line about what is wrong."""
    try:
        found = current_revision()
    except (DBAPIError, PoolTimeout, OSError, ValueError) as problem:
        said = str(getattr(problem, "orig", None) or problem).splitlines()[0]
        raise UnusableDatabase(f"KINMARKET_DATABASE_URL: the database cannot be used: {hidden(said)}") from problem
    known = revisions()
    if found is not None and found not in known:
        raise UnusableDatabase(
            f"The database is of a newer version of Kinmarket (revision {found}, this one knows up to "
            f"{known[-1]}): take the newer code, or a backup from before the upgrade."
        )
    return found


def upgrade(app: Flask) -> bool:
    """Migrate to the newest revision; answers whether there was anything to do.

    What this version's reactions have not heard so far begins where they say, before anything new happens.
    """
    with app.app_context():
        behind = require_usable() != newest_revision()
        if behind:
            migrating.upgrade()
        event_log.place_cursors()
        return behind


def has_tables() -> bool:
    return inspect(db.engine).has_table("member")
