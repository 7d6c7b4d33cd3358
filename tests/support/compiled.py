"""What a process need not make anew for each test's application: templates, statements, addresses."""

from __future__ import annotations

from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from app.platform.prepared import Prepared
from app.platform.subjects import kinds
from app.web import frame
from tests.support.servers import run_directory

# More than all that the suite says, about.
MAX_STATEMENTS = 6000


def share_compiled_templates() -> None:
    """For every application that this process makes from now on."""
    folder = run_directory() / "templates"
    folder.mkdir(exist_ok=True)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(folder))}


def share_compiled_statements() -> None:
    """For every engine that this process makes from now on: turning statements into SQL is most of a first page.

    An installation has one engine, which keeps what it has compiled; the suite has one for each test.
    """

    def says(dialect: Any) -> tuple[Any, ...]:
        return type(dialect), dialect._json_serializer, dialect._json_deserializer

    def same(dialect: DefaultDialect, other: object) -> bool:
        return isinstance(other, DefaultDialect) and says(dialect) == says(other)

    DefaultDialect.__eq__ = same  # type: ignore[method-assign, assignment]
    DefaultDialect.__hash__ = lambda dialect: hash(says(dialect))  # type: ignore[method-assign, assignment]
    known: LRUCache[Any, Any] = LRUCache(MAX_STATEMENTS)

    def lend(connection: Connection) -> None:
        connection.execution_options(compiled_cache=known)

    event.listen(Engine, "engine_connect", lend)


def share_frames() -> None:
    """The statement of a frame is built for each application and set of roles: a sixth of a page's first test."""
    build = frame._badges_for
    built: dict[Any, Prepared | None] = {}

    def lend(roles: frozenset[str]) -> Prepared | None:
        here = frame._FRAME.here()
        key = (roles, *here.badges.items(), *here.facts.items(), *kinds())
        if key not in built:
            built[key] = build(roles)
        return built[key]

    frame._badges_for = lend


def share_read_addresses() -> None:
    """Each application reads the same three hundred addresses: half of the time to put one together."""
    read = Rule._parse_rule
    known: dict[Any, tuple[list[Any], list[Any], dict[str, Any], set[str]]] = {}

    def parse(rule: Rule, address: str) -> list[Any]:
        key = (address, rule.is_leaf, rule.strict_slashes, rule.merge_slashes, bool(rule.websocket))
        trace, converters, arguments = rule._trace, rule._converters, rule.arguments
        if key not in known:
            rule._trace, rule._converters, rule.arguments = [], {}, set()
            known[key] = (list(read(rule, address)), rule._trace, rule._converters, rule.arguments)
        parts, said, found, named = known[key]
        rule._trace, rule._converters, rule.arguments = trace + said, converters | found, arguments | named
        return parts

    Rule._parse_rule = parse  # type: ignore[method-assign, assignment]
