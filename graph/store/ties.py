"""What an edge is made of, kept beside it only where a number alone does not say it.

Most edges are one vouch and need nothing here. An edge that has another kind,
a topic or an end, or that several ties make together, has its ties in a
dictionary; what the pool holds is their strongest.
"""

import heapq
from dataclasses import dataclass

from graph.arguments import whole
from graph.kinds import Index
from graph.store.weights import WEIGHTS, encoded

VOUCH, REFERRAL, TRADE = "vouch", "referral", "trade"
STRENGTHS = {"acquainted": 0.3, "trust": 0.6, "trust_fully": 1.0, "referral": 0.4}
ELSEWHERE = 0.5  # what a vouch for one topic counts outside it
OUTDATED = 64  # ends of ties that are no more, before they are swept out


def trade_strength(orders: int) -> float:
    """0.2 for a first completed order, growing with repeats to 0.5.

    >>> [round(trade_strength(n), 3) for n in (1, 2, 5, 100)]
    [0.2, 0.26, 0.377, 0.5]
    """
    return 0.5 - 0.3 * 0.8 ** (whole(orders, "the number of orders", least=1) - 1)


@dataclass(frozen=True, slots=True)
class Tie:
    """One reason for an edge; `code` is its strength as it is stored."""

    kind: str
    code: int
    topic: str | None = None
    until: float | None = None

    @property
    def weight(self) -> float:
        """Its strength, where its topic is asked for."""
        return float(WEIGHTS[self.code])

    @property
    def plain(self) -> bool:
        """RecommendationView by the number alone."""
        return self.kind == VOUCH and self.topic is None and self.until is None

    def counts(self, topic: str | None = None) -> int:
        """The code of its strength when that topic is asked for."""
        if self.topic is None or self.topic == topic:
            return self.code
        return encoded(self.weight * ELSEWHERE)


def key_of(source: int, target: int) -> int:
    """One number for a pair of indices."""
    return source << 32 | target


def pair_of(key: int) -> tuple[int, int]:
    """The pair of indices behind a key."""
    return key >> 32, key & 0xFFFFFFFF


def strongest(ties: tuple[Tie, ...], topic: str | None = None) -> int:
    """The code of what several ties count together; 0 for none."""
    return max((tie.counts(topic) for tie in ties), default=0)


class Ties:
    """The ties of those edges that are more than one plain vouch."""

    def __init__(self) -> None:
        self.made_of: dict[int, tuple[Tie, ...]] = {}
        self.topics: dict[str, set[int]] = {}
        self.ends: list[tuple[float, int]] = []  # a heap; some are of ties that are no more
        self._ending = 0  # how many are not

    def __len__(self) -> int:
        return len(self.made_of)

    def of(self, key: int, code: int) -> tuple[Tie, ...]:
        """The ties of an edge that the pool holds with this code (0: no edge)."""
        return self.made_of.get(key) or ((Tie(VOUCH, code),) if code else ())

    def set(self, key: int, ties: tuple[Tie, ...]) -> int:
        """Keep the ties of an edge, and say what they count together."""
        before = self.made_of.pop(key, ())
        self._ending -= sum(tie.until is not None for tie in before)
        for topic in {tie.topic for tie in before if tie.topic is not None}:
            self.topics[topic].discard(key)
            if not self.topics[topic]:
                del self.topics[topic]
        if any(not tie.plain for tie in ties):
            self.made_of[key] = ties
            for tie in ties:
                if tie.topic is not None:
                    self.topics.setdefault(tie.topic, set()).add(key)
                if tie.until is not None:
                    self._ending += 1
                    heapq.heappush(self.ends, (tie.until, key))
        if len(self.ends) > 2 * self._ending + OUTDATED:
            self._sweep()
        return strongest(ties)

    def due(self, now: float) -> bool:
        """Whether something has ended."""
        return bool(self.ends) and self.ends[0][0] <= now

    def ended(self, now: float) -> dict[int, int]:
        """Take out what has ended: edges and what is left of their weight."""
        keys = set()
        while self.due(now):
            keys.add(heapq.heappop(self.ends)[1])
        left = {key: self._left(key, now) for key in keys if key in self.made_of}
        return {key: self.set(key, ties) for key, ties in left.items()}

    def _left(self, key: int, now: float) -> tuple[Tie, ...]:
        return tuple(tie for tie in self.made_of[key] if tie.until is None or tie.until > now)

    def on_topic(self, topic: str) -> dict[int, int]:
        """The codes that edges have when this topic is asked for."""
        keys = self.topics.get(topic, ())
        return {key: strongest(self.made_of[key], topic) for key in keys}

    def forget(self, index: int) -> None:
        """Drop every tie from and to a member."""
        for key in [key for key in self.made_of if index in pair_of(key)]:
            self.set(key, ())

    def permute(self, new: Index) -> None:
        """Follow the members to their new indices."""

        def moved(key: int) -> int:
            source, target = pair_of(key)
            return key_of(int(new[source]), int(new[target]))

        self.made_of = {moved(key): ties for key, ties in self.made_of.items()}
        self.topics = {topic: set(map(moved, keys)) for topic, keys in self.topics.items()}
        self._sweep()

    def _sweep(self) -> None:
        """Keep the ends of those ties alone that are there."""
        self.ends = [(tie.until, key) for key, ties in self.made_of.items() for tie in ties if tie.until is not None]
        heapq.heapify(self.ends)
