"""Every route × every role, held against the table that people have read."""

from __future__ import annotations

from flask import Flask

from tests.support.access import ROLES, TABLE, observe, read_table, routes

# What strangers may send is little and named: a forgotten guard shows here, not only as a row.
WRITTEN_BY_STRANGERS = {
    *("/login", "/logout", "/register", "/reset", "/signin/<code>"),
    "/confirm/<token>",  # signed, and sent to the mailbox that it is about
    "/unsubscribe/<token>",  # RFC 8058: the link itself is signed
    "/r/<code>/arrived",  # that somebody came through an advocate's link
}
UNKNOWN = ("?",) * len(ROLES)
OUTCOMES = {"open", "sign-in", "forbidden"}


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
    assert {outcome for outcomes in read_table().values() for outcome in outcomes} <= OUTCOMES


def test_a_stranger_writes_nothing() -> None:
    writes = [
        route
        for (method, route), outcomes in read_table().items()
        if method != "GET" and outcomes[0] == "open" and not route.startswith(tuple(WRITTEN_BY_STRANGERS))
    ]
    assert not writes
