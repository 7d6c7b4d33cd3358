"""Web Push: the installation's keys, and one encrypted message to one browser (RFC 8030, 8291, 8292).

The address of a push service is given by a browser, so by anybody: it must be https, and lead to a
public machine. That is looked at when it is stored and again, for the address that is really
connected to, whenever something is sent.
"""

from __future__ import annotations

import base64
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import current_app

from app.kernel.errors import Invalid
from app.kernel.later import Later
from app.platform.public_hosts import is_public
from app.platform.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    import py_vapid  # type: ignore[import-untyped] # ships no types
    import pywebpush  # type: ignore[import-untyped] # the same
    import requests
    from cryptography.hazmat.primitives import serialization

    from app.platform import public_requests
else:
    # Half a second of imports that only whoever sends, or subscribes, shall pay for.
    py_vapid, pywebpush = Later("py_vapid"), Later("pywebpush")
    serialization = Later("cryptography.hazmat.primitives.serialization")
    public_requests = Later("app.platform.public_requests")

TIMEOUT: Final = 10  # seconds
KEY_FILE: Final = "vapid.pem"
LIFE: Final = 12 * 3600  # seconds that a signature holds; services allow a day
GONE: Final = (404, 410)
BUSY: Final = 429
BROKEN: Final = 500
TOPIC: Final = 32  # letters at most
# Tests have a push service of their own on this machine.
ANYWHERE: Final = "KIN_PUSH_ANYWHERE"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a browser can be reached, and the keys that only it can read with."""

    endpoint: str
    p256dh: str
    auth: str


class PushGone(Exception):
    """The browser does not want to be reached any more."""


class PushRefused(Exception):
    """The service will not take it, today or tomorrow."""


class PushBusy(Exception):
    """The service asks to come again later."""


def public_key() -> str:
    """What a browser needs to subscribe."""
    point = _keys().public_key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def check_endpoint(url: str) -> None:
    """Raises `Invalid` unless the address may be one of a push service."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as problem:
        raise Invalid("This isn’t the address of a push service.", code="bad_endpoint") from problem
    if _anywhere():
        return
    fits = parts.scheme == "https" and host and not parts.username and port in {None, 443}
    if not fits or "." not in host or host.endswith((".local", ".internal", ".localhost")):
        raise Invalid("This isn’t the address of a push service.", code="bad_endpoint")
    with suppress(ValueError):
        if not is_public(host):
            raise Invalid("This isn’t the address of a push service.", code="bad_endpoint")


def push(to: Subscription, payload: bytes, *, ttl: int, topic: str, urgency: str = "normal") -> None:
    """Send one message; raises `PushGone`, `PushRefused`, `PushBusy` or `OSError`."""
    check_endpoint(to.endpoint)
    keys = {"p256dh": to.p256dh, "auth": to.auth}
    body = pywebpush.WebPusher({"endpoint": to.endpoint, "keys": keys}).encode(payload)["body"]
    parts = urlsplit(to.endpoint)
    settings: Settings = current_app.config["KIN"]
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "sub": settings.public_url if settings.https else "mailto:operator@localhost",
        "exp": int(time.time()) + LIFE,
    }
    headers = {
        **_keys().sign(claims),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(ttl),
        "Topic": topic[:TOPIC],
        "Urgency": urgency,
    }
    with (
        public_requests.session(anywhere=_anywhere()) as session,
        _post(session, to.endpoint, body, headers) as response,
    ):
        _judge(response.status_code)


def _post(session: requests.Session, url: str, body: bytes, headers: dict[str, str]) -> requests.Response:
    # Neither redirects nor a long answer: what comes back is not trusted.
    return session.post(url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True)


def _judge(status: int) -> None:
    if status in GONE:
        raise PushGone(str(status))
    if status == BUSY or status >= BROKEN:
        raise PushBusy(f"the push service answered {status}")
    if not 200 <= status < 300:
        raise PushRefused(f"the push service answered {status}")


def _anywhere() -> bool:
    return bool(current_app.config.get(ANYWHERE, False))


def _keys() -> py_vapid.Vapid02:
    found: py_vapid.Vapid02 | None = current_app.extensions.get("kin_vapid")
    if found is None:
        settings: Settings = current_app.config["KIN"]
        found = current_app.extensions["kin_vapid"] = _kept_keys(settings.data_dir / KEY_FILE)
    return found


def _kept_keys(path: Path) -> py_vapid.Vapid02:
    if not path.exists():
        fresh = py_vapid.Vapid02()
        fresh.generate_keys()
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(fresh.private_pem())
        # Two processes that start together must agree on one key: who links first has made it.
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return py_vapid.Vapid02.from_file(str(path))
