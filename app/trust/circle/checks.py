"""Invariants of trust, for `kinmarket check`."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.platform.database import db
from app.trust.circle.edge_reader import all_ties
from app.trust.circle.live_graph import live_graph
from app.trust.circle.log_changes import newest
from app.trust.circle.rules import weigh
from graph.store.weights import ERROR, SMALLEST


def graph_equals_tables() -> Iterator[str]:
    """The graph, as it followed the log, has the edges that the tables say."""
    trust = live_graph().trust()
    place = newest(db.session)
    found = weigh([*all_ties(db.session), *live_graph().joined()], clock.now())
    if place.id != live_graph().stats().last_event:
        return  # somebody wrote meanwhile; the next run compares again
    weights = found.weights
    if trust.edges != len(weights):
        yield f"the graph has {trust.edges} edges, the tables say {len(weights)}"
    wrong = [
        f"{a} -> {b}: {trust.edge_weight(a, b):.3f} in the graph, {weight:.3f} in the tables"
        for (a, b), weight in weights.items()
        # The graph keeps ratios, not decimals; a vouch for a topic is rounded twice.
        if not isclose(trust.edge_weight(a, b), max(weight, SMALLEST), rel_tol=2 * ERROR)
    ]
    yield from wrong[:20]


def referrals_have_no_circle() -> Iterator[str]:
    """Nobody was invited by somebody whom they themselves brought."""
    inviter = {tie.target: tie.source for tie in all_ties(db.session) if tie.kind == "referral"}
    done: set[MemberId] = set()
    for start in inviter:
        way: list[MemberId] = []
        one: MemberId | None = start
        while one is not None and one not in done and one not in way:
            way.append(one)
            one = inviter.get(one)
        if one is not None and one in way:
            yield f"referrals go in a circle through member {one}"
        done.update(way)


CHECKS = {"trust graph": graph_equals_tables, "referrals": referrals_have_no_circle}
