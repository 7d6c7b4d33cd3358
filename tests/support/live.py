"""A real server in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.support.servers import free_port

ROOT = Path(__file__).parents[2]
KINMARKET = (sys.executable, "-c", "from app.cli import main; main()")


class Zygote:
    """The process that servers are forked from; started for the first who asks."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def ask(self, **order: Any) -> Any:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.zygote"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def end(self) -> None:
        if self._process is not None:
            self._process.communicate()
            self._process = None


zygote = Zygote()


@dataclass(slots=True)
class ServerProcess:
    """What a test does with a process: look at it, signal it, wait for it."""

    pid: int
    returncode: int | None = field(default=None)

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = zygote.ask(poll=self.pid)
        return self.returncode

    def wait(self, timeout: float) -> int:
        until = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise TimeoutError(f"the server still runs after {timeout} s")
            time.sleep(0.02)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class LiveServer:
    """Where the server listens, and what it has said."""

    url: str
    port: int
    log_file: Path
    process: ServerProcess

    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""


def environment_for(database_url: str, data_dir: Path, **more: str) -> dict[str, str]:
    """The variables of an installation; nothing of the person's own leaks in."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("KINMARKET_")}
    return {
        **kept,
        "KINMARKET_DATABASE_URL": database_url,
        "KINMARKET_DATA_DIR": str(data_dir),
        "KINMARKET_SECRET_KEY": "a key that only the tests know, of 32 and more",
        "PYTHONUNBUFFERED": "1",
        **more,
    }


@contextmanager
def start_server(database_url: str, data_dir: Path, **more: str) -> Iterator[LiveServer]:
    """What `kinmarket serve` runs, on a free port until the block ends; `more` are environment variables."""
    data_dir.mkdir(parents=True, exist_ok=True)
    port = free_port()
    log_file = data_dir / f"serve-{port}.log"
    environment = environment_for(database_url, data_dir, **more)
    pid = zygote.ask(port=port, log=str(log_file), environment=environment)
    server = LiveServer(f"http://127.0.0.1:{port}", port, log_file, ServerProcess(pid))
    try:
        _wait_until_healthy(server)
        yield server
    finally:
        # No drain: nobody reads what it still had to say.
        server.process.kill()
        server.process.wait(15)


def _wait_until_healthy(server: LiveServer, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if server.process.poll() is not None:
            raise RuntimeError(f"serve ended with {server.process.returncode}:\n{server.log()}")
        with suppress(requests.ConnectionError):
            if requests.get(f"{server.url}/healthz", timeout=5).status_code == 200:
                return
        time.sleep(0.05)
    raise TimeoutError(f"serve is not healthy after {seconds} s:\n{server.log()}")


def run_command(*arguments: str, database_url: str, data_dir: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """The kinmarket command in a process of its own; the caller looks at the exit code."""
    return subprocess.run(
        [*KINMARKET, *arguments],
        cwd=ROOT,
        env=environment_for(database_url, data_dir, **more),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
