"""What can be dropped and built again from the tables."""

from __future__ import annotations

from collections.abc import Callable

from app.kernel.errors import NotFound

Progress = Callable[[int, int], None]
Rebuild = Callable[[Progress], None]

_projections: dict[str, Rebuild] = {}


def register_projection(name: str, rebuild: Rebuild) -> None:
    """`rebuild(progress)` calls `progress(done, total)` now and then."""
    _projections[name] = rebuild


def names() -> list[str]:
    return sorted(_projections)


def rebuild(name: str, progress: Progress) -> None:
    """Drop and build again; raises `NotFound` for an unknown name."""
    if name not in _projections:
        raise NotFound("There is no projection “%(name)s”; there are: %(known)s.", name=name, known=", ".join(names()))
    _projections[name](progress)
