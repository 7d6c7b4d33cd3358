"""What a process needs to serve, and which of it is missing now."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import structlog
from flask import Flask, current_app
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.kernel.later import Later
from app.platform.database import db
from app.platform.job_queue import somebody_works
from app.platform.settings import Settings

if TYPE_CHECKING:
    import redis
else:
    redis = Later("redis")  # only who has a Redis loads it

log = structlog.get_logger()

PATIENCE: Final = 3.0  # seconds for all questions together
MIN_SPACE: Final = 64 * 1024 * 1024  # bytes

RETRY_AFTER: Final = 5  # seconds
_SQLITE_AWAY: Final = ("locked", "unable to open", "disk I/O", "is full", "readonly")

Question = Callable[[Settings], None]


def is_away(error: BaseException) -> bool:
    """Whether a failure says that the database is not there for us now, and may be soon."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    # PostgreSQL's driver says so of nothing else; SQLite's says it of a table that does not exist, too.
    said = str(error.orig)
    return not isinstance(error.orig, sqlite3.Error) or any(words in said for words in _SQLITE_AWAY)


def what_is_missing() -> list[str]:
    """Names among database, redis, disk and worker; none when all is there."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - documented
    settings: Settings = app.config["KIN"]
    answered: dict[str, bool] = {}
    asking = [
        threading.Thread(target=_ask, args=(app, settings, name, question, answered), daemon=True)
        for name, question in _questions(settings).items()
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        # Whoever does not answer in time is missing: a frozen server refuses nothing.
        thread.join(PATIENCE)
    return [name for name in _questions(settings) if not answered.get(name)]


def _questions(settings: Settings) -> dict[str, Question]:
    found: dict[str, Question] = {"database": _database, "disk": _disk}
    if not current_app.extensions["kin_jobs_at_once"]:
        found["worker"] = _worker
    if settings.redis_url:
        found["redis"] = _redis
    return found


def _ask(app: Flask, settings: Settings, name: str, question: Question, answered: dict[str, bool]) -> None:
    try:
        with app.app_context():
            question(settings)
            answered[name] = True
    except Exception as problem:  # noqa: BLE001 - whatever it is, it is not there
        log.warning("not_ready", missing=name, error=f"{type(problem).__name__}: {problem}"[:300])


def _database(_settings: Settings) -> None:
    try:
        db.session.execute(text("SELECT 1"))
    finally:
        db.session.remove()


def _worker(_settings: Settings) -> None:
    try:
        if not somebody_works():
            raise RuntimeError("nobody does the background work")
    finally:
        db.session.remove()


def _redis(settings: Settings) -> None:
    with redis.Redis.from_url(settings.redis_url or "", socket_timeout=2, socket_connect_timeout=2) as connection:
        connection.ping()


def _disk(settings: Settings) -> None:
    """Uploads, mail and SQLite need a place that can be written to."""
    if not os.access(settings.data_dir, os.W_OK):
        raise PermissionError(settings.data_dir)
    if shutil.disk_usage(settings.data_dir).free < MIN_SPACE:
        raise OSError("no space left")
