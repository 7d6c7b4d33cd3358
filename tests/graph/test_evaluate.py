"""The evaluation itself: its figures mean what they say, on communities made for it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graph.evaluate.data import Community, load
from graph.evaluate.ranking import Judge, rank, split
from graph.evaluate.strangers import fakes, future, promote


@pytest.fixture(scope="module")
def circles() -> Community:
    """Ten circles of thirty; a member trusts and likes what the circle does."""
    rng = np.random.default_rng(0)
    members = np.repeat(np.arange(300), 6)
    friends = members // 30 * 30 + rng.integers(0, 30, members.shape[0])
    trust = np.unique(np.column_stack((members, friends))[members != friends], axis=0)
    who = np.repeat(np.arange(300), 8)
    items = who // 30 * 20 + rng.integers(0, 20, who.shape[0])
    liked = np.unique(np.column_stack((who, items)), axis=0)
    return Community(300, 200, trust, np.ones(trust.shape[0]), liked, np.asarray(rng.random(liked.shape[0]) * 1e9))


@pytest.mark.parametrize("by_time", [False, True])
def test_trust_helps_who_is_new(circles: Community, by_time: bool) -> None:
    figures = rank(circles, by_time, seed=1)
    assert figures["cold"]["trust"]["ndcg"] > 2 * figures["cold"]["popularity"]["ndcg"]
    assert figures["warm"]["user-CF"]["ndcg"] > figures["warm"]["popularity"]["ndcg"]
    assert set(figures["mixture"]) == {"warm", "cold"}


def test_nothing_hidden_is_known(circles: Community) -> None:
    cut = split(circles, by_time=True, seed=1)
    assert circles.times is not None
    cold = np.isin(circles.liked[:, 0], cut.cold)
    assert circles.times[cut.known].max() <= circles.times[~cut.known & ~cold].min()
    assert not (cut.known & cold).any()


def test_the_figures_by_hand() -> None:
    known = Community(1, 12, np.empty((0, 2), int), np.empty(0), np.array([[0, 0]]), None).matrix()
    hidden = Community(1, 12, np.empty((0, 2), int), np.empty(0), np.array([[0, 2], [0, 9]]), None).matrix()
    scores = np.array([[9.0, 8, 7, 6, 5, 4, 3, 2, 1, 0.5, 0, 0]])
    found = Judge(known, hidden).judge(np.array([0]), lambda who: scores)
    ideal = 1 + 1 / np.log2(3)
    assert found["hr"] == 1.0
    assert found["ndcg"] == pytest.approx((1 / np.log2(3) + 1 / np.log2(10)) / ideal)


def test_strangers(circles: Community) -> None:
    figures = future(circles, seed=1)
    assert figures["auc_trust"] > 0.8
    table = fakes(circles, [100], [2, 20], seed=1)
    assert [row["bound_broken"] for row in table] == [0, 0]
    assert table[0]["mean_mass"] < table[1]["mean_mass"] < 0.2
    reached = promote(circles, seed=1)
    assert reached["popularity"] == 1.0


def test_the_command(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    (tmp_path / "trust.txt").write_text(
        "# who whom\n1 1 1\n1 2 x\n2 3 -1\n" + "".join(f"{a} {(a + d) % 60} 1\n" for a in range(60) for d in (1, 2, 5))
    )
    rows = "".join(f"{m},{i},{r}\n" for m, i, r in rng.integers((0, 0, 1), (60, 40, 6), (900, 3)).tolist())
    (tmp_path / "ratings.csv").write_text("member,item,rating\n" + rows)
    community = load(tmp_path / "trust.txt", tmp_path / "ratings.csv", (1, 5))
    assert (community.members, community.trust.shape[0], community.times) == (60, 180, None)
    out = tmp_path / "figures.json"
    command = [sys.executable, "-m", "graph.evaluate", "--trust", str(tmp_path / "trust.txt")]
    options = ["--ratings", str(tmp_path / "ratings.csv"), "--fakes", "50", "--attack-edges", "5", "--json", str(out)]
    done = subprocess.run([*command, *options], check=True, capture_output=True, text=True)
    assert "left out" in done.stdout
    figures: dict[str, Any] = json.loads(out.read_text())
    assert {"random", "future trust", "fakes", "promoted item in a top 10"} <= set(figures)
