"""What an import is given, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# progress(file, bytes read, bytes in all)
Progress = Callable[[Path, int, int], None]


@dataclass(frozen=True, slots=True)
class Files:
    """Trust statements, and what else there is."""

    trust: Path
    ratings: Path | None = None
    items: Path | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """Distinct members, items and pairs found in the files, and lines rejected."""

    members: int
    items: int
    recommendations: int
    trust: int
    rejected: int

    def line(self) -> str:
        return (
            f"imported members={self.members} items={self.items} "
            f"recommendations={self.recommendations} trust={self.trust} rejected={self.rejected}"
        )
