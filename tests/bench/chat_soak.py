"""Persisted messages to many readers: `python -m tests.bench.chat_soak --connections 500 --workers 2 --seconds 10`.

Real servers (several with Valkey between them), a group for every thirty connections, one or two writers in each:
`--offered 500 --writers 2` offers 500 messages a second (one member may say ten a second).
Each message is stored, acknowledged and heard by all readers of its group; at the end it prints what was
lost, doubled or out of order, and how long it took from sending until each reader had it. Readers follow
the contract's numbers but never fetch: what a hint alone loses is counted as lost. Loopback only.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import quantiles

import psutil  # type: ignore[import-untyped] # its stubs are a package of their own

from app import create_app
from app.platform.database import db
from tests.bench.fanout_bench import Reader
from tests.support.databases import Kind, fresh_database, settings_for
from tests.support.live import environment_for
from tests.support.servers import (
    close_run_directory,
    free_port,
    open_run_directory,
    start_valkey,
    wait_for_port,
)

ROOT = Path(__file__).parents[2]
_LETTERS, _FIGURES = str.maketrans("0123456789.", "abcdefghijk"), str.maketrans("abcdefghijk", "0123456789.")
GROUP = 30  # readers of one conversation; a member may have as many sockets


@dataclass(frozen=True)
class Group:
    """One conversation: its writer's token and a reader's."""

    conversation: str
    writers: tuple[str, ...]
    reader: str


def prepare(address: str, folder: Path, groups: int) -> list[Group]:
    """Three members for each group: who writes, who reads with many devices, and a second who may write."""
    from app.messaging.conversations.starting import start_conversation
    from app.people.accounts.service import add_member, issue_token

    app = create_app(settings_for(address, folder))
    made = []
    with app.app_context():
        for number in range(groups):
            ana, bo, cem = (add_member(f"{name}_{number}") for name in ("ana", "bo", "cem"))
            ident, _ = start_conversation(ana, [bo, cem], title=f"Group {number}")
            made.append(Group(ident, (issue_token(ana), issue_token(cem)), issue_token(bo)))
        db.session.remove()
        db.engine.dispose()
    return made


@contextmanager
def servers(address: str, folder: Path, count: int) -> Iterator[dict[int, psutil.Process]]:
    """That many single-worker servers by their ports."""
    with ExitStack() as stack:
        more = {}
        if count > 1:
            valkey_port = free_port()
            valkey = start_valkey(valkey_port, folder)
            stack.callback(_end, valkey)
            more["KINMARKET_REDIS_URL"] = f"redis://127.0.0.1:{valkey_port}/0"
        started = {}
        for number in range(count):
            port = free_port()
            log = stack.enter_context((folder / f"server-{number}.log").open("wb"))
            process = subprocess.Popen(
                [sys.executable, "-m", "app.serving", "--port", str(port), *(["--no-background"] if number else [])],
                cwd=ROOT, stdout=log, stderr=log,
                env=environment_for(address, folder / "data", KINMARKET_PUBLIC_URL=f"http://127.0.0.1:{port}", **more),
            )  # fmt: skip
            stack.callback(_end, process)
            wait_for_port(port, process, 90)
            started[port] = psutil.Process(process.pid)
        yield started


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(12)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Device(Reader):
    """One connection that hears a conversation."""

    def __init__(self, port: int, token: str, conversation: str) -> None:
        super().__init__(port, {"token": token})
        self.buffer = b""
        self.heard: list[int] = []
        self.waiting: dict[int, float] = {}
        self.sent = 0
        self.refused = 0
        self.conversation = conversation
        self.say("420" + json.dumps(["conversation:join", {"conversation": conversation, "after_seq": 0}]))

    def send(self) -> None:
        self.sent += 1
        # A usual sentence: figures would be read as a telephone number.
        body = f"How about Saturday? {time.monotonic():.6f}".translate(_LETTERS)
        said = {"conversation": self.conversation, "client_id": f"s{self.sent}", "body": body}
        self.waiting[self.sent] = time.monotonic()
        self.say(f"42{self.sent}" + json.dumps(["message:send", said]))

    def frames(self) -> Iterator[str]:
        """The whole frames that have come."""
        self.buffer += self.sock.recv(1 << 18)
        while len(self.buffer) >= 2:
            size, start = self.buffer[1], 2
            if size == 126:
                size, start = int.from_bytes(self.buffer[2:4], "big"), 4
            if len(self.buffer) < start + size:
                return
            data, self.buffer = self.buffer[start : start + size], self.buffer[start + size :]
            yield data.decode()


@dataclass
class Tally:
    """What came of it."""

    acknowledged: dict[str, int] = field(default_factory=dict)
    to_ack: list[float] = field(default_factory=list)
    to_reader: list[float] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    refused: int = 0
    offered: float = 0.0  # seconds in which messages were sent
    cpu: float = 0.0  # seconds of all servers meanwhile

    def compare(self, devices: list[Device]) -> None:
        for device in devices:
            said = self.acknowledged.get(device.conversation, 0)
            self.lost += len(set(range(1, said + 1)) - set(device.heard))
            self.doubled += len(device.heard) - len(set(device.heard))
            self.disordered += sum(later < sooner for sooner, later in pairwise(device.heard))


def soak(
    groups: list[Group],
    started: dict[int, psutil.Process],
    connections: int,
    seconds: float,
    every: float,
    writing: int,
) -> Tally:
    """Writers, so many in each group, say something every so many seconds; then everything is waited for."""
    ports = list(started)
    devices: list[Device] = []
    writers: list[Device] = []
    for number, group in enumerate(groups):
        readers = min(GROUP, connections - number * GROUP) - writing
        writers += [Device(ports[number % len(ports)], one, group.conversation) for one in group.writers[:writing]]
        devices += [Device(ports[one % len(ports)], group.reader, group.conversation) for one in range(readers)]
    everybody = {one.sock.fileno(): one for one in (*writers, *devices)}
    watch = select.epoll()
    for number in everybody:
        watch.register(number, select.EPOLLIN)
    tally = Tally()
    _listen(watch, everybody, tally, 3)  # the answers to the joins
    began, cpu = time.monotonic(), _cpu(started)
    due = [(time.monotonic() + every * place / len(writers), one) for place, one in enumerate(writers)]
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        at, writer = due.pop(0)
        _listen(watch, everybody, tally, max(0.0, at - time.monotonic()))
        writer.send()
        due.append((at + every, writer))
    quiet_at = time.monotonic() + 30
    while any(one.waiting for one in writers) and time.monotonic() < quiet_at:
        _listen(watch, everybody, tally, 0.2)
    tally.offered, tally.cpu = time.monotonic() - began, _cpu(started) - cpu
    _listen(watch, everybody, tally, 4)
    tally.compare([*writers, *devices])
    for one in everybody.values():
        one.sock.close()
    return tally


def _cpu(started: dict[int, psutil.Process]) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in started.values())


def _listen(watch: select.epoll, everybody: dict[int, Device], tally: Tally, seconds: float) -> None:
    until = time.monotonic() + seconds
    while True:
        for number, _ in watch.poll(max(0.0, until - time.monotonic())):
            for data in everybody[number].frames():
                _hear(everybody[number], data, tally)
        if time.monotonic() >= until:
            return


def _hear(device: Device, data: str, tally: Tally) -> None:
    if data == "2":
        device.say("3")
    elif data.startswith('42["message:new"'):
        message = json.loads(data[2:])[1]
        device.heard.append(message["seq"])
        tally.to_reader.append(time.monotonic() - float(message["body"].split()[-1].translate(_FIGURES)))
    elif data.startswith("43"):
        number, _, answer = data[2:].partition("[")
        asked = device.waiting.pop(int(number), None)
        if asked is None:
            return
        result = json.loads("[" + answer)[0]
        if result["ok"]:
            tally.acknowledged[device.conversation] = max(result["seq"], tally.acknowledged.get(device.conversation, 0))
            tally.to_ack.append(time.monotonic() - asked)
        else:
            tally.refused += 1


def _marks(taken: list[float]) -> str:
    marks = quantiles(taken, n=100) if len(taken) > 1 else [0.0] * 99
    return " / ".join(f"{marks[place] * 1000:.0f}" for place in (49, 94, 98))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--connections", type=int, default=500)
    parser.add_argument("--workers", type=int, default=1, choices=(1, 2))
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--every", type=float, default=2, help="seconds between two messages of one writer")
    parser.add_argument("--writers", type=int, default=1, choices=(1, 2), help="of each group of thirty connections")
    parser.add_argument("--offered", type=float, help="messages a second of all writers, in place of --every")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    given = parser.parse_args()
    kind: Kind = given.database
    open_run_directory()
    try:
        with tempfile.TemporaryDirectory(prefix="chat-soak-") as name:
            folder = Path(name)
            with fresh_database(kind, folder / "database") as address:
                groups = prepare(address, folder / "data", -(-given.connections // GROUP))
                every = len(groups) * given.writers / given.offered if given.offered else given.every
                with servers(address, folder, given.workers) as started:
                    tally = soak(groups, started, given.connections, given.seconds, every, given.writers)
    finally:
        close_run_directory()
    load = os.getloadavg()[0]
    print(  # noqa: T201
        f"{kind}, {given.connections} connections, {given.workers} worker(s), load {load:.0f}: "
        f"{len(tally.to_ack)} messages stored, {len(tally.to_reader)} deliveries; lost {tally.lost}, doubled "
        f"{tally.doubled}, out of order {tally.disordered}, refused {tally.refused}; p50 / p95 / p99 ms until "
        f"acknowledged {_marks(tally.to_ack)}, until heard {_marks(tally.to_reader)}; "
        f"{len(tally.to_ack) / tally.offered:.0f} stored a second, "
        f"{tally.cpu / max(1, len(tally.to_ack)) * 1000:.2f} ms of the servers' CPU for each"
    )
    sys.exit(1 if tally.doubled else 0)


if __name__ == "__main__":
    main()
