"""What a bank account must look like."""

from __future__ import annotations

from app.kernel.errors import Invalid

MAX_HOLDER_LENGTH = 70


def check_holder(name: str) -> str:
    """The name as banks take it."""
    plain = " ".join(name.split())
    if not plain or len(plain) > MAX_HOLDER_LENGTH or not plain.isprintable():
        raise Invalid("Write the account holder’s name, up to 70 characters.", code="bad_holder")
    return plain
