"""Which role may use which route: asked of the application, route by route, of things that exist.

`python -m tests.support.access` writes what it sees into the table; whoever changes a route reads
the difference.
"""

from __future__ import annotations

import csv
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from tests.support.access_town import OWNER, ROLES, AccessTown, build_access_town
from tests.support.page_inventory import fill_route
from tests.support.people import SeparateClient, sign_in

TABLE = Path(__file__).parents[1] / "architecture" / "access_table.csv"
HEADER = ("method", "route", *ROLES)

Access = dict[tuple[str, str], tuple[str, ...]]


def read_table() -> Access:
    with TABLE.open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    return {(row[0], row[1]): tuple(row[2:]) for row in rows}


def write_table(access: Access) -> None:
    with TABLE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows([method, route, *outcomes] for (method, route), outcomes in sorted(access.items()))


def routes(app: Flask) -> list[tuple[str, Rule]]:
    """Every method of every rule, without what Werkzeug adds on its own."""
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def placeholder_path(rule: Rule) -> str:
    """The rule's address with an id that names nothing: for what is answered before anything is looked for."""

    def fill(match: re.Match[str]) -> str:
        chosen = re.match(r"<any\((\w+)", match.group(0))
        if chosen:
            return chosen[1]
        return "1" if match.group(0).startswith("<int") else "nothing"

    return re.sub(r"<[^>]+>", fill, rule.rule)


class Kept:
    """The database as it was: each question is asked of the same town."""

    def __init__(self, app: Flask) -> None:
        from app.platform.database import db

        self._app = app
        self._path = str(db.engine.url.database)
        self._copy = sqlite3.connect(":memory:")
        db.session.remove()
        with closing(sqlite3.connect(self._path)) as live:
            live.backup(self._copy)

    def put_back(self) -> None:
        from app.platform.database import db
        from app.trust.circle.live_graph import open_graph

        db.session.remove()
        with closing(sqlite3.connect(self._path)) as live:
            live.execute("PRAGMA synchronous=OFF")
            self._copy.backup(live)
        # What it has followed has not happened.
        open_graph(self._app)


class Asking:
    """Asks each route as each role. A token stands in for the session under /api."""

    def __init__(self, app: Flask) -> None:
        from app.people.accounts.service import issue_token

        app.config["WTF_CSRF_ENABLED"] = False
        app.test_client_class = SeparateClient
        self.app = app
        self.town: AccessTown = build_access_town(app)
        self.tokens = {role: issue_token(self.town.people[role]) for role in ROLES[1:]}
        self.sessions = {role: self._session(role) for role in ROLES[1:]}
        self.kept = Kept(app)
        self.asked = 0

    def outcome(self, method: str, rule: Rule, role: str) -> str:
        # A new client each time: a sign-out must not reach into the next question.
        client: FlaskClient = self.app.test_client()
        headers = {}
        if role != "anonymous" and rule.rule.startswith("/api/"):
            headers["Authorization"] = f"Bearer {self.tokens[role]}"
        elif role != "anonymous":
            client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.sessions[role])
        self.asked += 1
        # Limits are counted per sender, and are not what is asked for here.
        client.environ_base["REMOTE_ADDR"] = f"10.{self.asked >> 16}.{self.asked >> 8 & 255}.{self.asked & 255}"
        body = self.town.body(method, rule.rule)
        with client.open(self._path(rule), method=method, headers=headers, **body) as response:
            found = classify(response, with_ids=bool(rule.arguments))
            done = method != "GET" and response.status_code < 400
        if done:
            self.kept.put_back()
        return found

    def _session(self, role: str) -> str:
        client = self.app.test_client()
        sign_in(self.app, client, self.town.handle(role))
        cookie = client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        return cookie.value

    def _path(self, rule: Rule) -> str:
        return fill_route(rule.rule, self.town.values(rule.rule))


def observe(app: Flask) -> Access:
    with app.app_context():
        asking = Asking(app)
        return {
            (method, rule.rule): tuple(
                # Nobody owns what has no id.
                asking.outcome(method, rule, role) if rule.arguments or role != OWNER else ""
                for role in ROLES
            )
            for method, rule in routes(app)
        }


def classify(response: Response, *, with_ids: bool) -> str:
    """`sign-in` (who are you?), `forbidden` (not you), `hidden` (there is none for you), `refused` (not
    this, not now) or `open`. Without an id in its address a route has been let through when it refuses:
    it was sent nothing.
    """
    status = response.status_code
    if status >= 500:
        return f"error {status}"
    if status == 401 or response.headers.get("Location", "").startswith("/login?"):
        return "sign-in"
    if status == 403:
        return "forbidden"
    if with_ids and status == 404:
        return "hidden"
    if with_ids and status >= 400:
        return "refused"
    return "open"


def main() -> None:
    import tempfile

    from app import create_app
    from tests.support.databases import fresh_database, settings_for
    from tests.support.servers import close_run_directory, open_run_directory

    open_run_directory()
    try:
        with tempfile.TemporaryDirectory() as folder, fresh_database("sqlite", Path(folder)) as address:
            write_table(observe(create_app(settings_for(address, Path(folder) / "data"))))
    finally:
        close_run_directory()


if __name__ == "__main__":
    main()
