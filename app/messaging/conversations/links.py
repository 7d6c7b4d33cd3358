"""Links of our own in messages, shown as cards: the slot that `wiring` fills, and the reading.

What a reader may not see stays a bare link. However many links a page of messages has, each kind of
thing is asked for once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.kernel.scripts import UNSPACED
from app.messaging.conversations.values import MessageView
from app.messaging.fraud_signals.queries import own_hosts

MOST: Final = 3  # cards below one message
_PATH = re.compile(
    rf"(?:(?<![\w/.:-])|(?<=[{UNSPACED}]))(?:https?://([\w.-]+)(?::\d+)?)?(/[a-z]{{1,12}}/[0-9A-Za-z_-]{{1,60}})"
    rf"(?:(?![\w/-])|(?=[{UNSPACED}]))"
)


@dataclass(frozen=True, slots=True)
class LinkCard:
    """A thing of this site, small: picture, name, one line, and whose it is."""

    kind: str
    title: str
    url: str
    photo_url: str | None = None
    note: object = ""
    member_id: int | None = None


# Given who reads and the ids in the links: what they may see of them.
Resolver = Callable[[int, Sequence[str]], Mapping[str, LinkCard]]

_kinds: dict[str, Resolver] = {}


def register_links(prefix: str, resolve: Resolver) -> None:
    """The composition root says what stands behind `/prefix/id`; registering again replaces."""
    _kinds[prefix] = resolve


def has_own_link(text: str) -> bool:
    """Whether a card may stand below it."""
    return "/" in text and bool(_found(text, own_hosts()))


def unfurl(reader: int, messages: Iterable[MessageView]) -> dict[str, tuple[LinkCard, ...]]:
    """The cards of each message, by its id."""
    hosts = own_hosts()
    wanted = {one.id: found for one in messages if "/" in one.body and (found := _found(one.body, hosts))}
    ids: dict[str, dict[str, None]] = {}
    for found in wanted.values():
        for prefix, ident in found:
            ids.setdefault(prefix, {})[ident] = None
    known = {prefix: _kinds[prefix](reader, list(some)) for prefix, some in ids.items()}
    return {
        message: tuple(card for prefix, ident in found if (card := known[prefix].get(ident)) is not None)
        for message, found in wanted.items()
    }


def _found(text: str, hosts: frozenset[str]) -> list[tuple[str, str]]:
    found: dict[tuple[str, str], None] = {}
    for host, path in _PATH.findall(text):
        _empty, prefix, ident = path.split("/", 2)
        if prefix in _kinds and (not host or host.lower() in hosts):
            found[prefix, ident] = None
    return list(found)[:MOST]
