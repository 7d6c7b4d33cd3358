"""No line of the log opens anything: no code of a link, no token, no password, nothing of another request."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable, Iterator

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from app.notifications.delivery.queries import unsubscribe_token
from app.people.accounts.models import Role
from app.people.accounts.service import issue_token, signin_link
from app.platform import logs
from app.platform.database import db
from tests.support.people import MemberFactory

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def lines(app: Flask) -> Iterator[Callable[[], list[str]]]:
    """Every line as it would be written, by our own code and by libraries."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.line_format(structlog.processors.JSONRenderer()))
    root = logging.getLogger()
    root.addHandler(handler)
    before = root.level
    root.setLevel(logging.DEBUG)
    yield lambda: stream.getvalue().splitlines()
    root.removeHandler(handler)
    root.setLevel(before)


def test_a_walk_through_every_link_with_a_code(
    app: Flask, client: FlaskClient, member: MemberFactory, lines: Callable[[], list[str]]
) -> None:
    """Each route whose address holds a code, with a true one where there is one, that answers and that fails."""
    ana = member("ana", email="ana@example.org")
    code = signin_link(ana).rsplit("/", 1)[1]
    true = {"/signin/<code>": code, "/unsubscribe/<token>": unsubscribe_token(ana, "message", "mail")}
    walked = 0
    secrets: set[str] = set()
    for rule in list(app.url_map.iter_rules()):
        names = [name for name in rule.arguments if name in {"code", "token"}]
        if not names or not rule.rule.startswith("/"):
            continue
        walked += 1
        secret = true.get(rule.rule, f"sosecret{walked}xyzzy")
        secrets.add(secret)
        path = re.sub(r"<[^>]+>", secret, rule.rule)
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            client.open(path, method=method)
            client.open(f"{path}/", method=method, headers={"Referer": f"http://127.0.0.1:8000{path}"})
            # As if something broke below it, with the address in what is said.
            logging.getLogger("library").error("cannot open http://127.0.0.1:8000%s", path)
            structlog.get_logger().error("odd", address=path, more={"seen": [f"http://h{path}?x=1"]})
            try:
                raise RuntimeError(f"no answer from {path}")
            except RuntimeError:
                structlog.get_logger().exception("broken")
    assert walked >= 4
    written = "\n".join(lines())
    assert "\\u2022" in written
    assert [secret for secret in secrets if secret in written] == []


@pytest.mark.parametrize(
    "said",
    [
        "postgresql+psycopg://kin:{}@db/kin is away",
        "redis://:{}@cache:6379/0",
        "smtp://user%40host:{}@mail:587 said no",
        "GET /a?code={}&b=1",
        "https://idp/cb?b=1&access_token={}",
        "POST /x?reset_token={} HTTP/1.1",
        "Authorization: Bearer {}",
    ],
)
def test_what_opens_something_is_hidden_wherever_it_stands(said: str) -> None:
    assert "hunter2secret" not in logs.hidden(said.format("hunter2secret"))
    assert logs.hidden("nothing to hide at http://h:80/market?sort=price") == (
        "nothing to hide at http://h:80/market?sort=price"
    )


def test_errors_name_the_route_and_no_values(
    app: Flask, client: FlaskClient, member: MemberFactory, signed_in: SignIn, lines: Callable[[], list[str]]
) -> None:
    @app.get("/break/<token>")
    def broken(token: str) -> str:
        with db.engine.begin() as connection:
            connection.execute(insert(Role).values(name=None, description=token))
        return ""

    logs.hide_codes_of(app.url_map.iter_rules())
    answer = client.get("/break/of-great-secrecy", headers={"Authorization": f"Bearer {issue_token(member('ana'))}"})
    assert answer.status_code == 500
    found = [json.loads(line) for line in lines()]
    [line] = [one for one in found if one.get("event") == "unexpected_error"]
    assert line["route"] == "/break/<token>"
    assert "path" not in line
    assert "of-great-secrecy" not in json.dumps(found), "neither the address nor the values of the statement"


def test_nothing_of_a_request_stands_in_later_lines(client: FlaskClient, lines: Callable[[], list[str]]) -> None:
    client.get("/market")
    structlog.get_logger().info("afterwards")
    [line] = [json.loads(one) for one in lines() if '"afterwards"' in one]
    assert "route" not in line
    assert "request_id" not in line
