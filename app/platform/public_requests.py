"""Requests that reach public machines alone, whatever a name leads to at the moment."""

from __future__ import annotations

import socket
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool

from app.platform.public_hosts import ForbiddenPlace, is_public


def session(*, anywhere: bool = False) -> requests.Session:
    """A session to close; `anywhere`: tests have services on this machine."""
    found = requests.Session()
    found.trust_env = False  # no proxy of the environment: it would resolve names by itself
    if not anywhere:
        found.mount("https://", _PublicOnly())
    return found


class _PublicConnection(HTTPSConnection):
    """Connects to an address that was looked at, not to a name that may change in between."""

    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        found = socket.getaddrinfo(name, self.port, type=socket.SOCK_STREAM)
        addresses = [str(one[4][0]) for one in found]
        if not addresses or not all(is_public(one) for one in addresses):
            raise ForbiddenPlace(f"{name} is not on the public network")
        self._dns_host = addresses[0]
        try:
            return super()._new_conn()
        finally:
            self._dns_host = name  # the certificate is for the name


class _PublicPool(HTTPSConnectionPool):
    ConnectionCls = _PublicConnection


class _PublicOnly(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        super().init_poolmanager(*arguments, **more)
        self.poolmanager.pool_classes_by_scheme = {"https": _PublicPool}
