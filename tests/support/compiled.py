"""What a process need not make anew for each test's application: compiled templates and statements."""

from __future__ import annotations

from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

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
