"""One way to compile a loop, so that every kernel is cached on disk and releases the GIL."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba
import numpy as np

P = ParamSpec("P")
R = TypeVar("R")

# In a kernel: a signed 64-bit copy, so that bytes can be subtracted (numba keeps them unsigned).
wide = cast("Callable[[Any], int]", np.int64)


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` with numba on its first call and keep the result on disk."""
    make: Any = numba.njit(cache=True, nogil=True, error_model="numpy")
    return cast("Callable[P, R]", make(function))
