"""Structured logs: readable on a terminal, JSON lines otherwise."""

from __future__ import annotations

import logging
import sys

import structlog

from app.platform.settings import Settings


def init_logging(settings: Settings) -> None:
    """One format for our own lines and those of the libraries."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    final: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=not settings.testing,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, final],
        )
    )
    root = logging.getLogger()
    if not settings.testing:
        root.handlers = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("alembic", "engineio", "socketio", "geventwebsocket", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
