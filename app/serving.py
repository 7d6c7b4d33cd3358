"""The production server: one gevent process with its background work.

Run as `python -m app.serving`, so that the patching comes before every other import.
"""

# ruff: noqa: E402 - gevent must patch the standard library before anything else is imported
from gevent import monkey

monkey.patch_all()

import argparse
import signal

import gevent
import structlog
from gevent.pool import Pool
from gevent.pywsgi import WSGIServer

from app import create_app
from app.platform import realtime
from app.platform.jobs import Background
from app.platform.settings import load_settings
from app.trust.circle.service import keep as keep_trust
from app.trust.circle.service import start as start_trust

log = structlog.get_logger()
DRAIN = 8  # seconds that requests under way get after SIGTERM
MOST_CONNECTIONS = 10_000


def serve(host: str, port: int, *, background: bool = True) -> None:
    """Serve until SIGTERM or SIGINT, then let running requests end."""
    app = create_app(load_settings(port=port), async_mode="gevent")
    start_trust(app)
    work = Background(app) if background else None
    server = WSGIServer((host, port), app, log=None, spawn=Pool(MOST_CONNECTIONS))
    if work:
        work.start()

    def stop() -> None:
        log.info("stopping")
        server.stop_accepting()
        # Open sockets would hold the pool until the time is over; their clients come back by themselves.
        realtime.close_all()
        server.stop(timeout=DRAIN)
        if work:
            work.stop(timeout=2)
        with app.app_context():
            keep_trust()

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
