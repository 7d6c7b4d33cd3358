"""A made-up town of any size, written straight into the tables: what pages cost as a community grows.

At scale 1: 100,000 members, a million vouches, a million recommendations (one item has 50,000 of
them, fifty have 2,000 and more), 200,000 listings, a million messages. Same seed, same town.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import insert, text

from app.community.items.models import Item
from app.community.recommendations.models import Recommendation
from app.market.listings.models import Listing
from app.messaging.conversations.models import Conversation, Message, Participant
from app.people.accounts.models import Member
from app.platform.database import db, unit_of_work
from app.platform.places.tables import KnownPlace, KnownTown
from app.trust.vouches.models import Vouch

BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
STANCES = ("recommend", "recommend", "recommend", "neutral", "avoid")
CATEGORIES = ("home", "kitchen", "bikes", "music", "books", "garden", "sport")
NOUNS = ("lamp", "chair", "teapot", "bicycle", "guitar", "jacket", "shelf", "tent", "kettle", "茶壺")
_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many of each."""

    members: int = 100_000
    edges: int = 1_000_000
    items: int = 50_000
    recommendations: int = 1_000_000
    popular: int = 50_000
    listings: int = 200_000
    messages: int = 1_000_000

    def scaled(self, by: float) -> Sizes:
        """The same town, smaller or larger."""
        return Sizes(*(max(20, int(getattr(self, name) * by)) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Town:
    """Who and what a measurement asks for."""

    viewer: str
    viewer_id: int
    popular: str
    conversation: str


def build_town(sizes: Sizes, seed: int = 5) -> Town:
    """Fill the empty database of the current application."""
    dice = Random(seed)
    with unit_of_work():
        _store(KnownTown, _TOWNS)
        _store(KnownPlace, [{"key": one["name"].lower(), "town_id": one["id"]} for one in _TOWNS])
        _store(Member, _members(sizes))
        _store(Vouch, _vouches(sizes, dice))
        _store(Item, _items(sizes, dice))
        _store(Recommendation, _recommendations(sizes, dice))
        _store(Listing, _listings(sizes, dice))
        _store(Conversation, _conversations(sizes))
        _store(Participant, _participants(sizes))
        _store(Message, _messages(sizes, dice))
    with unit_of_work():
        db.session.execute(text("ANALYZE"))
    return TOWN


def _store(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    source = iter(rows)
    while batch := list(islice(source, _BATCH)):
        db.session.execute(insert(model), batch)


def _id(kind: str, number: int) -> str:
    return f"{number:025d}{kind}".upper()


_TOWNS = [
    {"id": 1, "name": "Lund", "country": "SE", "latitude": 55.71, "longitude": 13.19},
    {"id": 2, "name": "Malmo", "country": "SE", "latitude": 55.61, "longitude": 13.0},
    {"id": 3, "name": "Kiruna", "country": "SE", "latitude": 67.86, "longitude": 20.23},
]
TOWN = Town("m1", 1, _id("i", 0), _id("c", 0))


def _members(sizes: Sizes) -> Iterator[dict[str, Any]]:
    for n in range(1, sizes.members + 1):
        yield {
            "id": n, "handle": f"m{n}", "name": f"Member {n}", "fs_uniquifier": f"f{n}",
            "active": True, "joined_at": BEGAN + timedelta(seconds=n),
        }  # fmt: skip


def _vouches(sizes: Sizes, dice: Random) -> Iterator[dict[str, Any]]:
    """Mostly among neighbours, some across the town, as in real communities."""
    seen: set[tuple[int, int]] = set()
    while len(seen) < sizes.edges:
        one = dice.randint(1, sizes.members)
        other = (
            (one + int(dice.expovariate(1 / 60)) - 1) % sizes.members + 1
            if dice.random() < 0.8
            else dice.randint(1, sizes.members)
        )
        if one == other or (one, other) in seen:
            continue
        seen.add((one, other))
        yield {"truster_id": one, "trustee_id": other, "weight": dice.choice((0.3, 0.6, 1.0)), "strength": "trust"}


def _items(sizes: Sizes, dice: Random) -> Iterator[dict[str, Any]]:
    for n in range(sizes.items):
        yield {
            "id": _id("i", n), "title": f"{dice.choice(NOUNS)} {n}", "category": dice.choice(CATEGORIES),
            "created_at": BEGAN + timedelta(seconds=n),
        }  # fmt: skip


def _recommendations(sizes: Sizes, dice: Random) -> Iterator[dict[str, Any]]:
    number = 0
    popular = min(sizes.popular, sizes.members)
    for member in range(1, popular + 1):
        yield _recommendation(number, 0, member, dice)
        number += 1
    seen: set[tuple[int, int]] = set()
    while number < sizes.recommendations:
        pair = (1 + int((sizes.items - 1) * dice.random() ** 3), dice.randint(1, sizes.members))
        if pair in seen:
            continue
        seen.add(pair)
        yield _recommendation(number, *pair, dice)
        number += 1


def _recommendation(number: int, item: int, member: int, dice: Random) -> dict[str, Any]:
    at = BEGAN + timedelta(seconds=number * 30)
    return {
        "id": _id("r", number), "item_id": _id("i", item), "member_id": member, "stance": dice.choice(STANCES),
        "text": "Good value, holds up well." if number % 3 else "", "created_at": at, "updated_at": at,
        "helpful_count": int(dice.random() ** 8 * 40),
    }  # fmt: skip


def _place(number: int) -> dict[str, Any]:
    """Most in Lund, many in Malmo, one of 500 in Kiruna."""
    town = _TOWNS[2 if number % 500 == 0 else 1 if number % 3 == 0 else 0]
    return {"place": town["name"], "place_key": town["name"].lower(), "town_id": town["id"]}


def _listings(sizes: Sizes, dice: Random) -> Iterator[dict[str, Any]]:
    for n in range(sizes.listings):
        at = BEGAN + timedelta(seconds=n * 150)
        yield {
            "id": _id("l", n), "seller_id": 1 + int(sizes.members * dice.random() ** 2) % sizes.members,
            "kind": dice.choice(("sale", "sale", "give", "swap")), "title": f"{dice.choice(NOUNS)} {n}",
            "description": "Hardly used; to be fetched.", "category": dice.choice(CATEGORIES), "condition": "good",
            "price_minor": dice.randint(1, 500) * 100, "currency": "EUR", **_place(n),
            "status": "active", "created_at": at, "updated_at": at,
        }  # fmt: skip


def _conversations(sizes: Sizes) -> Iterator[dict[str, Any]]:
    """The viewer's room holds a tenth of all messages, the rest stand in rooms of a thousand."""
    for n, count in enumerate(_room_sizes(sizes)):
        yield {
            "id": _id("c", n), "kind": "group", "title": f"Room {n}", "last_seq": count,
            "started_at": BEGAN, "last_at": BEGAN + timedelta(seconds=n),
        }  # fmt: skip


def _room_sizes(sizes: Sizes) -> list[int]:
    first = sizes.messages // 10
    each = 1000
    return [first, *([each] * ((sizes.messages - first) // each))]


def _participants(sizes: Sizes) -> Iterator[dict[str, Any]]:
    for n, _count in enumerate(_room_sizes(sizes)):
        for member in {1, 2 + n % (sizes.members - 1)} if n < 50 else {2 + n % (sizes.members - 1), 3}:
            yield {"conversation_id": _id("c", n), "member_id": member}


def _messages(sizes: Sizes, dice: Random) -> Iterator[dict[str, Any]]:
    number = 0
    for room, count in enumerate(_room_sizes(sizes)):
        for seq in range(1, count + 1):
            words = f"{dice.choice(NOUNS)} {dice.randint(1, 50_000)} at {dice.choice(CATEGORIES)}"
            yield {
                "id": _id("m", number), "conversation_id": _id("c", room), "seq": seq, "client_id": f"k{number}",
                "author_id": 1 if seq % 2 and room < 50 else 2 + room % (sizes.members - 1), "body": words,
                "folded": words, "at": BEGAN + timedelta(seconds=number),
            }  # fmt: skip
            number += 1
