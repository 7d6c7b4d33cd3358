"""Importing a community: what arrives, what is refused, and running it again."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.community.item_merges import checks
from app.community.item_merges.service import confirm_merge, propose_merge
from app.community.items.models import Item
from app.community.items.queries import get_by_external
from app.community.recommendations.models import Recommendation
from app.discovery.search.queries import search
from app.discovery.search.values import Wanted
from app.importing import community, runs, writing
from app.importing.commands import group
from app.importing.community import import_community
from app.importing.events import CommunityImported
from app.importing.rules import Scale
from app.importing.values import Files, Summary
from app.kernel.clock import clock
from app.kernel.ids import is_id
from app.people.accounts.models import Member
from app.people.accounts.queries import find_member_id
from app.people.accounts.service import issue_token
from app.platform.database import db
from app.platform.event_log import read_after
from app.trust.circle.live_graph import live_graph
from app.trust.circle.queries import circle_of, stats
from app.trust.commands import endorsements
from app.trust.vouches.models import Distrust, Vouch
from app.trust.vouches.service import vouch
from tests.support.databases import Kind, fresh_database, settings_for
from tests.support.people import MemberFactory

pytestmark = pytest.mark.usefixtures("app")

TRUST = """truster,trustee,weight
1,2,1
1,3,0.5
2,3,1
1,2,0.8
3,3,1
4
5,6,nan
7,1,-1
8,9,2.5
"""
RATINGS = """1 a 5 963360000
2 a 4
3 a 3
3 b 1
10 c 2
10 c 4
10 d 6
10
"""
ITEMS = 'external_id,title,category,description\na,"Coffee, black",Drinks,Hot\nz,Nobody rates this\nq\n'


def write(folder: Path, **files: str) -> Files:
    paths = {}
    for name, text in files.items():
        paths[name] = folder / f"{name}.txt"
        paths[name].write_text(text)
    return Files(paths["trust"], paths.get("ratings"), paths.get("items"))


def run(files: Files, scale: str = "1:5", recommend_from: str | None = None) -> Summary:
    summary, _ = import_community(files, Scale.parse(scale, recommend_from))
    return summary


def counts() -> dict[str, int]:
    return {
        table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in (Member, Item, Recommendation, Vouch, Distrust)
    }


def weights() -> dict[tuple[str, str], float]:
    handles = dict(db.session.execute(select(Member.id, Member.handle)).all())
    rows = db.session.execute(select(Vouch.truster_id, Vouch.trustee_id, Vouch.weight))
    return {(handles[a], handles[b]): weight for a, b, weight in rows}


def said() -> dict[tuple[str, str], tuple[str, float | None]]:
    rows = db.session.execute(
        select(Member.handle, Item.external_id, Recommendation.stance, Recommendation.rating)
        .join(Recommendation, Recommendation.member_id == Member.id)
        .join(Item, Item.id == Recommendation.item_id)
    )
    return {(row[0], row[1] or ""): (row[2], row[3]) for row in rows}


def test_every_good_row_arrives_and_every_bad_one_is_named(tmp_path: Path) -> None:
    files = write(tmp_path, trust=TRUST, ratings=RATINGS, items=ITEMS)
    summary = run(files)
    assert summary == Summary(members=7, items=4, recommendations=5, trust=5, rejected=6)
    assert weights() == {("u1", "u2"): 0.8, ("u1", "u3"): 0.5, ("u2", "u3"): 1.0, ("u8", "u9"): 1.0}
    assert counts()["distrust"] == 1
    assert said() == {
        ("u1", "a"): ("recommend", 5.0),
        ("u2", "a"): ("recommend", 4.0),
        ("u3", "a"): ("neutral", 3.0),
        ("u3", "b"): ("avoid", 1.0),
        ("u10", "c"): ("recommend", 4.0),
    }
    rejected = {
        name: [int(line.split("\t")[0]) for line in (tmp_path / f"{name}.txt.rejects").read_text().splitlines()]
        for name in ("trust", "ratings", "items")
    }
    assert rejected == {"trust": [6, 7, 8], "ratings": [7, 8], "items": [4]}
    titles = dict(db.session.execute(select(Item.external_id, Item.title)).all())
    assert titles == {"a": "Coffee, black", "z": "Nobody rates this", "b": "b", "c": "c"}
    row = db.session.scalars(select(Recommendation).where(Recommendation.rating == 5)).one()
    assert (row.rating_low, row.rating_high, row.created_at.year) == (1.0, 5.0, 2000)
    assert is_id(row.id)


def test_a_second_run_adds_nothing_and_changed_files_change(tmp_path: Path) -> None:
    files = write(tmp_path, trust=TRUST, ratings=RATINGS, items=ITEMS)
    first, before, texts = run(files), counts(), said()
    rows = {row.id: row.updated_at for row in db.session.scalars(select(Recommendation))}
    assert run(files) == first
    assert counts() == before
    assert said() == texts
    db.session.expire_all()
    assert {row.id: row.updated_at for row in db.session.scalars(select(Recommendation))} == rows
    changed = write(
        tmp_path,
        trust="1 2 0.3\n1 3 0\n7 1 0.4\n",
        ratings="1 a 1\n",
        items="external_id,title\na,Coffee\n",
    )
    assert run(changed) == Summary(members=4, items=1, recommendations=1, trust=3, rejected=0)
    assert not (tmp_path / "trust.txt.rejects").exists()
    found = weights()
    assert (found["u1", "u2"], found["u7", "u1"]) == (0.3, 0.4)
    assert ("u1", "u3") not in found
    assert counts()["distrust"] == 1
    assert said()["u1", "a"] == ("avoid", 1.0)
    item = db.session.scalars(select(Item).where(Item.external_id == "a")).one()
    assert (item.title, item.category, item.description) == ("Coffee", "Drinks", "Hot")


def test_what_moderators_made_one_stays_one_when_the_files_come_again(tmp_path: Path, member: MemberFactory) -> None:
    files = write(tmp_path, trust=TRUST, ratings=RATINGS, items=ITEMS)
    first = run(files)
    ids = {row.external_id: row.id for row in db.session.execute(select(Item.external_id, Item.id))}
    moderator = member("mo", role="moderator")
    confirm_merge(moderator, propose_merge(moderator, ids["b"], ids["a"]))
    assert run(files) == first
    db.session.rollback()
    # Member 3 had spoken on both: one word stands, the other is history.
    standing = select(func.count()).where(Recommendation.item_id == ids["a"])
    assert (db.session.scalar(standing), checks.run()) == (3, [])
    assert get_by_external("b").id == ids["a"]


def test_a_broken_off_run_can_be_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trust = "".join(f"{one} {one + 1} 1\n" for one in range(1, 41))
    ratings = "".join(f"{one} item{one % 7} {one % 5 + 1}\n" for one in range(1, 41))
    files = write(tmp_path, trust=trust, ratings=ratings)
    monkeypatch.setattr(community, "FIRST_BATCH", 10)
    real, calls = writing.write_ratings, []

    def dies(*args: object) -> None:
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        real(*args)  # type: ignore[arg-type] # passed on as they came

    with monkeypatch.context() as patched:
        patched.setattr(community, "write_ratings", dies)
        with pytest.raises(KeyboardInterrupt):
            run(files)
    assert counts()["recommendation"] == 20
    assert [entry.event.name for entry in read_after(0)] == ["CommunityImported"], "the graph looks anew"
    assert search(None, Wanted(q="u41", kind="member")).members, "and the search finds what has arrived"
    assert run(files) == Summary(members=41, items=7, recommendations=40, trust=40, rejected=0)
    assert counts()["recommendation"] == 40
    assert counts()["member"] == 41


def everything() -> dict[str, list[tuple[object, ...]]]:
    """What has arrived, without the ids that are drawn."""
    handle = select(Member.id, Member.handle).subquery(), select(Member.id, Member.handle).subquery()
    trusted = select(handle[0].c.handle, handle[1].c.handle, Vouch.weight, Vouch.strength, Vouch.reason)
    distrusted = select(handle[0].c.handle, handle[1].c.handle)
    said = select(
        *(Member.handle, Item.external_id, Recommendation.stance, Recommendation.rating, Recommendation.rating_low),
        *(Recommendation.rating_high, Recommendation.text, Recommendation.disclosure),
        *(Recommendation.created_at, Recommendation.updated_at),
        *(Recommendation.verified_purchase, Recommendation.helpful_count),
    )
    of = {
        "members": select(Member.handle, Member.name, Member.bio, Member.place, Member.active, Member.email),
        "items": select(Item.external_id, Item.kind, Item.title, Item.category, Item.description),
        "trust": trusted.select_from(Vouch)
        .join(handle[0], handle[0].c.id == Vouch.truster_id)
        .join(handle[1], handle[1].c.id == Vouch.trustee_id),
        "distrust": distrusted.select_from(Distrust)
        .join(handle[0], handle[0].c.id == Distrust.truster_id)
        .join(handle[1], handle[1].c.id == Distrust.trustee_id),
        "said": said.join(Member, Member.id == Recommendation.member_id).join(Item, Item.id == Recommendation.item_id),
    }
    return {name: sorted(map(tuple, db.session.execute(query)), key=repr) for name, query in of.items()}


def test_large_batches_leave_what_single_lines_leave(
    database_kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last line of a pair holds, distrust takes trust away, whichever lines are written together."""
    trust = TRUST + "7,1,0.4\n1,3,-1\n2,1,1\n2,1,-2\n2,1,0.25\n"
    ratings = RATINGS + "1 a 2 963360001\n1 a 2 963360009\n3 a 3 963360000\n10 c 5 963360002\n1 z 4 1.5\n1 z 1\n"
    files = write(tmp_path, trust=trust, ratings=ratings, items=ITEMS)
    with clock.freeze(clock.now()):
        summary = run(files)
        together = everything()
        alone_in = tmp_path / "alone"
        with fresh_database(database_kind, alone_in) as other:
            app = create_app(settings_for(other, alone_in / "data"))
            monkeypatch.setattr(community, "FIRST_BATCH", 1)
            with app.app_context():
                assert run(files) == summary
                assert everything() == together
                db.session.remove()
                db.engine.dispose()
    assert together["trust"]
    assert together["distrust"]


def test_a_run_that_was_killed_is_finished_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = write(tmp_path, trust="1 2 1\n")
    with monkeypatch.context() as patched:
        patched.setattr(runs, "finish", lambda *_args, **_more: None)  # as SIGKILL leaves it
        run(files)
    assert read_after(0) == []
    assert runs.finish_broken_off() == 0, "it may be at work"
    with clock.freeze(clock.now() + runs.SILENT * 2):
        assert runs.finish_broken_off() == 1
        assert runs.finish_broken_off() == 0
    assert [entry.event.name for entry in read_after(0)] == ["CommunityImported"]
    assert search(None, Wanted(q="u2", kind="member")).members


HOSTILE = [
    "", " ", "1e400", "-1e400", "1e-400", "1e999", "9" * 400, "0x10", "nan", "inf", "-0", "+1", ".5", "5.", "1,5", "٣",
    "1" * 31, "A1", "a1", "ü", "\x00", "\x07", "\u202e", "\ud7ff", "\ufeff", "💩", "'; DROP TABLE x; --", '"', '""',
    '"a', "a\tb", "a\rb", "%s", "\\N", "#x", "2147483648", "9223372036854775808", "-1", "x" * 70_000,
]  # fmt: skip


@pytest.mark.parametrize("kind", ["trust", "ratings", "items"])
def test_no_value_in_any_column_stops_the_import(tmp_path: Path, kind: str) -> None:
    """Each hostile value in each column, by itself and quoted, among good lines that all arrive."""
    good = {
        "trust": ["1", "2", "0.5"],
        "ratings": ["1", "it", "5", "1000000000"],
        "items": ["it", "Title", "cat", "text"],
    }
    lines = []
    for column in range(len(good[kind])):
        for value in HOSTILE:
            fields = list(good[kind])
            fields[column] = value
            lines.append(",".join(fields))
            fields[column] = '"' + value.replace('"', '""') + '"'
            lines.append(",".join(fields))
    last = {"trust": "7001,7002,1", "ratings": "7001,end,5", "items": "end,The end"}
    content = dict.fromkeys(good, "") | {kind: "\n".join([*lines, last[kind], ""])}
    found = run(write(tmp_path, trust=content["trust"], ratings=content["ratings"], items=content["items"]))
    assert found.rejected > 0
    if kind == "trust":
        assert find_member_id("u7002")
    else:
        assert get_by_external("end")


def test_one_event_and_the_graph_follows_aside(tmp_path: Path) -> None:
    assert stats().edges == 0
    run(write(tmp_path, trust="1 2\n2 3 0.4\n3 1 -1\n"))
    assert [entry.event for entry in read_after(0)] == [
        CommunityImported(members=3, items=0, recommendations=0, trust=3)
    ]
    stats()
    live_graph().settle()
    assert stats().edges == 2
    ids = dict(db.session.execute(select(Member.handle, Member.id)).all())
    assert circle_of(ids["u1"]).ids == [ids["u2"], ids["u3"]]


def test_a_members_own_vouch_and_handle_are_never_taken_over(tmp_path: Path, member: MemberFactory) -> None:
    ann, bob = member("uann"), member("bob")
    run(write(tmp_path, trust="1 2 0.5\n"))
    ids = dict(db.session.execute(select(Member.handle, Member.id)).all())
    vouch(ids["u1"], ids["u2"], "acquainted")
    vouch(ids["u2"], ids["u1"], "trust")
    files = write(tmp_path, trust="1 2 1\n2 1 0\nann 1 1\n1 ann 1\n", ratings="ann x 5\n1 x 5\n")
    assert run(files) == Summary(members=2, items=1, recommendations=1, trust=2, rejected=3)
    found = weights()
    assert found == {("u1", "u2"): 0.3, ("u2", "u1"): 0.6}
    assert db.session.scalar(select(func.count()).where(Recommendation.member_id.in_([ann, bob]))) == 0


def test_the_command_prints_one_line_and_takes_gzip(app: Flask, tmp_path: Path) -> None:
    trust, ratings = tmp_path / "t.csv.gz", tmp_path / "r.txt"
    trust.write_bytes(gzip.compress(TRUST.encode()))
    ratings.write_text("1 a 3.5\n2 a 0.5\n")
    done = CliRunner().invoke(
        group, ["community", "--trust", str(trust), "--ratings", str(ratings), "--scale", "0.5:4"]
    )
    assert done.exit_code == 0, done.output
    assert done.stdout == "imported members=6 items=1 recommendations=2 trust=5 rejected=3\n"
    assert (tmp_path / "t.csv.gz.rejects").exists()
    assert app is not None


def test_ids_with_capitals_come_back_as_they_were_given(app: Flask, tmp_path: Path) -> None:
    files = write(
        tmp_path,
        trust="A1B2 c3 1\nc3 A1B2 0.5\na1b2 c3 1\n",
        ratings="A1B2 Item-X 5\nc3 item-x 1\n",
        items="Item-X,Large X\nitem-x,Small x\n",
    )
    found = run(files)
    assert (found.members, found.items, found.trust, found.rejected) == (2, 2, 2, 1), "a1b2 would be the same member"
    assert run(files) == found
    assert "would be one member" in (tmp_path / "trust.txt.rejects").read_text()
    for external, title in (("Item-X", "Large X"), ("item-x", "Small x")):
        assert (get_by_external(external).title, get_by_external(external).external_id) == (title, external)
    member_id = find_member_id("uA1B2")
    assert member_id is not None
    assert member_id == find_member_id("ua1b2")
    client = app.test_client()
    token = {"Authorization": f"Bearer {issue_token(member_id)}"}
    assert client.get("/api/v1/items/by-external/Item-X", headers=token).json["title"] == "Large X"
    assert client.get("/api/v1/members/uA1B2", headers=token).json["handle"] == "ua1b2"
    printed = CliRunner().invoke(endorsements, ["uA1B2", "Item-X", "--json"])
    assert (printed.exit_code, json.loads(printed.output)["item"]) == (0, get_by_external("Item-X").id)
