"""Decisions about conversations on plain values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from app.kernel.ids import ConversationId, ListingId, MemberId
from app.kernel.scripts import UNSPACED
from app.messaging.conversations.values import (
    CARD_PREFIX,
    EDITABLE,
    GROUP,
    LISTING,
    MAX_CLIENT_ID_LENGTH,
    MAX_ID_LENGTH,
    MAX_MENTIONS,
    PRIVATE,
)

# New conversations a day, by how far the other one is: (at most so many steps, limit).
START_LIMITS: Final = ((2, "100/day"), (4, "50/day"))
# One group of thirty may begin with people who do not know its founder.
STRANGERS: Final = "40/day"
# About a listing the seller has asked to be written to.
ABOUT_LISTINGS: Final = "60/day"

# A letter before or behind belongs to a word or an address, unless its script knows no spaces.
_MENTION = re.compile(
    rf"(?:(?<![\w@/.])|(?<=[{UNSPACED}]))@([a-z0-9_]{{2,30}})(?:(?![\w@])|(?=[{UNSPACED}]))",
    re.IGNORECASE,
)


def kind_of(others: int, listing_id: ListingId | None) -> str:
    """Two people talk privately or about a listing; more are a group."""
    if others > 1:
        return GROUP
    return LISTING if listing_id else PRIVATE


def pair_key(one: MemberId, other: MemberId, listing_id: ListingId | None) -> str:
    """Make the key of a pair, alike for both, whoever begins."""
    low, high = sorted((one, other))
    return f"{low}:{high}:{listing_id}" if listing_id else f"{low}:{high}"


def client_id_fits(client_id: object) -> bool:
    """A short printable text without spaces around, chosen by the client."""
    return (
        isinstance(client_id, str)
        and 0 < len(client_id) <= MAX_CLIENT_ID_LENGTH
        and client_id.isprintable()
        and client_id == client_id.strip()
        and not client_id.startswith(CARD_PREFIX)
    )


def conversation_id_fits(conversation_id: ConversationId) -> bool:
    """Whether there could be a conversation of this name at all."""
    return len(conversation_id) <= MAX_ID_LENGTH and conversation_id.isascii() and conversation_id.isalnum()


def rounds(conversations: Sequence[str]) -> list[list[int]]:
    """The places of a list, each conversation at most once in a round, and in the order of the list.

    >>> rounds(["a", "b", "a", "a", "b"])
    [[0, 1], [2, 4], [3]]
    """
    found: list[list[int]] = []
    times: Counter[str] = Counter()
    for place, conversation in enumerate(conversations):
        if times[conversation] == len(found):
            found.append([])
        found[times[conversation]].append(place)
        times[conversation] += 1
    return found


def start_limit(distance: int | None, listing_id: ListingId | None) -> tuple[str, str]:
    """(name, limit) of new conversations with somebody who is so far away."""
    for most, limit in START_LIMITS:
        if distance is not None and distance <= most:
            return f"within-{most}", limit
    if listing_id:
        return "listings", ABOUT_LISTINGS
    return "strangers", STRANGERS


def mentioned(text: str) -> list[str]:
    """The handles that a text speaks to, in order, each once."""
    found = dict.fromkeys(match[1].lower() for match in _MENTION.finditer(text))
    return list(found)[:MAX_MENTIONS]


def may_edit(said_at: datetime, now: datetime) -> bool:
    """For two days an author may put it differently."""
    return now - said_at <= EDITABLE
