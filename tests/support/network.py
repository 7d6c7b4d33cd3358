"""No test talks to anything but this machine."""

from __future__ import annotations

import ipaddress
import sys
from typing import Any


class OutsideWorldError(RuntimeError):
    """A test tried to reach a machine that is not this one."""


def _allowed(address: Any) -> bool:
    if isinstance(address, (str, bytes)):
        return True  # a unix socket
    host = str(address[0])
    if host in {"", "localhost"}:
        return True
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return found.is_loopback or found.is_unspecified


def guard_network() -> None:
    """For the rest of this process; gevent and C libraries' own sockets pass the same hook."""

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and not _allowed(arguments[1]):
            raise OutsideWorldError(f"a test tried to connect to {arguments[1]!r}")

    sys.addaudithook(audit)
