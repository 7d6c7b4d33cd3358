"""Trust between members of a community: whom a viewer may trust, and by which way.

A library of its own, usable without the application. What needs compiled
kernels is loaded when it is first named, so that whoever only wants a
constant or a small rule from a module below waits for nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from graph.errors import GraphError, SnapshotError

if TYPE_CHECKING:
    from graph.circle import Circle
    from graph.kinds import Id
    from graph.paths.explaining import Explanation
    from graph.trust_graph import TrustGraph
    from graph.warming import warm_up

__all__ = ["Circle", "Explanation", "GraphError", "Id", "SnapshotError", "TrustGraph", "warm_up"]

_LATER = {
    "Circle": "graph.circle",
    "Explanation": "graph.paths.explaining",
    "Id": "graph.kinds",
    "TrustGraph": "graph.trust_graph",
    "warm_up": "graph.warming",
}


if not TYPE_CHECKING:  # so that a name that is nowhere is found by the type checker

    def __getattr__(name: str) -> Any:
        """What needs the kernels, loaded when it is first named."""
        if name in _LATER:
            return getattr(import_module(_LATER[name]), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
