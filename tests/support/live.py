"""A real server in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.support.servers import free_port

ROOT = Path(__file__).parents[2]
KINMARKET = (sys.executable, "-c", "from app.cli import main; main()")


@dataclass(frozen=True, slots=True)
class LiveServer:
    """Where the server listens, and what it has said."""

    url: str
    port: int
    log_file: Path
    process: subprocess.Popen[bytes]

    def log(self) -> str:
        return self.log_file.read_text(errors="replace")


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
    """A server on a free port until the block ends; `more` are environment variables."""
    data_dir.mkdir(parents=True, exist_ok=True)
    port = free_port()
    log_file = data_dir / f"serve-{port}.log"
    # What `kinmarket serve` becomes once it has migrated the database, which the tests' copies are already.
    command = [sys.executable, "-m", "app.serving", "--host", "127.0.0.1", "--port", str(port)]
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment_for(database_url, data_dir, **more),
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )
    server = LiveServer(f"http://127.0.0.1:{port}", port, log_file, process)
    try:
        _wait_until_healthy(server)
        yield server
    finally:
        _stop(process)


def _wait_until_healthy(server: LiveServer, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if server.process.poll() is not None:
            raise RuntimeError(f"serve ended with {server.process.returncode}:\n{server.log()}")
        try:
            if requests.get(f"{server.url}/healthz", timeout=5).status_code == 200:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"serve is not healthy after {seconds} s:\n{server.log()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run_command(
    *arguments: str, database_url: str, data_dir: Path, **more: str
) -> subprocess.CompletedProcess[str]:
    """The kinmarket command in a process of its own; the caller looks at the exit code."""
    return subprocess.run(
        [*KINMARKET, *arguments], cwd=ROOT, env=environment_for(database_url, data_dir, **more),
        capture_output=True, text=True, timeout=300, check=False,
    )
