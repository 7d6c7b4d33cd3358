"""Every route × every role, held against the table that people have read.

What an id in an address points at is there: a 404 is an answer of its own (`hidden`), never an open door.
"""

from __future__ import annotations

from flask import Flask

from tests.support.access import TABLE, observe, read_table, routes
from tests.support.access_town import OWNER, ROLES

# What strangers may send is little and named: a forgotten guard shows here, not only as a row.
WRITTEN_BY_STRANGERS = {
    *("/login", "/logout", "/register", "/reset", "/signin/<code>"),
    "/confirm/<token>",  # signed, and sent to the mailbox that it is about
    "/unsubscribe/<token>",  # RFC 8058: the link itself is signed
    "/webhooks/stripe",  # each message is signed by the provider
    "/language",  # a cookie of the browser that asks
}
# The owner does something to another there: to oneself it is neither there nor done.
NOT_TO_ONESELF = {
    ("GET", "/vouch/<handle>"),
    ("POST", "/vouch/<handle>/withdraw"),
    ("DELETE", "/api/v1/vouches/<handle>"),
}
UNKNOWN = ("?",) * len(ROLES)
# One's own words are not found helpful, an author is asked for a quote, never asks; nobody buys what is theirs.
NOT_OF_ONES_OWN = {
    ("POST", "/market/<listing_id>/buy"),
    ("POST", "/market/<listing_id>/times/<slot_id>"),
    ("POST", "/api/v1/slots/<slot_id>/book"),
    ("GET", "/market/<listing_id>/offer"),
    ("POST", "/market/<listing_id>/offer"),
    ("POST", "/api/v1/listings/<listing_id>/offers"),
    ("POST", "/api/v1/listings/<listing_id>/order"),
    ("POST", "/recommendations/<recommendation_id>/helpful"),
    ("PUT", "/api/v1/recommendations/<recommendation_id>/helpful"),
    ("DELETE", "/api/v1/recommendations/<recommendation_id>/helpful"),
    ("POST", "/api/v1/recommendations/<recommendation_id>/quotes"),
}
OUTCOMES = {"open", "sign-in", "forbidden", "hidden", "refused"}


def test_every_route_is_in_the_table(app: Flask) -> None:
    known = set(read_table())
    found = {(method, rule.rule) for method, rule in routes(app)}
    hint = f"run `python -m tests.support.access` and read the change of {TABLE.name}"
    assert found - known == set(), hint
    assert known - found == set(), hint


def test_the_table_tells_the_truth(app: Flask) -> None:
    table = read_table()
    wrong = [
        f"{method} {route} as {role}: the table says {expected}, the application {seen}"
        for (method, route), outcomes in observe(app).items()
        for role, expected, seen in zip(ROLES, table.get((method, route), UNKNOWN), outcomes, strict=True)
        if expected != seen
    ]
    assert not wrong, "\n".join(wrong)


def test_the_table_holds_only_known_outcomes() -> None:
    assert {outcome for row in _with_ids().values() for outcome in row.values()} <= OUTCOMES
    bare = [outcomes[:-1] for (_m, route), outcomes in read_table().items() if "<" not in route]
    assert {outcome for outcomes in bare for outcome in outcomes} <= {"open", "sign-in", "forbidden"}


def test_every_route_with_an_id_lets_somebody_through() -> None:
    """Else it was asked about nothing, or with a body that nobody could send."""
    shut = [key for key, row in _with_ids().items() if "open" not in row.values()]
    assert not shut


def test_the_owner_finds_what_is_theirs() -> None:
    hidden = {key for key, row in _with_ids().items() if row[OWNER] in {"hidden", "sign-in"}}
    assert hidden == NOT_TO_ONESELF


def test_nobody_does_more_with_a_thing_than_its_owner_but_the_house() -> None:
    """What a stranger may and the owner may not is the moderators' and the operator's, or of one's own doing."""
    more = {
        key
        for key, row in _with_ids().items()
        if row[OWNER] == "forbidden" and "open" in {row["member"], row["merchant"]}
    }
    assert more == NOT_OF_ONES_OWN


def _with_ids() -> dict[tuple[str, str], dict[str, str]]:
    return {key: dict(zip(ROLES, outcomes, strict=True)) for key, outcomes in read_table().items() if "<" in key[1]}


def test_a_stranger_writes_nothing() -> None:
    writes = [
        route
        for (method, route), outcomes in read_table().items()
        if method != "GET" and outcomes[0] == "open" and not route.startswith(tuple(WRITTEN_BY_STRANGERS))
    ]
    assert not writes
