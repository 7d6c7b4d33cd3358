"""Giving a graph the shape that the ties say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

import graph
from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.trust.circle.rules import Pair, Strand, Ties

if TYPE_CHECKING:
    from graph import TrustGraph


def seconds() -> float:
    """The time by which the graph lets vouches end."""
    return clock.now().timestamp()


def shape_new(members: Iterable[MemberId], ties: Ties) -> TrustGraph:
    """A graph of everybody."""
    trust = graph.TrustGraph(seconds)  # named here, so that its kernels load when they are needed
    for member_id in members:
        if member_id not in ties.absent:
            trust.add_member(member_id)
    plain = {
        pair: strands[0].weight for pair, strands in ties.made_of.items() if len(strands) == 1 and strands[0].plain
    }
    if plain:
        pairs = np.array(list(plain), np.int64)
        weights = np.fromiter(plain.values(), np.float64, len(plain))
        trust.add_edges(pairs[:, 0], pairs[:, 1], weights)
    for pair, strands in ties.made_of.items():
        if pair not in plain:
            _lay(trust, pair, strands)
    for a, b in sorted(ties.hidden):
        trust.block(a, b)
    for a, b in sorted(ties.reported):
        trust.report(a, b)
    return trust


def reshape(trust: TrustGraph, pairs: Iterable[Pair], ties: Ties) -> None:
    """Bring the graph to what holds between these pairs; the same twice: around that member."""
    pairs = list(pairs)
    around = {a for a, b in pairs if a == b}
    for member_id in sorted(around | ties.absent):
        trust.remove_member(member_id)
        if member_id not in ties.absent:
            trust.add_member(member_id)
    affected = {p for a, b in pairs if a != b for p in ((a, b), (b, a))}
    said = (*ties.made_of, *ties.hidden, *ties.reported)
    affected |= {p for p in said if around.intersection(p)}
    for a, b in sorted(affected):
        if a in ties.absent or b in ties.absent:
            continue
        if (a, b) in ties.hidden:
            trust.block(a, b)
        else:
            trust.unblock(a, b)
        if (a, b) in ties.reported:
            trust.report(a, b)
        else:
            trust.withdraw_report(a, b)
        _lay(trust, (a, b), ties.made_of.get((a, b), ()))


def _lay(trust: TrustGraph, pair: Pair, strands: tuple[Strand, ...]) -> None:
    """New strands first, so that an edge which only changes is never gone between."""
    for one in strands:
        until = None if one.until is None else one.until.timestamp()
        trust.add_edge(*pair, one.weight, kind=one.kind, topic=one.topic, until=until)
    kept = {(one.kind, one.topic) for one in strands}
    for old in trust.ties(*pair):
        if (old.kind, old.topic) not in kept:
            trust.remove_edge(*pair, kind=old.kind, topic=old.topic)
