"""What the tables say of clusters that vouch for each other."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import networkx as nx
from sqlalchemy import select

from app.community.recommendations.models import Recommendation
from app.kernel.clock import clock
from app.people.accounts.models import Member
from app.platform.database import db
from app.trust.vouches.queries import mutual_vouches, vouches_for
from graph import Id
from graph.rings import SMALLEST, Ring, find

_CHUNK = 1000


def look() -> list[Ring]:
    """The rings among the vouches in force, most suspicious first.

    Only members with enough mutual vouches come into question, so the whole graph is never held.
    """
    mutual: nx.Graph[Any] = nx.Graph()
    mutual.add_edges_from(mutual_vouches())
    present = _present(set(nx.k_core(mutual, SMALLEST - 1)) if mutual else set())
    if not present:
        return []
    graph: nx.DiGraph[Any] = nx.DiGraph()
    graph.add_weighted_edges_from(vouches_for(sorted(present)))
    # Who is away takes no part, as in the trust graph.
    there = _present(set(graph))
    graph.remove_nodes_from([one for one in graph if one not in there])
    joined: dict[Id, float] = {}
    joined.update(present.items())
    return find(graph, joined, _endorsed(present))


def _present(members: set[int]) -> dict[int, float]:
    """Those of them who take part now, with the time they joined."""
    now = clock.now()
    found: dict[int, float] = {}
    ids = sorted(members)
    for start in range(0, len(ids), _CHUNK):
        query = select(Member.id, Member.joined_at, Member.suspended_until).where(
            Member.id.in_(ids[start : start + _CHUNK]), Member.active
        )
        for row in db.session.execute(query):
            if row.suspended_until is None or row.suspended_until <= now:
                found[row.id] = row.joined_at.timestamp()
    return found


def _endorsed(members: dict[int, float]) -> dict[Id, set[str]]:
    found: dict[Id, set[str]] = defaultdict(set)
    ids = sorted(members)
    for start in range(0, len(ids), _CHUNK):
        query = select(Recommendation.member_id, Recommendation.item_id).where(
            Recommendation.member_id.in_(ids[start : start + _CHUNK]),
            Recommendation.removed_at.is_(None),
        )
        for row in db.session.execute(query):
            found[row.member_id].add(row.item_id)
    return found
