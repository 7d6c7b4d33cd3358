"""One way to write a loop: interpreted while the graph is small, machine code from when that pays.

A few thousand edges are walked as fast by the interpreter, and the compiler alone would double the
memory of a small community's process. Both run the same functions: what the compiler knows and the
interpreter does not (64-bit wrapping, doubles out of single floats) is said in the kernels.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from importlib import import_module
from types import FunctionType
from typing import Any, Final, ParamSpec, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")

INTERPRETED: Final = 4_000  # edges up to which the interpreter does

# In a kernel: a signed 64-bit copy, so that bytes can be subtracted (numba keeps them unsigned).
wide = cast("Callable[[Any], int]", np.int64)
# In a kernel: a double, so that sums of single floats are as exact interpreted as compiled.
double = cast("Callable[[Any], float]", np.float64)

_kernels: dict[str, Kernel] = {}
_lock = threading.RLock()
_state = {"native": False}


def prefetch(array: NDArray[Any], index: int) -> None:
    """In a kernel: ask the memory for `array[index]`, to be used a little later. Interpreted: nothing."""


class Kernel:
    """A function of plain loops over arrays, by whichever way it runs at the moment."""

    __slots__ = ("__wrapped__", "machine", "name")

    def __init__(self, function: FunctionType) -> None:
        self.__wrapped__ = function
        self.name = f"{function.__module__}.{function.__qualname__}"
        self.machine: Callable[..., Any] | None = None

    def __call__(self, *args: Any) -> Any:
        if self.machine is not None:
            return self.machine(*args)
        with np.errstate(over="ignore"):
            answer = self.__wrapped__(*args)
        # Machine code gives Python's own numbers.
        return answer.item() if isinstance(answer, np.generic) else answer


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Make a kernel of `function`."""
    kernel = Kernel(cast(FunctionType, function))
    with _lock:
        _kernels[kernel.name] = kernel
        if _state["native"]:
            return cast("Callable[P, R]", _compile(kernel))
    return cast("Callable[P, R]", kernel)


def native() -> bool:
    """Whether kernels run as machine code by now."""
    return _state["native"]


def expect_edges(count: int) -> None:
    """Compile the kernels when a graph has, or is about to have, more edges than the interpreter should walk."""
    if count > INTERPRETED and not _state["native"]:
        compile_kernels()


def compile_kernels() -> None:
    """From now on all kernels run as machine code, from the cache on disk where it has them."""
    with _lock:
        if not _state["native"]:
            _state["native"] = True
            _bind({prefetch: import_module("graph.machine_code").prefetch})
            _bind({kernel: _compile(kernel) for kernel in _kernels.values()})


def interpret_kernels() -> None:
    """Back to the interpreter; for tests that compare the two."""
    with _lock:
        if _state["native"]:
            _state["native"] = False
            _bind({import_module("graph.machine_code").prefetch: prefetch})
            machines = {kernel.machine: kernel for kernel in _kernels.values() if kernel.machine is not None}
            for kernel in machines.values():
                kernel.machine = None
            _bind(machines)


def _compile(kernel: Kernel) -> Callable[..., Any]:
    made: Callable[..., Any] = import_module("graph.machine_code").compile_function(kernel.__wrapped__)
    kernel.machine = made
    return made


def _bind(instead: dict[Any, Any]) -> None:
    """Let names of modules mean another function: compiled kernels call each other by these names."""
    known = {id(old): new for old, new in instead.items()}
    for name, module in list(sys.modules.items()):
        if name == __name__ or not (name == "graph" or name.startswith("graph.")):
            continue
        for key, value in list(vars(module).items()):
            if id(value) in known:
                setattr(module, key, known[id(value)])
