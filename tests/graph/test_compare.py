"""Before and after, paired: the differences and their errors are those of a plain computation."""

import json
import math
import statistics
from pathlib import Path

import numpy as np
import pytest

from graph import TrustGraph
from graph.evaluate.__main__ import main
from graph.evaluate.compare import Pairs, compare, meeting, paired, suggestions
from graph.evaluate.data import Community
from graph.evaluate.methods import Known, kinmarket_before
from graph.ranking import TasteModel, hearing

NOBODY = np.zeros((0, 2), np.int64)


def community(seed: int = 0) -> Community:
    """Six circles of twenty who trust and like what their circle does."""
    rng = np.random.default_rng(seed)
    members = np.repeat(np.arange(120), 5)
    trust = np.unique(np.column_stack((members, members // 20 * 20 + rng.integers(0, 20, 600))), axis=0)
    trust = trust[trust[:, 0] != trust[:, 1]]
    who = np.repeat(np.arange(120), rng.integers(1, 12, 120))
    liked = np.unique(np.column_stack((who, who // 20 * 15 + rng.integers(0, 15, who.shape[0]))), axis=0)
    return Community(120, 90, trust, np.ones(trust.shape[0]), liked, np.asarray(rng.random(liked.shape[0]) * 1e8))


def test_one_run_is_the_paired_difference() -> None:
    rng = np.random.default_rng(3)
    before, now = rng.random(41), rng.random(41)
    found = paired([Pairs(np.arange(41), before, now)])
    changes = [after - b for b, after in zip(before.tolist(), now.tolist(), strict=True)]
    assert found["before"] == pytest.approx(statistics.mean(before.tolist()))
    assert found["now"] == pytest.approx(statistics.mean(now.tolist()))
    assert found["difference"] == pytest.approx(statistics.mean(changes))
    assert found["se_difference"] == pytest.approx(statistics.stdev(changes) / math.sqrt(41))
    assert found["members"] == 41


def test_of_several_seeds_each_member_is_one_cluster() -> None:
    """Unequal runs: the error is that of the sums of each member's deviations."""
    rng = np.random.default_rng(4)
    runs = []
    for size in (30, 12, 25):
        who = rng.choice(40, size, replace=False)
        runs.append(Pairs(who, rng.random(size), rng.random(size)))
    changes = [
        (who, after - before)
        for run in runs
        for who, before, after in zip(run.who.tolist(), run.before.tolist(), run.now.tolist(), strict=True)
    ]
    mean = sum(change for _, change in changes) / len(changes)
    sums: dict[int, float] = {}
    for who, change in changes:
        sums[who] = sums.get(who, 0.0) + change - mean
    error = math.sqrt(len(sums) / (len(sums) - 1) * sum(value**2 for value in sums.values())) / len(changes)
    found = paired(runs)
    assert found["difference"] == pytest.approx(mean)
    assert found["se_difference"] == pytest.approx(error)
    assert found["members"] == len(sums) < len(changes)


def test_the_same_run_thrice_proves_no_more_than_once() -> None:
    rng = np.random.default_rng(5)
    run = Pairs(np.arange(20), rng.random(20), rng.random(20))
    assert paired([run] * 3)["se_difference"] == pytest.approx(paired([run])["se_difference"])


def test_an_engine_beside_itself_differs_by_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.evaluate.compare.kinmarket", kinmarket_before)
    made = community()
    for pairs in suggestions(made, made, by_time=False, seed=1).values():
        assert pairs.before.tolist() == pairs.now.tolist()
        assert pairs.before.max() > 0


def test_before_is_the_circle_alone_with_the_former_weights() -> None:
    pairs = np.array([[0, 1], [1, 1], [1, 2], [2, 3], [3, 0], [3, 4]])
    graph = TrustGraph(damping=0.0)
    graph.add_edges([0, 0, 4, 1, 2], [1, 2, 3, 3, 3], [1.0, 0.5, 1.0, 0.3, 1.0])
    likes = Community(5, 5, NOBODY, np.empty(0), pairs, None).matrix()
    known = Known(likes, graph, np.array([1, 3]), pairs)
    ask = kinmarket_before(known)
    model = TasteModel(pairs[:, 0], pairs[:, 1], None, None, heard=hearing(graph.reputation([1, 3])))
    for viewer, (trust, taste, everybody) in ((4, (1.0, 0.0, 0.3)), (0, (0.3, 1.0, 0.5))):
        circle = np.asarray(sum(score * likes[int(who)].toarray()[0] for who, score in graph.scores(viewer).items()))
        sides = model.sides(model.likes.places(likes[viewer].indices.astype(np.int64)), {})
        expected = trust * circle / circle.max() + taste * sides.taste + everybody * sides.everybody
        assert ask(np.array([viewer]))[0] == pytest.approx(expected)


def test_people_to_meet_beside_the_plain_walk() -> None:
    found = meeting(community(), community(), seed=2)["all"]
    assert 0 < found.before.mean() <= 1
    assert 0 < found.now.mean() <= 1
    assert found.who.shape == found.before.shape == found.now.shape


def test_all_tables_for_every_seed_and_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.evaluate.attacks.VIEWERS", 20)
    monkeypatch.setattr("graph.evaluate.attacks.BOUGHT", 5)
    tables = dict(compare(community(), [0, 1], (50, 40)))
    assert list(tables) == [
        "Suggestions, random: NDCG@10",
        "Suggestions, in time order: NDCG@10",
        "People to meet: NDCG@10",
        "Mass of 50 fakes behind 40 bought edges",
        "Promoted item in a top 10",
    ]
    cold = tables["Suggestions, random: NDCG@10"]
    assert {"cold, seed 0", "cold, seed 1", "cold, all", "one to four, all", "5 to 19, all"} <= set(cold)
    mass = tables["Mass of 50 fakes behind 40 bought edges"]["bought from trusting: taken in, all"]
    assert mass["difference"] < 0, "damping takes some of the fakes' mass"
    for rows in tables.values():
        for row in rows.values():
            assert row["difference"] == pytest.approx(row["now"] - row["before"], abs=1e-12)


def test_the_command_prints_and_keeps_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "trust").write_text("".join(f"{a} {(a + d) % 30}\n" for a in range(30) for d in (1, 2, 5)))
    options = ["--trust", str(tmp_path / "trust"), "--compare", "--seeds", "2", "--fakes", "20", "--attack-edges", "4"]
    main([*options, "--json", str(tmp_path / "figures.json")])
    kept = json.loads((tmp_path / "figures.json").read_text())
    assert set(kept) == {"notes", "People to meet: NDCG@10", "Mass of 20 fakes behind 4 bought edges"}
    row = kept["People to meet: NDCG@10"]["all, all"]
    said = f"difference {row['difference']:.4g} ({row['se_difference']:.2g})"
    assert said in capsys.readouterr().out
