"""What can be dropped and built again from the tables."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from app.kernel.errors import NotFound
from app.platform.slots import Slot

Progress = Callable[[int, int], None]
Rebuild = Callable[[Progress], None]

_PROJECTIONS: Slot[dict[str, Rebuild]] = Slot("projections", dict)


def register_projection(app: Flask, name: str, rebuild: Rebuild) -> None:
    """`rebuild(progress)` calls `progress(done, total)` now and then."""
    _PROJECTIONS.on(app)[name] = rebuild


def names() -> list[str]:
    return sorted(_PROJECTIONS.here())


def rebuild(name: str, progress: Progress) -> None:
    """Drop and build again; raises `NotFound` for an unknown name."""
    found = _PROJECTIONS.here().get(name)
    if found is None:
        raise NotFound("There is no projection “%(name)s”; there are: %(known)s.", name=name, known=", ".join(names()))
    found(progress)
