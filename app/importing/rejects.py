"""The file beside an import file that says which lines were not taken, and why."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self, TextIO


class Rejects:
    """`FILE.rejects`: line number, reason and the line, separated by tabs.

    Written anew at each run, and gone when no line was bad. Where the folder cannot be written to,
    the file is put into `fallback`.
    """

    def __init__(self, source: Path, fallback: Path) -> None:
        self.count = 0
        self.path = source.with_name(f"{source.name}.rejects")
        self._fallback = fallback / self.path.name
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        for path in (self.path, self._fallback):
            try:
                path.unlink(missing_ok=True)
            except OSError:
                continue  # a folder that cannot be written to: `_open` takes the other one
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, number: int, reason: str, line: str) -> None:
        """Count and write down one bad line."""
        self.count += 1
        if self._file is None:
            self._file = self._open()
        # A record of several lines stays one line here.
        shown = line.replace("\r", "\\r").replace("\n", "\\n")
        self._file.write(f"{number}\t{reason}\t{shown}\n")

    def _open(self) -> TextIO:
        try:
            return self.path.open("w", encoding="utf-8")
        except OSError:
            self._fallback.parent.mkdir(parents=True, exist_ok=True)
            self.path = self._fallback
            return self.path.open("w", encoding="utf-8")
