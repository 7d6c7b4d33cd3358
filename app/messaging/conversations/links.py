"""Links of our own in messages, shown as cards.

What a reader may not see stays a bare link. However many links a page of messages has, each kind of
thing is asked for once.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.kernel.ids import MemberId
from app.kernel.scripts import UNSPACED
from app.kernel.subjects import Subject
from app.messaging.conversations.values import MessageView
from app.messaging.fraud_signals.queries import own_hosts
from app.platform.photo_urls import photo_url
from app.platform.subjects import Kind, State, facts_of, kinds, visible

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
    note: str = ""
    member_id: MemberId | None = None


def unfurl(reader: MemberId, messages: Iterable[MessageView]) -> dict[str, tuple[LinkCard, ...]]:
    """The cards of each message, by its id."""
    hosts = own_hosts()
    linked = {kind.link: kind for kind in kinds().values() if kind.link}
    wanted = {one.id: found for one in messages if "/" in one.body and (found := _found(one.body, hosts, linked))}
    ids: dict[str, dict[str, None]] = {}
    for found in wanted.values():
        for prefix, ident in found:
            ids.setdefault(prefix, {})[ident] = None
    known = {prefix: _cards(linked[prefix], reader, list(some)) for prefix, some in ids.items()}
    return {
        message: tuple(card for prefix, ident in found if (card := known[prefix].get(ident)) is not None)
        for message, found in wanted.items()
    }


def _cards(kind: Kind, reader: MemberId, names: Sequence[str]) -> dict[str, LinkCard]:
    """Cards of what the reader may see, by the names in the links."""
    ids = kind.named(names) if kind.named else {one: one for one in names}
    seen = visible(reader, kind.name, ids.values())
    known = facts_of(Subject(kind.name, ident) for ident in seen)
    found = {}
    for name, ident in ids.items():
        facts = known.get(Subject(kind.name, ident))
        if facts is not None and facts.state is not State.REMOVED:
            size = "thumb" if kind.name == "member" else "card"
            found[name] = LinkCard(
                kind=kind.name,
                title=facts.title,
                url=facts.url,
                photo_url=photo_url(facts.photo_id, size) if facts.photo_id else None,
                note=facts.note,
                member_id=facts.owner_id,
            )
    return found


def is_link_alone(text: str) -> bool:
    """Whether a message is nothing but one link, whose card says all of it."""
    return _PATH.fullmatch(text.strip()) is not None


def _found(text: str, hosts: frozenset[str], prefixes: Container[str]) -> list[tuple[str, str]]:
    found: dict[tuple[str, str], None] = {}
    for host, path in _PATH.findall(text):
        _empty, prefix, ident = path.split("/", 2)
        if prefix in prefixes and (not host or host.lower() in hosts):
            found[prefix, ident] = None
    return list(found)[:MOST]
