"""Decisions about conversations on plain values."""

from __future__ import annotations

from app.community.chat.values import GROUP, LISTING, LONGEST_CLIENT_ID, PRIVATE


def kind_of(others: int, listing_id: str | None) -> str:
    """Two people talk privately or about a listing; more are a group."""
    if others > 1:
        return GROUP
    return LISTING if listing_id else PRIVATE


def pair_key(one: int, other: int, listing_id: str | None) -> str:
    """The same for both of the two, whoever begins."""
    low, high = sorted((one, other))
    return f"{low}:{high}:{listing_id}" if listing_id else f"{low}:{high}"


def client_id_fits(client_id: object) -> bool:
    """A short printable text without spaces around, chosen by the client."""
    return (
        isinstance(client_id, str)
        and 0 < len(client_id) <= LONGEST_CLIENT_ID
        and client_id.isprintable()
        and client_id == client_id.strip()
    )
