"""What must hold inside a trust graph after every step, whatever was done to it.

These look behind the public names on purpose: a fault in the id table shows itself to
users many steps later, in another member's name.
"""

from itertools import pairwise

import numpy as np
import pytest

from graph import TrustGraph
from graph.store.adjacency import CLASSES, Adjacency, class_room, words
from graph.store.ids import EMPTY, Ids
from graph.store.ties import OUTDATED, Ties, pair_of
from graph.store.weights import WEIGHTS


def check_ids(ids: Ids, known: set[int | str]) -> None:
    """Both directions agree with each other and with what should be known."""
    used = set(ids.indices().tolist())
    free = ids.free
    assert len(ids) == len(known) == len(used)
    assert len(set(free)) == len(free)
    assert used.isdisjoint(free)
    assert used.union(free) == set(range(ids.count))
    assert set(ids.all()) == known
    for who in known:
        index = ids.find(who)
        assert index in used
        assert ids.of(index) == who
        assert type(ids.of(index)) is type(who)
    entries = ids.table[ids.table != EMPTY].tolist()
    assert sorted(entries) == sorted(used.difference(ids.named))
    # An unknown id is looked for until an empty place: there must be one, however much was taken out.
    assert len(entries) < ids.table.shape[0]
    assert ids.named.keys() <= used


def check_graph(g: TrustGraph, known: set[int | str]) -> None:
    """Ids, edges, ties, blocks and reports speak of members there are, and nothing is kept for others."""
    check_ids(g._ids, known)
    used = set(g._ids.indices().tolist())
    check_slabs(g._adjacency, used)
    check_ties(g._ties, used)
    for who, held in g._blocks.items():
        assert held
        assert used.issuperset((who, *held))
        assert not held.keys() & set(g._adjacency.run(who)[0].tolist())
    for who, named in g._reports.items():
        assert named
        assert used.issuperset((who, *named))


def check_slabs(adjacency: Adjacency, used: set[int]) -> None:
    """Each run is whole, and no two share a place in the pool."""
    taken, edges = [], 0
    for member in range(adjacency.members):
        others, codes = adjacency.run(member)
        begin, size, room, _ = adjacency.rows[4 * member : 4 * member + 4].tolist()
        assert 0 <= size <= room
        assert size == 0 or member in used
        assert used.issuperset(others.tolist())
        assert member not in others
        assert len(set(others.tolist())) == size
        assert adjacency.rows.view(np.float32)[4 * member + 3] == pytest.approx(WEIGHTS[codes].sum(), rel=1e-6)
        edges += size
        if room:
            taken.append((begin, begin + words(room)))
    assert edges == adjacency.edges
    for size_class in range(CLASSES):
        place = int(adjacency.free[size_class])
        while place >= 0:
            taken.append((place, place + words(class_room(size_class))))
            place = int(adjacency.pool[place])
    if adjacency._incoming is not None:
        given = {(a, b) for a in range(adjacency.members) for b in adjacency.run(a)[0].tolist()}
        back = adjacency.incoming()
        assert sorted(given) == sorted((a, b) for b in range(adjacency.members) for a in back.of(b).tolist())
    taken.sort()
    assert all(end <= begin for (_, end), (begin, _) in pairwise(taken))
    assert not taken or taken[-1][1] <= adjacency.free[-1] <= adjacency.pool.shape[0]


def check_ties(ties: Ties, used: set[int]) -> None:
    """Topics and ends are those of the ties, and not many more."""
    topics: dict[str, set[int]] = {}
    ends = []
    for key, made in ties.made_of.items():
        assert used.issuperset(pair_of(key))
        assert any(not tie.plain for tie in made)
        assert len({(tie.kind, tie.topic) for tie in made}) == len(made)
        for tie in made:
            if tie.topic is not None:
                topics.setdefault(tie.topic, set()).add(key)
            if tie.until is not None:
                ends.append((tie.until, key))
    assert ties.topics == topics
    assert set(ends) <= set(ties.ends)
    assert len(ties.ends) <= 2 * len(ends) + OUTDATED
