"""The production server: one gevent process with its background work.

Run as `python -m app.serving`, so that the patching comes before every other import.
"""

# ruff: noqa: E402 - gevent must patch the standard library before anything else is imported
from gevent import monkey

monkey.patch_all()

import argparse
import signal
import time
from collections.abc import Iterable
from typing import Any

import gevent
import structlog
from gevent.pool import Pool
from gevent.pywsgi import WSGIServer
from werkzeug.wsgi import ClosingIterator

from app import create_app
from app.platform import realtime
from app.platform.jobs import Background
from app.platform.settings import load_settings
from app.trust.circle.service import end as end_trust
from app.trust.circle.service import start as start_trust

log = structlog.get_logger()
DRAIN = 8.0  # seconds for all that is under way when SIGTERM comes
EVENTS = 3.0  # of them for the events of sockets, before the sockets are told to go
MOST_CONNECTIONS = 10_000


class Requests:
    """The application, and how many of its requests are not answered to the end; open sockets count too."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.under_way = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.under_way += 1
        try:
            answer = self._app(environ, start_response)
        except BaseException:
            self._ended()
            raise
        return ClosingIterator(answer, self._ended)

    def _ended(self) -> None:
        self.under_way -= 1

    def finish(self, until: float) -> bool:
        """Wait for all of them; false when time was over first."""
        while self.under_way and time.monotonic() < until:
            gevent.sleep(0.02)
        return not self.under_way


def serve(host: str, port: int, *, background: bool = True) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is under way."""
    app = create_app(load_settings(port=port), async_mode="gevent")
    start_trust(app)
    work = Background(app) if background else None
    requests = Requests(app)
    server = WSGIServer((host, port), requests, log=None, spawn=Pool(MOST_CONNECTIONS))
    if work:
        work.start()

    told: list[float] = []

    def stop() -> None:
        told.append(time.monotonic())
        if len(told) > 1:  # a terminal and its parent process may both say so
            return
        until = told[0] + DRAIN
        log.info("stopping")
        server.stop_accepting()
        ending = gevent.spawn(work.stop, 2) if work else None
        finished = realtime.finish_events(EVENTS)
        # What sockets still have to hear goes out before the packet that closes them; clients come back
        # by themselves, to whoever listens then.
        realtime.close_all()
        finished = requests.finish(until) and finished
        if ending:
            ending.join(max(0.0, until - time.monotonic()))
        end_trust(app)
        log.info("stopped", finished=finished)
        # Connections that are only kept alive would be waited for.
        server.stop(timeout=0)

    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stop)
    log.info("serving", address=f"http://{host}:{port}")
    server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="kinmarket serve")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-background", action="store_true")
    given = parser.parse_args()
    serve(given.host, given.port, background=not given.no_background)


if __name__ == "__main__":
    main()
