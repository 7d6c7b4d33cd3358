"""A bar for commands that take their time."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.progress import Progress


def progress(label: str) -> tuple[Progress, Callable[[int, int], None]]:
    """A bar, and the function that moves it: done, of how many."""
    bar = Progress(console=Console(stderr=True))
    task = bar.add_task(label, total=None)

    def step(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)

    return bar, step
