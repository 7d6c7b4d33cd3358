"""What a line of an import file means: decisions on plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from app.kernel.errors import Invalid
from app.kernel.titles import is_title

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_HANDLE = re.compile(r"[a-z0-9_]{2,30}")

MAX_EXTERNAL_ID_LENGTH = 200
MAX_TITLE_LENGTH = 500
MAX_CATEGORY_LENGTH = 60
MAX_DESCRIPTION_LENGTH = 2000
# Times of ratings: from 1970 to the year 2200; what lies outside is no time.
_LATEST = 7_258_118_400
_HIGHEST_RATING = 10**9

_HEADS = {
    "trust": {
        *("truster", "trustor", "trustee", "source", "target", "from", "to", "src", "dst"),
        *("user", "user1", "user2", "user_id", "userid", "member", "weight", "trust", "value"),
    },
    "ratings": {
        *("member", "user", "user_id", "userid", "item", "item_id", "itemid", "movie", "movie_id"),
        *("product", "product_id", "rating", "score", "stars", "time", "timestamp", "unix_time", "date"),
    },
    "items": {
        *("external_id", "id", "item", "item_id", "itemid", "title", "name", "category", "description"),
    },
}


class BadLine(Exception):
    """A line that cannot be taken; the message says why."""


class TrustLine(NamedTuple):
    """0 stands for distrust."""

    truster: str
    trustee: str
    weight: float


class RatingLine(NamedTuple):
    """A rating as given, what it says, and when it was given."""

    member: str
    item: str
    rating: float
    stance: str
    unix_time: int | None


class ItemLine(NamedTuple):
    """What is not given is None."""

    external_id: str
    title: str
    category: str | None
    description: str | None


def is_header(kind: str, fields: list[str]) -> bool:
    """Whether the first line names the columns instead of filling them."""
    words = [field.strip().lower() for field in fields if field.strip()]
    if not words or any(_NUMBER.fullmatch(word) for word in words):
        return False
    if kind == "items":
        return len(words) > 1 and words[0] in _HEADS[kind] and words[1] in _HEADS[kind]
    known = sum(word in _HEADS[kind] for word in words)
    return known >= 2 or (len(words) >= 3 and not any(c.isdigit() for word in words for c in word))


def can_be_data(kind: str, fields: list[str]) -> bool:
    """Whether a line fills the columns that it must, so that no header comes any more."""
    needed = 3 if kind == "ratings" else 2
    return len(fields) >= needed and all(field.strip() for field in fields[:needed])


@lru_cache(maxsize=1 << 17)
def handle_of(external_id: str) -> str:
    """`u<id>` in small letters, as all handles are; raises `BadLine` when that can be no handle."""
    handle = f"u{external_id.lower()}" if external_id.isascii() else ""
    if not _HANDLE.fullmatch(handle):
        raise BadLine(f"“{external_id[:40]}” makes no handle: u<id> is 2 to 30 of a-z, 0-9 and _")
    return handle


class Spellings:
    """Two ids that differ in capitals only would become one member: the first holds, the other is bad."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}

    def check(self, external_id: str) -> None:
        """Raises `BadLine` for another spelling of an id that this run has seen."""
        if external_id.isdigit():
            return
        seen = self._seen.setdefault(external_id.lower(), external_id)
        if seen != external_id:
            raise BadLine(f"“{external_id[:40]}” and “{seen[:40]}” would be one member: handles have no capitals")


@lru_cache(maxsize=4096)
def number(text: str, what: str) -> Fraction:
    """An exact finite number, with a decimal point or comma; raises `BadLine`."""
    if text.count(",") == 1:
        text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        raise BadLine(f"the {what} “{text[:40]}” is no number")
    return Fraction(text)


def parse_trust(fields: list[str]) -> TrustLine:
    """`truster trustee [weight]`."""
    if len(fields) < 2 or not fields[0] or not fields[1]:
        raise BadLine("too few fields: a trust line is “truster trustee [weight]”")
    truster, trustee = handle_of(fields[0]), handle_of(fields[1])
    if truster == trustee:
        raise BadLine("nobody can trust themselves")
    return TrustLine(truster, trustee, weight_of(fields[2]) if len(fields) > 2 and fields[2] else 1.0)


@lru_cache(maxsize=4096)
def weight_of(text: str) -> float:
    """Cut to 1; 0 for distrust; raises `BadLine`."""
    weight = number(text, "weight")
    # A number too small for a float must not become distrust.
    return max(float(min(weight, Fraction(1))), 1e-9) if weight > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale of the ratings, and from where they recommend."""

    low: Fraction
    high: Fraction
    recommend_from: Fraction
    _known: dict[str, tuple[float, str]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def parse(cls, scale: str, recommend_from: str | None) -> Scale:
        """`LOW:HIGH`, and by default the upper third; raises `Invalid`."""
        low_text, colon, high_text = scale.partition(":")
        try:
            low, high = number(low_text.strip(), "scale"), number(high_text.strip(), "scale")
            given = number(recommend_from.strip(), "limit") if recommend_from else None
        except BadLine as problem:
            raise Invalid(f"--scale is LOW:HIGH, such as 1:5; {problem}") from problem
        if not colon or low >= high or max(abs(low), abs(high)) > _HIGHEST_RATING:
            raise Invalid("--scale is LOW:HIGH, such as 1:5, with LOW below HIGH")
        return cls(low, high, high - (high - low) / 3 if given is None else given)

    def judge(self, text: str) -> tuple[float, str]:
        """The rating and its stance; the same few texts come again and again."""
        known = self._known.get(text)
        if known is None:
            known = self._judge(text)
            if len(self._known) < 10_000:
                self._known[text] = known
        return known

    def _judge(self, text: str) -> tuple[float, str]:
        rating = number(text, "rating")
        if not self.low <= rating <= self.high:
            raise BadLine(f"the rating {text[:40]} lies outside {float(self.low):g}:{float(self.high):g}")
        if rating >= self.recommend_from:
            return float(rating), "recommend"
        lowest_third = self.low + (self.high - self.low) / 3
        return float(rating), "avoid" if rating <= lowest_third else "neutral"

    def parse_rating(self, fields: list[str]) -> RatingLine:
        """`member item rating [unix_time]`; a time that is none is left out."""
        if len(fields) < 3 or not all(fields[:3]):
            raise BadLine("too few fields: a rating line is “member item rating [unix_time]”")
        member, item = handle_of(fields[0]), external_id(fields[1])
        rating, stance = self.judge(fields[2])
        return RatingLine(member, item, rating, stance, _time(fields[3] if len(fields) > 3 else ""))


def parse_item(fields: list[str]) -> ItemLine:
    """`external_id,title[,category[,description]]`."""
    fields = [" ".join(field.split()) for field in fields[:3]] + [field.strip() for field in fields[3:]]
    if len(fields) < 2 or not fields[0] or not fields[1]:
        raise BadLine("too few fields: an item line is “external_id,title[,category[,description]]”")
    if not is_title(fields[1]):
        raise BadLine("an item's title needs at least two letters or digits, or a word of one sign")
    rest = [*fields[2:4], "", ""]
    return ItemLine(
        external_id(fields[0]),
        _cut(fields[1], MAX_TITLE_LENGTH),
        _cut(rest[0], MAX_CATEGORY_LENGTH) or None,
        _cut(rest[1], MAX_DESCRIPTION_LENGTH) or None,
    )


def external_id(text: str) -> str:
    """An item's id as given; raises `BadLine`."""
    if len(text) > MAX_EXTERNAL_ID_LENGTH or not text.isprintable():
        raise BadLine(f"an item's id has at most {MAX_EXTERNAL_ID_LENGTH} printable characters")
    return text


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _time(text: str) -> int | None:
    if text.isdecimal() and text.isascii() and len(text) < 20:
        seconds = int(text)
    elif _NUMBER.fullmatch(text):
        seconds = int(number(text, "time"))
    else:
        return None
    return seconds if 0 < seconds < _LATEST else None
