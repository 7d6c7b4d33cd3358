"""Members for tests, and signing in without the form."""

from __future__ import annotations

import contextvars
import time
from typing import Any

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.kernel.ids import MemberId

PASSWORD = "a long enough passphrase"


class SeparateClient(FlaskClient):
    """Each request has a context of its own, as on a real server.

    Flask lets a request reuse the application context that a test has pushed, and with it `g` and
    the session: the member of the first request would stay signed in for the second client.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        # Read at once and closed: a photo's file would stay open until somebody collects garbage.
        kwargs.setdefault("buffered", True)
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
        password: str | None = None,
        **columns: Any,
    ) -> MemberId:
        """`columns` are further columns of the account: `place="Graz"`, `discreet=True`."""
        from app.people.accounts.models import Member
        from app.people.accounts.service import add_member
        from app.platform.database import db, unit_of_work

        with self.app.app_context():
            member_id = add_member(
                handle,
                name=name or handle.capitalize(),
                email=email or f"{handle}@example.org",
                role=role,
                password=password,
            )
            if columns:
                with unit_of_work():
                    db.session.execute(update(Member).where(Member.id == member_id).values(**columns))
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
