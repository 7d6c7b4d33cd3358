"""Structured logs: readable on a terminal, JSON lines otherwise."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from typing import Any, Final

import structlog
from flask import request
from werkzeug.routing import Rule

from app.platform.settings import Settings

# Whoever has one of these opens something: none may be read in a log.
_SECRET_PARTS: Final = ("token", "code", "key", "secret", "password", "sig")
_HIDDEN: Final = r"\1•••"
_always: Final = (
    re.compile(rf"([?&](?:\w*_)?(?:{'|'.join(_SECRET_PARTS)})=)[^&\s\"'<>]+", re.IGNORECASE),
    re.compile(r"(\bBearer\s+)\S+", re.IGNORECASE),
    re.compile(r"(\w://[^/\s:@]*:)[^/\s@]+(?=@)"),
)
_addresses: list[re.Pattern[str]] = []


def route_of_request() -> str:
    """The route that answers, not its address, which may hold a code."""
    return request.url_rule.rule if request.url_rule is not None else "none"


def hide_codes_of(rules: Iterable[Rule]) -> None:
    """Learn from the routes which addresses hold codes; the composition root says so when all are there."""
    starts = {
        rule.rule.split("<", 1)[0]
        for rule in rules
        if rule.rule.startswith("/") and any(part in name for name in rule.arguments for part in _SECRET_PARTS)
    } - {"/"}
    _addresses[:] = [re.compile(rf"({re.escape(start)})[^/\s?#\"'<>]+") for start in sorted(starts)]


def hidden(text: str) -> str:
    """The text without codes of links, tokens and passwords."""
    for pattern in (*_addresses, *_always):
        text = pattern.sub(_HIDDEN, text)
    return text


def _hide(_logger: Any, _method: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {name: _hidden_in(value) for name, value in line.items()}


def _hidden_in(value: Any) -> Any:
    if isinstance(value, str):
        return hidden(value)
    if isinstance(value, dict):
        return {name: _hidden_in(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden_in(one) for one in value]
    return value


_SHARED: Final[tuple[structlog.typing.Processor, ...]] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _hide,
)


def log_warnings(settings: Settings) -> None:
    """What the operator has to know of the settings; a process says so once, when it starts."""
    for line in settings.warnings:
        structlog.get_logger().warning("setting", warning=line)


def line_format(final: structlog.typing.Processor) -> structlog.stdlib.ProcessorFormatter:
    """How a line is written; those of libraries go through the same steps as our own."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, final],
    )


def init_logging(settings: Settings) -> None:
    """One format for our own lines and those of the libraries."""
    final: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=not settings.testing,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(line_format(final))
    root = logging.getLogger()
    if not settings.testing:
        root.handlers = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("alembic", "engineio", "socketio", "geventwebsocket", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
