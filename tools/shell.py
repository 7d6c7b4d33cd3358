"""A Python shell inside the installation's application (`make shell`): its database, services and models at hand."""

from __future__ import annotations

import code
import readline
import rlcompleter

from sqlalchemy import select

from app import create_app
from app.commands.environment import settings_here
from app.people.accounts.models import Member
from app.platform import schema
from app.platform.database import db, unit_of_work


def names() -> dict[str, object]:
    """What the shell begins with; everything else is one import away."""
    return {"Member": Member, "db": db, "select": select, "unit_of_work": unit_of_work}


def main() -> None:
    app = create_app(settings_here())
    schema.upgrade(app)
    with app.app_context():
        known = {"app": app, **names()}
        readline.set_completer(rlcompleter.Completer(known).complete)
        readline.parse_and_bind("tab: complete")
        banner = f"{app.config['KIN'].data_dir}: {', '.join(known)}"
        code.interact(banner=banner, local=known, exitmsg="")


if __name__ == "__main__":
    main()
