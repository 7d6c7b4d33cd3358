"""The production server: one gevent process with its background work.

Run as `python -m app.serving`, so that the patching comes before every other import.
"""

# ruff: noqa: E402 - gevent must patch the standard library before anything else is imported
from gevent import monkey

monkey.patch_all()

# Nothing that a start makes is garbage: looking for it is a fifth of the start.
import gc

gc.disable()

from app import lean

lean.import_logs()
lean.import_sockets()

import argparse
import os
import signal
import sys
import time

import gevent
import structlog

from app import create_app
from app.kernel.errors import DomainError
from app.platform import realtime, schema
from app.platform.http_server import Bounds, Server
from app.platform.jobs import Background
from app.platform.logs import log_warnings
from app.platform.photo_pool import DrawingPool
from app.platform.photos import set_drawer
from app.platform.settings import load_settings
from app.trust.circle.service import end as end_trust
from app.trust.circle.service import start as start_trust
from app.web import health
from app.web.headers import MAX_WITHOUT_FILES

log = structlog.get_logger()
DRAIN = 20.0  # seconds for all that is under way when SIGTERM comes
EVENTS = 3.0  # of them for the events of sockets, before the sockets are told to go
GRACE = 0.7  # seconds in which a connection that is kept alive may still ask for something


def serve(host: str, port: int, *, background: bool = True) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is under way."""
    settings = load_settings(port=port)
    app = create_app(settings, async_mode="gevent")
    log_warnings(settings)
    schema.upgrade(app)
    start_trust(app)
    set_drawer(DrawingPool().draw)
    work = Background(app) if background else None
    server = Server((host, port), app, Bounds(MAX_WITHOUT_FILES, app.config["MAX_CONTENT_LENGTH"]))
    if work:
        work.start()

    told: list[float] = []

    def stop() -> None:
        told.append(time.monotonic())
        if len(told) > 1:  # a terminal and its parent process may both say so
            return
        until = told[0] + DRAIN
        log.info("stopping")
        health.going_down(app)
        server.shut_door()
        ending = gevent.spawn(work.stop, DRAIN - 2) if work else None
        finished = realtime.finish_events(EVENTS)
        # What sockets still have to hear goes out before the connection ends; clients come back by
        # themselves, to whoever listens then.
        realtime.close_all()
        finished = server.finish(GRACE, until) and finished
        if ending:
            ending.join(max(0.0, until - time.monotonic()))
        end_trust(app)
        log.info("stopped", finished=finished)
        # Connections that are only kept alive would be waited for.
        server.stop(timeout=0)

    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stop)
    gc.freeze()  # what is here stays: later looks pass it over
    # A thousand sockets make much that stays for a while: looking through it at each hundredth message costs a tenth.
    gc.set_threshold(50_000, 20, 100)
    gc.enable()
    log.info("serving", address=f"http://{host}:{port}")
    server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="kinmarket serve")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-background", action="store_true")
    given = parser.parse_args()
    try:
        serve(given.host, given.port, background=not given.no_background)
    except DomainError as refusal:
        sys.exit(f"Error: {refusal.message}")
    # All is finished and written. The interpreter would take all it has loaded apart first, which costs a busy
    # machine half a minute in which a restart waits.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
