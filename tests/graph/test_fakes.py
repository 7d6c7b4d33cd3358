"""What fake accounts can gain is bounded by the trust real people gave into them."""

import numpy as np
import pytest

from graph import TrustGraph

HONEST, SEED = 3000, 11


def honest(rng: np.random.Generator, damping: float) -> TrustGraph:
    g = TrustGraph(damping=damping)
    popular = rng.permutation(HONEST)[(HONEST * rng.random(24_000) ** 2.5).astype(int)]
    givers = rng.integers(0, HONEST, 24_000)
    fine = givers != popular
    strength = np.array([0.3, 0.6, 1.0])[rng.integers(0, 3, 24_000)]
    g.add_edges(givers[fine], popular[fine], strength[fine])
    return g


def attacked(fakes: int, attack: int, damping: float = 0.0) -> tuple[TrustGraph, list[tuple[int, int]]]:
    rng = np.random.default_rng(SEED)
    g = honest(rng, damping)
    names = np.arange(HONEST, HONEST + fakes)
    inside = rng.integers(0, fakes, (2, 8 * fakes))
    inside = inside[:, inside[0] != inside[1]]
    g.add_edges(names[inside[0]], names[inside[1]])
    bought = np.random.default_rng(SEED + 1)
    dupes = bought.integers(0, HONEST, attack).tolist()
    edges = list(zip(dupes, names[bought.integers(0, min(fakes, 50), attack)].tolist(), strict=True))
    for dupe, fake in edges:
        g.add_edge(dupe, fake, 0.6)
    return g, sorted(set(edges))


def mass(g: TrustGraph, viewer: int) -> float:
    return sum(score for who, score in g.scores(viewer, top=g.nodes).items() if int(who) >= HONEST)


def shares(g: TrustGraph, edges: list[tuple[int, int]]) -> list[tuple[int, float]]:
    return [(a, g.edge_weight(a, b) / (sum(g.neighbours(a).values()) + g.damping)) for a, b in edges]


@pytest.mark.parametrize("damping", [0.0, 2.0])
@pytest.mark.parametrize(("fakes", "attack"), [(300, 5), (300, 200), (3000, 40)])
def test_the_bound_holds_for_every_viewer(fakes: int, attack: int, damping: float) -> None:
    g, edges = attacked(fakes, attack, damping)
    given = shares(g, edges)
    for viewer in range(0, HONEST, 37):
        scores = g.scores(viewer, top=g.nodes)
        own = 1.0 - sum(scores.values())  # at least what the viewer's own share is
        bound = sum((own if a == viewer else scores.get(a, 0.0)) * share for a, share in given)
        assert mass(g, viewer) <= bound * (1 + 1e-3) + 1e-5  # (1 - a) / a = 1; the push is not exact


def test_a_damped_walk_gives_fakes_less() -> None:
    viewers = range(0, HONEST, 29)
    plain, damped = (attacked(300, 60, damping)[0] for damping in (0.0, 2.0))
    assert sum(mass(damped, viewer) for viewer in viewers) < 0.7 * sum(mass(plain, viewer) for viewer in viewers)


def test_ten_times_the_fakes_gain_next_to_nothing() -> None:
    few, _ = attacked(1000, 30)
    many, _ = attacked(10_000, 30)
    viewers = range(0, HONEST, 29)
    before = sum(mass(few, viewer) for viewer in viewers)
    assert sum(mass(many, viewer) for viewer in viewers) <= 1.5 * before


def test_fakes_that_nobody_trusts_have_nothing() -> None:
    g, _ = attacked(1000, 0)
    g.add_edges([HONEST + i for i in range(100)], list(range(100)))
    assert all(mass(g, viewer) == 0.0 for viewer in range(0, HONEST, 101))
    assert g.independent_ways(0, [HONEST]) == 0
