"""One way to compile a loop, so that every kernel is cached on disk and releases the GIL."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")

# In a kernel: a signed 64-bit copy, so that bytes can be subtracted (numba keeps them unsigned).
wide = cast("Callable[[Any], int]", np.int64)


@intrinsic
def _prefetch(typing_context: Any, array: Any, index: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        address = builder.bitcast(builder.gep(data, [arguments[1]]), ir.IntType(8).as_pointer())
        flag = ir.IntType(32)
        signature_of = ir.FunctionType(ir.VoidType(), [address.type, flag, flag, flag])
        insert: Any = cgutils.get_or_insert_function
        hint = insert(builder.module, signature_of, "llvm.prefetch.p0")
        builder.call(hint, [address, flag(0), flag(3), flag(1)])
        return context.get_dummy_value()

    return types.void(array, types.intp), generate


# In a kernel: ask the memory for `array[index]`, to be used a little later.
prefetch = cast("Callable[[NDArray[Any], int], None]", _prefetch)


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` with numba on its first call and keep the result on disk."""
    make: Any = numba.njit(cache=True, nogil=True, error_model="numpy")
    return cast("Callable[P, R]", make(function))
