"""Imports the server once and forks a copy for each test: an import is most of what a start costs.

Run as a module by `tests.support.live`; takes orders as JSON lines on standard input, answers each with one line,
and ends with its input. A copy dies with it.
"""

import os

# Some of the copies have a Redis: what only such a server loads must be there for them.
os.environ.setdefault("KINMARKET_REDIS_URL", "redis://127.0.0.1:1")

from app import serving  # before the rest: it patches the standard library for gevent

# isort: split
import ctypes
import gc
import json
import signal
import sys
import traceback
from typing import Any

import gevent
from gevent.monkey import get_original

from graph import warm_up
from tests.support.compiled import share_compiled_templates

PR_SET_PDEATHSIG = 1

fork = get_original("os", "fork")
waitpid = get_original("os", "waitpid")


def start(order: dict[str, Any]) -> int:
    pid: int = fork()
    if pid:
        return pid
    code = 1
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for old, new in ((0, nothing), (1, log), (2, log)):
            os.dup2(new, old)
        os.setsid()
        os.environ.clear()
        os.environ.update(order["environment"])
        gevent.reinit()
        serving.serve("127.0.0.1", order["port"])
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it was belongs into the server's own log
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def poll(pid: int) -> int | None:
    """The exit code as `subprocess` gives it; None while it runs."""
    ended, status = waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def main() -> None:
    warm_up()
    share_compiled_templates()
    # What was imported is shared by all copies and need not be looked through again.
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        answer = start(order) if "port" in order else poll(order["poll"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
