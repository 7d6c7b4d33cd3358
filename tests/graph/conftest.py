"""Kernels run as machine code in these tests, as in every community of some size, and interpreted where asked."""

from __future__ import annotations

import pytest

from graph.compiling import compile_kernels, interpret_kernels

# What decides whether an answer is right is asked of both.
BOTH = {"test_exact", "test_machine", "test_ties"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kernels" in metafunc.fixturenames:
        both = metafunc.module.__name__.rsplit(".", 1)[-1] in BOTH
        metafunc.parametrize("kernels", ["compiled", "interpreted"] if both else ["compiled"], indirect=True)


@pytest.fixture(autouse=True)
def kernels(request: pytest.FixtureRequest) -> str:
    kind: str = getattr(request, "param", "compiled")
    if kind == "compiled":
        compile_kernels()
    else:
        interpret_kernels()
    return kind
