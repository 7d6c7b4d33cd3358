"""Giving a graph the shape that the ties say."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from app.trust.circle.rules import Pair, Ties
from graph import TrustGraph


def shape_new(members: Iterable[int], ties: Ties) -> TrustGraph:
    """A graph of everybody."""
    trust = TrustGraph()
    for member_id in members:
        if member_id not in ties.absent:
            trust.add_member(member_id)
    if ties.weights:
        pairs = np.array(list(ties.weights), np.int64)
        weights = np.fromiter(ties.weights.values(), np.float64, len(ties.weights))
        trust.add_edges(pairs[:, 0], pairs[:, 1], weights)
    for a, b in sorted(ties.hidden):
        trust.block(a, b)
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
    affected |= {p for p in (*ties.weights, *ties.hidden) if around.intersection(p)}
    for a, b in sorted(affected):
        if a in ties.absent or b in ties.absent:
            continue
        if (a, b) in ties.hidden:
            trust.block(a, b)
        else:
            trust.unblock(a, b)
        if (a, b) in ties.weights:
            trust.add_edge(a, b, ties.weights[a, b])
        else:
            trust.remove_edge(a, b)
