"""What a browser must bring to be reached, and what it is called."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

MAX_ENDPOINT_LENGTH: Final = 1000
POINT, SECRET = 65, 16  # bytes of an uncompressed P-256 point, and of the shared secret
UNCOMPRESSED: Final = 4

_BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_KEY = re.compile(r"[A-Za-z0-9_-]+={0,2}")


def keys_fit(p256dh: str, auth: str) -> bool:
    """Whether these can encrypt: a point of the curve's form and a secret of the right size."""
    point, secret = _bytes(p256dh), _bytes(auth)
    return len(point) == POINT and point[0] == UNCOMPRESSED and len(secret) == SECRET


def label_of(user_agent: str) -> str:
    """“Firefox, Linux”: enough to know one's own devices apart.

    >>> label_of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox, Linux'
    """
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(part for part in (browser, system) if part)


def _bytes(text: str) -> bytes:
    if not _KEY.fullmatch(text):
        return b""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
