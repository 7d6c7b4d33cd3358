"""Modules that are loaded when something of them is first asked for.

Whatever is imported at the top of a file is waited for by every start of the program. What takes
long to load and few requests or commands need waits here for the first of them instead.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module: `nx = Later("networkx")`, for the type checker `import networkx as nx`.

    >>> Later("math").floor(1.5)
    1
    """

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        """What the module has of that name; the first question loads it."""
        return getattr(import_module(self._name), attribute)
