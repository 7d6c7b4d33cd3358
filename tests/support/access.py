"""Which role may use which route: asked of the application, route by route.

`python -m tests.support.access` writes what it sees into the table; whoever changes a route reads
the difference.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.support.people import MemberFactory, sign_in

TABLE = Path(__file__).parents[1] / "architecture" / "access_table.csv"
ROLES = ("anonymous", "member", "merchant", "moderator", "operator")
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


def observe(app: Flask) -> Access:
    """Asks each route as each role. A token stands in for the session under /api."""
    app.config["WTF_CSRF_ENABLED"] = False
    members = {role: MemberFactory(app)(f"the_{role}", role=role) for role in ROLES[1:]}
    return {
        (method, rule.rule): tuple(_outcome(app, method, rule, role, members.get(role)) for role in ROLES)
        for method, rule in routes(app)
    }


def _outcome(app: Flask, method: str, rule: Rule, role: str, member_id: int | None) -> str:
    from app.people.accounts.service import issue_token

    # A new client and token each time: a sign-out must not reach into the next question.
    client: FlaskClient = app.test_client()
    headers = {}
    if member_id is not None and rule.rule.startswith("/api/"):
        with app.app_context():
            headers["Authorization"] = f"Bearer {issue_token(member_id)}"
    elif member_id is not None:
        sign_in(app, client, f"the_{role}")
    return classify(client.open(_path(rule), method=method, headers=headers))


def _path(rule: Rule) -> str:
    def fill(match: re.Match[str]) -> str:
        chosen = re.match(r"<any\((\w+)", match.group(0))
        if chosen:
            return chosen[1]
        return "1" if match.group(0).startswith("<int") else "nothing"

    return re.sub(r"<[^>]+>", fill, rule.rule)


def classify(response: TestResponse) -> str:
    """`sign-in` (who are you?), `forbidden` (not you), `open` (let through to the use case)."""
    if response.status_code >= 500:
        return f"error {response.status_code}"
    if response.status_code == 401 or "/login" in response.headers.get("Location", ""):
        return "sign-in"
    return "forbidden" if response.status_code == 403 else "open"


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
