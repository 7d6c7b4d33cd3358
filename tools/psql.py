"""The installation's database by hand (`make psql`): psql or sqlite3, as the settings say."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import make_url

from app.commands.environment import settings_here
from app.kernel.errors import DomainError
from app.platform.settings import Settings


def main() -> None:
    try:
        command = command_for(settings_here())
    except DomainError as refusal:
        sys.exit(refusal.message)
    # Signals and the terminal go to the database's own program.
    os.execvp(command[0], [*command, *sys.argv[1:]])  # noqa: S606 - no shell wanted


def command_for(settings: Settings) -> list[str]:
    """Which program opens the database; the one of the wheel when the machine has no psql."""
    url = make_url(settings.database_url)
    if settings.sqlite:
        return [shutil.which("sqlite3") or sys.exit("sqlite3 is not installed"), str(url.database)]
    # libpq knows no drivers, and takes the password from the address.
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return [shutil.which("psql") or _of_wheel() or sys.exit("psql is not installed"), plain]


def _of_wheel() -> str | None:
    found = find_spec("pgserver")
    if found is None or found.origin is None:
        return None
    program = Path(found.origin).parent / "pginstall" / "bin" / "psql"
    return str(program) if program.exists() else None


if __name__ == "__main__":
    main()
