"""The evaluation itself: its figures mean what they say, on communities made for it."""

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graph.evaluate.__main__ import main
from graph.evaluate.attacks import fakes, listed, promote, thin
from graph.evaluate.data import Community, load
from graph.evaluate.judging import figures, sheet
from graph.evaluate.methods import METHODS, PARTS, PROMOTED
from graph.evaluate.ranking import rank, split
from graph.evaluate.strangers import forget, future


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


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes its time and is measured by the command itself."""
    monkeypatch.setattr("graph.evaluate.mixing.BAGS", 1)
    monkeypatch.setattr("graph.evaluate.mixing.ROUNDS", 1)
    monkeypatch.setattr("graph.evaluate.attacks.VIEWERS", 60)
    monkeypatch.setattr("graph.evaluate.strangers.VIEWERS", 120)
    for table in (METHODS, PARTS):
        for slow in ("ALS", "RP3beta"):
            monkeypatch.delitem(table, slow)


@pytest.mark.parametrize("by_time", [False, True])
def test_trust_helps_who_is_new(circles: Community, by_time: bool) -> None:
    found = rank(circles, by_time, seed=1)
    assert found["cold"]["trust"]["ndcg"] > 2 * found["cold"]["popularity"]["ndcg"]
    assert found["warm"]["user-CF"]["ndcg"] > found["warm"]["popularity"]["ndcg"]
    assert found["warm"]["kinmarket"]["ndcg"] > found["warm"]["popularity"]["ndcg"]
    assert found["warm"]["mixture"]["ndcg"] > 0.8 * found["warm"]["user-CF"]["ndcg"]
    assert set(found["mixture"]) >= {"warm", "cold"}


def test_members_apart_by_how_much_they_have_said(circles: Community) -> None:
    found = rank(circles, by_time=False, seed=1)
    groups = [found[kind].get("popularity", {"members": 0, "ndcg": 0.0}) for kind in ("5 to 19", "20 and more")]
    warm = found["warm"]["popularity"]
    assert sum(group["members"] for group in groups) == warm["members"] > 0
    assert sum(group["members"] * group["ndcg"] for group in groups) == pytest.approx(warm["members"] * warm["ndcg"])
    assert found["cold"]["popularity"]["se_ndcg"] > 0 < found["few"]["popularity"]["se_hr"]


def dated(circles: Community) -> Community:
    rng = np.random.default_rng(7)
    return replace(circles, trust_times=np.asarray(rng.permutation(circles.trust.shape[0]) * 1e6 + 1.0))


def test_the_last_trust_is_hidden_in_time_order(circles: Community) -> None:
    made = dated(circles)
    assert made.trust_times is not None
    cut = forget(made, 1, by_time=True)
    when = dict(zip(map(tuple, made.trust.tolist()), made.trust_times.tolist(), strict=True))
    assert max(when[a, b] for a, b in cut.kept.tolist()) < min(when[a, b] for a, b in cut.hidden.tolist())
    assert cut.hidden.shape[0] == pytest.approx(0.2 * made.trust.shape[0], abs=1)
    assert cut.graph.edges == cut.kept.shape[0]
    found = future(made, seed=1, by_time=True)
    assert found["auc_trust"] > 0.8
    with pytest.raises(ValueError, match="no times"):
        forget(circles, 1, by_time=True)


def test_in_time_order_no_trust_of_tomorrow_is_known(circles: Community) -> None:
    """All trust is given after the last known recommendation: nobody has a circle then."""
    late = replace(dated(circles), trust_times=2e9 + np.arange(circles.trust.shape[0], dtype=np.float64))
    assert late.until(1e9).trust.shape[0] == 0
    assert late.until(2e9 + 9).trust.tolist() == late.trust[:10].tolist()
    assert circles.until(0.0) is circles
    found = rank(late, by_time=True, seed=1)
    assert "trust" not in found["cold"]
    assert "trust" in rank(late, by_time=False, seed=1)["cold"]


def test_fakes_among_people_to_meet(circles: Community) -> None:
    """Who flatters everybody and is trusted by none is listed nowhere; bought vouches let some in."""
    none = listed(circles, 40, 1, seed=1)
    assert none["people to meet, any, others"]["lists_with_a_fake"] < 0.2
    many = listed(circles, 40, 60, seed=1)
    taken_in, others = (many[f"people to meet, trusting, {whom}"] for whom in ("taken in", "others"))
    assert taken_in["lists_with_a_fake"] > others["lists_with_a_fake"]
    assert 0 < many["people to meet, trusting"]["se_lists_with_a_fake"] < 0.2
    assert many["people to meet, trusting"]["fakes_listed"] >= many["people to meet, trusting"]["lists_with_a_fake"]


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
    found = sheet(known, hidden, np.array([0]), {"one": lambda who: scores.copy(), "none": lambda who: 0 * scores}, "")
    row = figures(found.gains["one"], found.shown["one"], 12)
    ideal = 1 + 1 / np.log2(3)
    assert row["hr"] == 1.0
    assert row["ndcg"] == pytest.approx((1 / np.log2(3) + 1 / np.log2(10)) / ideal)
    assert row["coverage"] == pytest.approx(9 / 12)  # what has no score is not shown
    assert figures(found.gains["none"], found.shown["none"], 12)["coverage"] == 0.0
    mixed, _ = found.mixed(np.array([1.0, 5.0]))
    assert mixed == pytest.approx(found.gains["one"])


def test_strangers(circles: Community) -> None:
    found = future(circles, seed=1)
    assert found["auc_trust"] > 0.8
    assert found["ndcg_meet"] > 0.8 * found["ndcg_trust"] > 0
    assert 0 < found["se_ndcg_meet"] < 0.1
    table = fakes(circles, [100], [2, 20], seed=1)
    assert [row["bound_broken"] for row in table] == [0, 0, 0, 0]
    assert table[0]["mean_mass"] < table[1]["mean_mass"] < 0.2
    budgeted = thin(circles, seed=1)
    assert budgeted["with the budget"]["bought"] < budgeted["without"]["bought"]


def test_a_promoted_item_reaches_few_by_trust(circles: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.evaluate.attacks.BOUGHT", 10)
    found = promote(circles, 1, {name: METHODS[name] for name in PROMOTED if name in METHODS})
    for whom, reached in found.items():
        assert reached["popularity"] == 1.0
        assert reached["trust"] < 0.5 or "taken in" in whom
    assert found["copies of viewers, any"]["user-CF"] > 0.9, "who copies a viewer is most like them"
    assert found["copies of viewers, any, others"]["kinmarket"] < 0.5


def evaluate(folder: Path, **files: str) -> dict[str, Any]:
    options: list[str] = []
    for kind, text in files.items():
        (folder / kind).write_text(text)
        options += [f"--{kind}", str(folder / kind)]
    main([*options, "--fakes", "50", "--attack-edges", "5", "--json", str(folder / "figures.json")])
    found: dict[str, Any] = json.loads((folder / "figures.json").read_text())
    return found


def test_the_command_with_co_trusters_and_dated_trust(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(3)
    (tmp_path / "t").write_text(
        "".join(f"{a} {(a + d) % 50} 1 {10_000 * d + a}\n" for a in range(50) for d in (1, 2, 5))
    )
    rows = rng.integers((0, 0, 1), (50, 30, 6), (600, 3)).tolist()
    (tmp_path / "r").write_text("".join(f"{m},{i},{r}\n" for m, i, r in rows))
    files = ["--trust", str(tmp_path / "t"), "--ratings", str(tmp_path / "r")]
    main([*files, "--co-trusters", "--fakes", "20", "--attack-edges", "3", "--json", str(tmp_path / "figures.json")])
    found = json.loads((tmp_path / "figures.json").read_text())
    assert found["random"]["cold"]["co-trusters"]["members"] == found["random"]["cold"]["kinmarket"]["members"]
    assert "co-trusters" in found["promoted item in a top 10"]["copies, any"]
    assert found["future trust in time order"]["ndcg_meet"] > 0
    assert found["fakes among people to meet"]
    assert "Future trust, the last given" in capsys.readouterr().out


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(2)
    pairs = "".join(f"{a} {(a + d) % 60} 1\n" for a in range(60) for d in (1, 2, 5))
    rows = "".join(f"{m},{i},{r}\n" for m, i, r in rng.integers((0, 0, 1), (60, 40, 6), (900, 3)).tolist())
    found = evaluate(
        tmp_path, trust="# who whom\n1 1 1\n1 2 x\n2 3 -1\n" + pairs, ratings="member,item,rating\n" + rows
    )
    assert {"random", "future trust", "fakes", "vouch budget", "promoted item in a top 10"} <= set(found)
    assert "in time order" not in found
    assert "time order is left out" in capsys.readouterr().out


TINY = {"trust": "ana bo\nbo cem 0.5\n", "ratings": "ana,tea,5\nbo,tea,4\nbo,cake,5\ncem,tea,1\n"}


@pytest.mark.parametrize(
    "files",
    [
        TINY,
        {"trust": TINY["trust"]},
        {"ratings": TINY["ratings"]},
        {"trust": "", "ratings": ""},
        {"trust": "truster,trustee,weight\n", "ratings": "member,item,rating,unix_time\n"},
        {"trust": "1 2 -1\n2 1 0\n", "ratings": "1 1 1\n2 1 2\n"},
        {"trust": "1 2 nan\nx\n,,\n", "ratings": "1 1 five\n1\n,1,5\n2 2 9\n"},
        {"trust": "a,b\nb,a\n", "ratings": "a,x,5,100\nb,y,5,200\nb,x,5\n"},
        {"ratings": "".join(f"{m} {m % 3} 5 {m}\n" for m in range(40))},
    ],
)
def test_whatever_is_given_there_is_an_answer(tmp_path: Path, files: dict[str, str]) -> None:
    assert "notes" in evaluate(tmp_path, **files)


def test_files_that_cannot_be_read_and_wrong_options(tmp_path: Path) -> None:
    (tmp_path / "half.gz").write_bytes(gzip.compress(b"1 2 3\n" * 1000)[:40])
    wrong: tuple[list[str], ...] = (
        [],
        ["--trust", "nowhere"],
        ["--trust", str(tmp_path / "half.gz")],
        ["--scale", "5:1"],
        ["--fakes", "x"],
    )
    for options in wrong:
        with pytest.raises(SystemExit) as stop:
            main(options)
        assert stop.value.code == 2


def test_reading(tmp_path: Path) -> None:
    big = 2**70
    (tmp_path / "trust").write_bytes(gzip.compress(f"1 2\n1 {big} 0.3 # known\n{big} 1 7\n3 3\n".encode()))
    (tmp_path / "ratings").write_text(f"1,tea,4,978300760\n1,tea,5,978300761\n{big},cake,3\n2,x,3.6667\n")
    community = load(tmp_path / "trust", tmp_path / "ratings", (1, 5))
    assert (community.members, community.items) == (3, 2)
    assert community.trust.tolist() == [[0, 1], [0, 2], [2, 0]]
    assert community.weights.tolist() == [1.0, 0.3, 1.0]
    assert community.times is None  # one of them has none
    assert len(community.notes) == 1
    assert community.trust_times is None
    (tmp_path / "dated").write_text("1 2 1 978300760\n2 3 0.5 978300761\n2 1 -1 5\n")
    told = load(tmp_path / "dated", None, (1, 5)).trust_times
    assert told is not None
    assert told.tolist() == [978300760.0, 978300761.0]
    timed = load(None, tmp_path / "ratings", (1, 5), 4.5)
    assert (timed.items, timed.times) == (1, None)
