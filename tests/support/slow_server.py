"""The HTTP server with little patience, in a process of its own: `python -m tests.support.slow_server PORT`.

Its application tells what was called (`GET /calls`), how long a body was (`POST`), and gives much (`GET /much`).
"""

from gevent import monkey

monkey.patch_all()

# ruff: noqa: E402 - gevent must patch the standard library before anything else is imported
import signal
import sys
from typing import Any

import gevent

from app.platform.http_server import Bounds, Patience, Server

PATIENCE = Patience(first=0.6, head=0.6, idle=0.6, piece=0.6, body=1.2, answer=0.6)
FORM, FILES = 100_000, 300_000
MUCH = 64 * 1024 * 1024
calls: list[str] = []


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    path = environ["PATH_INFO"]
    if path == "/calls":
        answer = " ".join(calls).encode()
    elif path == "/much":
        calls.append(path)
        answer = b"x" * MUCH
    else:
        calls.append(path)
        if path == "/slow":
            gevent.sleep(float(environ["QUERY_STRING"]))
        if int(environ.get("CONTENT_LENGTH") or 0) > FILES:
            start_response("413 Content Too Large", [("Content-Length", "0")])
            return []
        answer = str(len(environ["wsgi.input"].read())).encode()
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]


def main() -> None:
    server = Server(("127.0.0.1", int(sys.argv[1])), app, Bounds(FORM, FILES), PATIENCE)

    def stop() -> None:
        server.shut_door()
        server.finish(0.5, float("inf"))
        server.stop(timeout=0)

    gevent.signal_handler(signal.SIGTERM, stop)
    server.serve_forever()


if __name__ == "__main__":
    main()
