"""Which way of serving: `python -m tests.bench.serve_bench [--seconds 6]` prints a table in Markdown.

Pages by plain HTTP clients that keep their connection, messages by Socket.IO clients that wait for
the acknowledgement before they send the next one; everything on this machine's loopback.
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import quantiles

import psutil  # type: ignore[import-untyped] # its stubs are a package of their own
import socketio

from app import create_app
from app.platform.database import db
from tests.support.databases import Kind, fresh_database, settings_for
from tests.support.live import environment_for
from tests.support.servers import (
    close_run_directory,
    free_port,
    open_run_directory,
    wait_for_port,
)

ROOT = Path(__file__).parents[2]
PAGE = "/market"
HEAD = "| database | served by | pages/s | p50 ms | p99 ms | CPU ms | messages/s | p50 ms | p99 ms | CPU ms | failed |"
THREADED = (
    "from app import create_app; from werkzeug.serving import make_server; import logging;"
    "logging.getLogger('werkzeug').setLevel('ERROR');"
    "make_server('127.0.0.1', {port}, create_app(), threaded=True).serve_forever()"
)
MODES: dict[str, Callable[[int], list[str]]] = {
    "threads (werkzeug)": lambda port: [sys.executable, "-c", THREADED.format(port=port)],
    "gevent pywsgi": lambda port: [sys.executable, "-m", "app.serving", "--port", str(port), "--no-background"],
    "gunicorn gevent": lambda port: [
        *(sys.executable, "-m", "gunicorn", "-k", "gevent", "-w", "1", "-b", f"127.0.0.1:{port}"),
        *("--log-level", "error", "app:create_app(async_mode='gevent')"),
    ],
}


@dataclass(frozen=True)
class Figures:
    """How many in a second, and how long one took, in milliseconds."""

    per_second: float
    median: float
    p99: float
    failed: int
    cpu: float = 0.0  # of the server for one, in milliseconds: what another load on the machine spoils least

    @classmethod
    def of(cls, taken: list[float], seconds: float, failed: int) -> Figures:
        marks = quantiles(taken, n=100) if len(taken) > 1 else [0.0] * 99
        return cls(len(taken) / seconds, marks[49] * 1000, marks[98] * 1000, failed)


def with_cpu(server: psutil.Process, load: Callable[[], Figures], seconds: float) -> Figures:
    """The load's figures, and what each request cost the server's processes."""
    before = _cpu(server)
    found = load()
    return replace(found, cpu=(_cpu(server) - before) * 1000 / max(1.0, found.per_second * seconds))


def _cpu(server: psutil.Process) -> float:
    every = [server, *server.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in every)


@dataclass(frozen=True)
class Prepared:
    """What the clients need to know of the database."""

    tokens: list[str]
    conversations: list[str]


def prepare(address: str, folder: Path, pairs: int) -> Prepared:
    """Thirty listings, and pairs of members with a conversation each."""
    from app.market.listings.service import publish_listing
    from app.market.listings.values import ListingDraft
    from app.messaging.conversations.service import start_conversation
    from app.people.accounts.service import add_member, issue_token

    app = create_app(settings_for(address, folder))
    with app.app_context():
        members = [add_member(f"bench_{n}") for n in range(pairs * 2)]
        for n in range(30):
            draft = ListingDraft(
                kind="sale",
                title=f"Lamp number {n}",
                description="Works.",
                category="home",
                condition="good",
                price=Decimal(10 + n),
                currency="EUR",
                place="Lund",
            )
            publish_listing(members[n % len(members)], draft)
        talks = [start_conversation(members[2 * n], [members[2 * n + 1]])[0] for n in range(pairs)]
        tokens = [issue_token(members[2 * n]) for n in range(pairs)]
        db.session.remove()
        db.engine.dispose()
    return Prepared(tokens, talks)


def load_pages(port: int, clients: int, seconds: float) -> Figures:
    """Clients that ask for the page again as soon as they have it."""
    taken: list[float] = []
    failed: list[int] = []
    end = time.perf_counter() + seconds

    def browse() -> None:
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while (begin := time.perf_counter()) < end:
            wire.request("GET", PAGE)
            answer = wire.getresponse()
            answer.read()
            if answer.status == 200:
                taken.append(time.perf_counter() - begin)
            else:
                failed.append(answer.status)

    _together([browse] * clients)
    return Figures.of(taken, seconds, len(failed))


def load_messages(port: int, given: Prepared, seconds: float) -> Figures:
    """Each client in a conversation of its own."""
    taken: list[float] = []
    failed: list[str] = []
    clients = []
    for token in given.tokens:
        client = socketio.Client(reconnection=False)
        client.connect(f"http://127.0.0.1:{port}", auth={"token": token}, transports=["websocket"], wait_timeout=30)
        clients.append(client)
    end = time.perf_counter() + seconds

    def chat(client: socketio.Client, conversation: str) -> None:
        client.call("conversation:join", {"conversation": conversation, "after_seq": 0}, timeout=30)
        number = 0
        while (begin := time.perf_counter()) < end:
            number += 1
            said = {"conversation": conversation, "client_id": f"b{number}", "body": f"message {number}"}
            answer = client.call("message:send", said, timeout=30)
            if answer["ok"]:
                taken.append(time.perf_counter() - begin)
            else:
                failed.append(answer["code"])

    _together([partial(chat, client, talk) for client, talk in zip(clients, given.conversations, strict=True)])
    for client in clients:
        client.disconnect()
    return Figures.of(taken, seconds, len(failed))


def _together(work: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def measure(mode: str, kind: Kind, clients: int, seconds: float) -> tuple[Figures, Figures]:
    """Pages, then messages, on a fresh database and a fresh server."""
    folder = Path(tempfile.mkdtemp(prefix="serve-bench-"))
    try:
        with fresh_database(kind, folder / "database") as address:
            given = prepare(address, folder / "data", clients)
            port = free_port()
            log = (folder / "log").open("wb")
            server = subprocess.Popen(
                MODES[mode](port),
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env=environment_for(address, folder / "data", KINMARKET_PUBLIC_URL=f"http://127.0.0.1:{port}"),
            )
            try:
                wait_for_port(port, server, 60)
                load_pages(port, 2, 1)
                ours = psutil.Process(server.pid)
                return (
                    with_cpu(ours, lambda: load_pages(port, clients, seconds), seconds),
                    with_cpu(ours, lambda: load_messages(port, given, seconds), seconds),
                )
            finally:
                server.terminate()
                try:
                    server.wait(15)
                except subprocess.TimeoutExpired:
                    server.kill()
                    server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _row(one: Figures) -> str:
    return f"{one.per_second:.0f} | {one.median:.0f} | {one.p99:.0f} | {one.cpu:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--database", choices=("sqlite", "postgres"), action="append")
    parser.add_argument("--only", default="", help="modes with this word in their name")
    given = parser.parse_args()
    open_run_directory()
    try:
        print(f"{os.cpu_count()} cores, {given.clients} clients, {given.seconds:g} s each\n")  # noqa: T201
        print(HEAD)  # noqa: T201
        print("|---|---" + "|--:" * 9 + "|")  # noqa: T201
        for kind in given.database or ("sqlite", "postgres"):
            for mode in (name for name in MODES if given.only in name):
                with multiprocessing.get_context("spawn").Pool(1) as pool:
                    # A process of its own for each, so that no client inherits another's threads.
                    pages, sends = pool.apply(measure, (mode, kind, given.clients, given.seconds))
                print(  # noqa: T201
                    f"| {kind} | {mode} | {_row(pages)} | {_row(sends)} | {pages.failed + sends.failed} |",
                    flush=True,
                )
    finally:
        close_run_directory()


if __name__ == "__main__":
    main()
