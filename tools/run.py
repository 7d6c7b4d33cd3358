"""`make run`: a living community on this machine, and one way in for each kind of person."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from app import create_app
from app.kernel.errors import DomainError
from app.people.accounts import service as accounts
from app.people.accounts.models import Member
from app.platform import schema
from app.platform.database import db
from app.platform.settings import load_settings

KINMARKET = Path(sys.executable).with_name("kinmarket")
ROLES = ("member", "merchant", "moderator", "operator")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    try:
        settings = load_settings(port=port)
    except DomainError as refusal:
        sys.exit(refusal.message)
    app = create_app(settings)
    schema.upgrade(app)
    with app.app_context():
        people = first_of_each_role()
        if not people:
            db.session.remove()
            print("a new installation: making the demo community", flush=True)
            subprocess.run([KINMARKET, "demo"], check=True)
            people = first_of_each_role()
        print(f"\nKinmarket is at {settings.public_url}. One-time sign-in links:")
        for role, member in people.items():
            print(f"  {role:<10}{settings.public_url}{accounts.signin_link(member.id)}   {member.name}")
        print(flush=True)
    # The server takes this process over, so that Ctrl-C and signals reach it.
    os.execv(KINMARKET, [str(KINMARKET), "serve", "--port", str(port)])  # noqa: S606 - no shell wanted


def first_of_each_role() -> dict[str, Member]:
    """Whoever joined first; for `member` somebody who is nothing else."""
    found: dict[str, Member] = {}
    for member in db.session.scalars(select(Member).where(Member.active).order_by(Member.id)):
        names = {role.name for role in member.roles}
        for role in names - {"member"} or {"member"}:
            found.setdefault(role, member)
        if len(found) == len(ROLES):
            break
    return {role: found[role] for role in ROLES if role in found}


if __name__ == "__main__":
    main()
