"""Members for tests, and signing in without the form."""

from __future__ import annotations

import contextvars
import secrets
import time
from typing import Any

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import select

PASSWORD = "a long enough passphrase"


class SeparateClient(FlaskClient):
    """Each request has a context of its own, as on a real server.

    Flask lets a request reuse the application context that a test has pushed, and with it `g` and
    the session: the member of the first request would stay signed in for the second client.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        response = contextvars.Context().run(super().open, *args, **kwargs)
        if has_app_context():
            from app.platform.database import db

            # The test's own read transaction began before the request: look anew.
            db.session.rollback()
        return response


class MemberFactory:
    """Makes members through the accounts room; answers their ids."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(
        self,
        handle: str,
        *,
        name: str | None = None,
        email: str | None = None,
        role: str = "member",
        **columns: Any,
    ) -> int:
        from app.people.accounts.models import Member, Role
        from app.platform.database import db, unit_of_work

        with self.app.app_context(), unit_of_work():
            roles = []
            for wanted in {"member", role}:
                found = db.session.scalar(select(Role).where(Role.name == wanted))
                if found is None:
                    found = Role(name=wanted)
                    db.session.add(found)
                roles.append(found)
            made = Member(
                handle=handle,
                name=name or handle.capitalize(),
                email=email or f"{handle}@example.org",
                fs_uniquifier=secrets.token_hex(16),
                active=True,
                roles=roles,
                **columns,
            )
            db.session.add(made)
            db.session.flush()
            member_id = made.id
        if has_app_context():
            db.session.rollback()
        return member_id


def sign_in(app: Flask, client: FlaskClient, handle: str) -> None:
    """Puts into the session what Flask-Security puts there after a sign-in."""
    from app.people.accounts.models import Member
    from app.platform.database import db

    with app.app_context():
        found = db.session.scalar(select(Member).where(Member.handle == handle))
        if found is None:
            raise LookupError(f"no member {handle}")
        uniquifier = found.fs_uniquifier
    with client.session_transaction() as session:
        session["_user_id"] = uniquifier
        session["_fresh"] = True
        session["fs_cc"] = "set"
        session["fs_paa"] = time.time()
