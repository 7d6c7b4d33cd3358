"""Puts the rooms together into one application; knows their names, nothing of their insides."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING, Any

from apiflask import APIFlask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import reactions, wiring
from app.bare import base_config
from app.kernel.later import Later
from app.people.accounts.security import init_security
from app.people.privacy.queries import register_privacy
from app.platform import addresses, jobs, limits, logs, realtime, subjects
from app.platform.checks import register_check
from app.platform.database import db
from app.platform.event_log import Start, register_reaction
from app.platform.settings import Settings, load_settings
from app.rooms import ROOMS
from app.web import (
    api_document,
    bounds,
    compression,
    drawing,
    errors,
    frame,
    headers,
    health,
    held_forms,
    media,
    once,
    pwa,
)
from app.web.guards import to_sign_in
from app.web.routing import LazyRule

if TYPE_CHECKING:
    from app.platform import migrating
else:
    migrating = Later("app.platform.migrating")  # Alembic

ROOT = Path(__file__).resolve().parent.parent


def assemble(settings: Settings | None = None, *, async_mode: str = "threading") -> APIFlask:
    """An application that serves; several may live in one process (tests do that)."""
    settings = settings or load_settings()
    app = APIFlask(
        "kinmarket",
        json_errors=False,
        docs_path=None,
        spec_path="/api/v1/openapi.json",
        root_path=str(ROOT),
        static_folder=str(ROOT / "static" / "dist"),
        static_url_path="/static",
        template_folder=str(ROOT / "templates"),
    )
    app.url_rule_class = LazyRule
    app.jinja_environment = drawing.Drawing
    _configure(app, settings, async_mode)
    compression.init_compression(app)
    bounds.init_bounds(app)
    logs.init_logging(settings)
    db.init_app(app)
    if os.environ.get("FLASK_RUN_FROM_CLI") == "true":  # set by Flask's own command: `flask db …` may follow
        migrating.init_command(app)
    limits.init_limits(app)
    jobs.init_jobs(app, settings)
    frame.init_frame(app)
    headers.init_headers(app, settings)
    errors.init_errors(app)
    held_forms.init_held_forms(app)
    once.init_once(app)
    health.init_health(app)
    pwa.init_pwa(app)
    api_document.init_api(app)
    app.register_blueprint(media.media)
    subjects.init_subjects(app)
    wiring.wire(app)
    for room in ROOMS:
        _open_room(app, room)
    _listen(app)
    init_security(app, to_sign_in)
    realtime.init_realtime(app, settings)
    logs.hide_codes_of(app.url_map.iter_rules())
    addresses.init_addresses(app, settings)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # documented way to add middleware
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
    return app


def _configure(app: APIFlask, settings: Settings, async_mode: str) -> None:
    app.config.update(
        base_config(settings),
        KIN_ASYNC_MODE=async_mode,
        TESTING=settings.testing,
        SESSION_COOKIE_NAME="kin_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=settings.https,
        # Ten photos of at most 12 MB; forms without files are held to much less.
        MAX_CONTENT_LENGTH=128 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=200,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )


def _open_room(app: APIFlask, room: str) -> None:
    """Load by name what the room has, and register what each file declares."""
    _open_doors(app, room)
    for kind in _declared(room, "subject", "KINDS", ()):
        subjects.register_kind(app, kind)
    for keeper in _declared(room, "subject", "PHOTO_KEEPERS", ()):
        subjects.register_photo_keeper(app, keeper)
    for name, check in _declared(room, "checks", "CHECKS", {}).items():
        register_check(app, name, check)
    for name, count in _declared(room, "badges", "BADGES", {}).items():
        frame.register_badge(app, name, count)
    for name, ask in _declared(room, "badges", "FACTS", {}).items():
        frame.register_fact(app, name, ask)
    privacy = _module(f"app.{room}.privacy")
    if privacy is not None:
        register_privacy(app, privacy.NAME, privacy.export, privacy.erase)
    for file, register in (("sockets", realtime.register_events), ("jobs", jobs.register_jobs)):
        module = _module(f"app.{room}.{file}")
        if module is not None:
            register(app, module)


def _open_doors(app: APIFlask, room: str) -> None:
    for file, declared in (("views", "pages"), ("api", "api")):
        blueprint = _declared(room, file, declared, None)
        if blueprint is not None:
            app.register_blueprint(blueprint)
            if file == "api":
                # Bearer tokens are never sent by a browser on its own.
                headers.csrf.exempt(blueprint)


def _declared(room: str, file: str, name: str, default: Any) -> Any:
    module = _module(f"app.{room}.{file}")
    return default if module is None else getattr(module, name, default)


def _listen(app: APIFlask) -> None:
    """Each module of `app.reactions` is one consequence: of the log, or of what each process has to follow."""
    modules = [import_module(f"{reactions.__name__}.{one.name}") for one in iter_modules(reactions.__path__)]
    for module in modules:
        if hasattr(module, "watch_log"):
            module.watch_log(app)
    durable = [module for module in modules if hasattr(module, "react")]
    # Who is told comes before what is kept: a state may be long in the making.
    for module in sorted(durable, key=lambda one: (one.STARTS is Start.BEGINNING, one.NAME)):
        register_reaction(
            app,
            module.NAME,
            module.LISTENS_TO,
            module.react,
            starts=module.STARTS,
            concerns=getattr(module, "concerns", None),
            handle_all=getattr(module, "react_all", None),
        )


@cache
def _module(name: str) -> ModuleType | None:
    parent = name.rsplit(".", 1)[0]
    if find_spec(parent) is None or find_spec(name) is None:
        return None
    return import_module(name)
