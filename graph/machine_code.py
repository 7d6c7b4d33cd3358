"""Kernels as machine code by numba; loaded only when they are to run so."""

from collections.abc import Callable
from typing import Any, cast

import numba
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray


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


prefetch = cast("Callable[[NDArray[Any], int], None]", _prefetch)


def compile_function(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile on the first call and keep the result on disk; without the GIL while it runs."""
    make: Any = numba.njit(cache=True, nogil=True, error_model="numpy")
    return cast("Callable[..., Any]", make(function))
