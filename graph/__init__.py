"""Trust between members of a community: whom a viewer may trust, and by which way.

A library of its own, usable without the application.
"""

from graph.circle import Circle
from graph.errors import GraphError, SnapshotError
from graph.explaining import Explanation
from graph.ids import Id
from graph.trust_graph import TrustGraph
from graph.warming import warm_up

__all__ = ["Circle", "Explanation", "GraphError", "Id", "SnapshotError", "TrustGraph", "warm_up"]
