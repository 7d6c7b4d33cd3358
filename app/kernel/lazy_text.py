"""Texts that become words of a language only when somebody reads them."""

from __future__ import annotations

from typing import Protocol


class LazyText(Protocol):
    """A text, or what `lazy_gettext` gives in its place, which is put into the reader's language by `str`."""

    def __str__(self) -> str: ...

    def __len__(self) -> int: ...

    def __contains__(self, part: str, /) -> bool: ...

    def __add__(self, other: str, /) -> str: ...
