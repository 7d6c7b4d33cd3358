"""What `KINMARKET_MAIL_URL` says: to which server, and how the way there is encrypted.

| address | the way |
| --- | --- |
| `smtp://` | must become encrypted (STARTTLS) before anything is said; `smtp+tls://` is another name for it |
| `smtps://` | is encrypted from its first byte |
| `smtp+plain://` | in clear, and therefore without a password |

To a server on this machine `smtp://` without a password goes in clear: nobody stands in between.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit


class Tls(Enum):
    """When the encryption begins."""

    NONE = "none"
    STARTED = "started"
    WRAPPED = "wrapped"


SCHEMES: Final = {
    "smtp": Tls.STARTED,
    "smtp+tls": Tls.STARTED,
    "smtps": Tls.WRAPPED,
    "smtp+plain": Tls.NONE,
}


@dataclass(frozen=True, slots=True)
class MailWay:
    """Where mail goes, and how."""

    host: str
    port: int
    tls: Tls
    user: str | None = None
    password: str = field(default="", repr=False)

    @property
    def overheard(self) -> bool:
        """Whether mail, and the sign-in links in it, goes in clear to another machine.

        >>> mail_way("smtp+plain://mail.example").overheard, mail_way("smtp+plain://127.0.0.1").overheard
        (True, False)
        """
        return self.tls is Tls.NONE and not _is_here(self.host)


def mail_way(url: str) -> MailWay:
    """Raises `ValueError` with one line for what cannot be.

    >>> mail_way("smtp://me:secret@mail.example")
    MailWay(host='mail.example', port=587, tls=<Tls.STARTED: 'started'>, user='me')
    >>> mail_way("smtp+plain://me:secret@mail.example")
    Traceback (most recent call last):
    ValueError: a password is not sent in clear; use smtp:// or smtps://
    """
    parts = urlsplit(url)
    tls = SCHEMES.get(parts.scheme)
    if tls is None:
        raise ValueError(f"must be one of {', '.join(f'{name}://' for name in SCHEMES)}")
    host = parts.hostname
    if not host:
        raise ValueError("names no server")
    user = unquote(parts.username) if parts.username else None
    if user and tls is Tls.NONE:
        raise ValueError("a password is not sent in clear; use smtp:// or smtps://")
    if parts.scheme == "smtp" and not user and _is_here(host):
        tls = Tls.NONE
    usual = {Tls.WRAPPED: 465, Tls.STARTED: 587 if user else 25, Tls.NONE: 25}[tls]
    return MailWay(host, parts.port or usual, tls, user, unquote(parts.password or ""))


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
