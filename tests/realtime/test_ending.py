"""A server that is told to stop lets nobody hang."""

from __future__ import annotations

import signal
import time

from tests.realtime.conftest import Connect, Pair
from tests.support.live import LiveServer


def test_sigterm_ends_open_sockets_soon(connect: Connect, pair: Pair, live_server: LiveServer) -> None:
    clients = [connect(pair.ana_token), connect(pair.bo_token, transports=["polling"])]
    begin = time.monotonic()
    live_server.process.send_signal(signal.SIGTERM)
    assert live_server.process.wait(10) in {0, -signal.SIGTERM}
    assert time.monotonic() - begin < 10
    for client in clients:
        client.hear("disconnect")
