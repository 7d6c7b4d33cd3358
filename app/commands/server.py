"""`kinmarket serve`: hands over to the server at once; what is wrong with the database, that one says."""

from __future__ import annotations

import os
import socket
import sys

import click

from app.commands.environment import port_from_environment
from app.platform.settings import BadSetting, load_settings


def _require_free(host: str, port: int) -> None:
    """Before the server takes over, for a clear word instead of its traceback."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(found[0], found[1]) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(found[4])
    except OSError as problem:
        raise BadSetting(f"{host} port {port} cannot be listened on: {problem.strerror or problem}") from problem


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=None, type=click.IntRange(1, 65535), help="8000, or $PORT")
@click.option("--no-background", is_flag=True, help="jobs run elsewhere, by `kinmarket worker`")
def serve(host: str, port: int | None, no_background: bool) -> None:
    """Production server, background jobs included."""
    port = port or port_from_environment()
    load_settings(port=port)  # a bad one ends here, with one line
    _require_free(host, port)
    words = [sys.executable, "-m", "app.serving", "--host", host, "--port", str(port)]
    # A fresh interpreter, because gevent must patch before anything else is imported.
    os.execv(sys.executable, [*words, "--no-background"] if no_background else words)  # noqa: S606 - our own module
