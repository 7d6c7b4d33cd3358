"""Many who want the same thing in the same moment, again and again."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from app.kernel.errors import DomainError
from app.platform.database import db

CROWD, ROUNDS = 32, 200


class Crowd:
    """The same threads for all rounds; everybody begins a round together."""

    def __init__(self, app: Flask, task: Callable[[int, int], str], rounds: int) -> None:
        self._app, self._task, self._rounds = app, task, rounds
        self._gate = threading.Barrier(CROWD)

    def run(self) -> list[Counter[str]]:
        with ThreadPoolExecutor(CROWD) as pool:
            answers = list(pool.map(self._all_rounds, range(CROWD)))
        db.session.rollback()
        return [Counter(one[number] for one in answers) for number in range(self._rounds)]

    def _all_rounds(self, who: int) -> list[str]:
        found = []
        with self._app.app_context():
            for number in range(self._rounds):
                self._gate.wait(120)
                try:
                    found.append(self._task(who, number))
                except DomainError as problem:
                    found.append(problem.error_code)
            db.session.remove()
        return found
