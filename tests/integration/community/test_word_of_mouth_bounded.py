"""What is read by windows, bounds and people is what reading all of it gives."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from app.community.items.models import Item
from app.community.recommendations import queries
from app.community.recommendations.models import Recommendation
from app.community.recommendations.rules import rank
from app.community.recommendations.values import Counts, Glance
from app.kernel.clock import clock
from app.people.accounts.models import Member
from app.people.blocks.models import Block
from app.platform.database import db, unit_of_work
from app.trust.circle.queries import circle_of
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

STANCES = ("recommend", "neutral", "avoid")
PEOPLE, ITEMS = 24, 5

pytestmark = pytest.mark.databases("sqlite", "postgres")


@pytest.fixture
def viewers(member: MemberFactory) -> list[int | None]:
    """A chain of people, some suspended, erased, back again or blocked; words of every kind on five items."""
    dice = Random(20)
    ids = [member(f"m{n}") for n in range(PEOPLE)]
    for one, other in pairwise(ids[:7]):
        vouch(one, other, "trust_fully")
    vouch(ids[0], ids[9], "acquainted")
    now = clock.now()
    rows: list[dict[str, Any]] = []
    for place in range(ITEMS):
        for who in ids if place < 3 else ids[2:6]:
            if dice.random() < 0.85:
                at = now - timedelta(days=dice.randint(0, 30) * 30)
                rows.append(
                    {
                        "id": f"r{len(rows):03}", "item_id": f"i{place}", "member_id": who,
                        "stance": dice.choice(STANCES), "disclosure": dice.choice(("none", "none", "gifted", "paid")),
                        "helpful_count": dice.choice((0, 0, 1, 4)), "verified_purchase": dice.random() < 0.3,
                        "created_at": at, "updated_at": at, "removed_at": now if dice.random() < 0.1 else None,
                    }
                )  # fmt: skip
    with unit_of_work():
        for place in range(ITEMS):
            item = {"id": f"i{place}", "title": f"Thing {place}", "category": "home", "created_at": now}
            db.session.execute(insert(Item), [item])
        db.session.execute(insert(Recommendation), rows)
        away = update(Member).where(Member.id.in_([ids[3], ids[15]]))
        db.session.execute(away.values(suspended_until=now + timedelta(days=1)))
        gone = update(Member).where(Member.id.in_([ids[4], ids[18]]))
        db.session.execute(gone.values(active=False))
        back = update(Member).where(Member.id.in_([ids[1], ids[19]]))
        db.session.execute(back.values(suspended_until=now - timedelta(days=1)))
        db.session.execute(insert(Block), [{"blocker_id": ids[0], "blocked_id": ids[16], "created_at": now}])
        db.session.execute(insert(Block), [{"blocker_id": ids[17], "blocked_id": ids[0], "created_at": now}])
    return [None, ids[0], ids[2], ids[20]]


def all_said(viewer: int | None, item_id: str) -> list[Any]:
    """Every word that the viewer may see."""
    query = (
        select(Recommendation, Member.active, Member.suspended_until)
        .join(Member, Member.id == Recommendation.member_id)
        .where(Recommendation.item_id == item_id, Recommendation.removed_at.is_(None))
    )
    apart = {
        one
        for row in db.session.scalars(select(Block))
        for one in (row.blocker_id, row.blocked_id)
        if viewer in {row.blocker_id, row.blocked_id} and one != viewer
    }
    rows = db.session.execute(query).all()
    here = [row[0] for row in rows if row.active and (row.suspended_until or clock.now()) <= clock.now()]
    return [said for said in here if said.member_id not in apart]


def by_rank(viewer: int | None, rows: list[Any], topic: str | None) -> list[Any]:
    circle = circle_of(viewer, topic)

    def key(one: Any) -> tuple[int, float, int]:
        return rank(
            circle.score(one.member_id),
            one.disclosure,
            one.member_id,
            stance=one.stance,
            verified=one.verified_purchase,
            age=clock.now() - one.updated_at,
        )

    return sorted((row for row in rows if row.member_id in circle and row.member_id != viewer), key=key)


def order_of_others(one: Any) -> tuple[bool, int, float, int]:
    return one.disclosure != "none", -one.helpful_count, -one.updated_at.timestamp(), one.member_id


def test_an_items_page_shows_what_reading_all_would_show(viewers: list[int | None]) -> None:
    told = 0
    for viewer in viewers:
        for item in (f"i{place}" for place in range(ITEMS)):
            rows = all_said(viewer, item)
            near = by_rank(viewer, rows, "home")
            others = [row for row in rows if row.member_id != viewer and row not in near]
            counted = Counter(row.stance for row in others)
            for stance in (None, *STANCES):
                page = sorted((row for row in others if stance in {None, row.stance}), key=order_of_others)
                for start in (0, 3, 8):
                    found = queries.endorsements(viewer, item, others=3, start=start, stance=stance)
                    assert [one.id for one in found.everybody] == [row.id for row in page[start : start + 3]]
                    assert found.everybody_next == (start + 3 if len(page) > start + 3 else None)
                    assert [one.id for one in found.trusted] == [row.id for row in near]
                    assert found.others == Counts(*(counted[one] for one in STANCES))
                    assert found.recommending == sum(row.stance == "recommend" for row in near)
                    told += len(found.trusted)
    assert told


def test_glances_tell_what_reading_all_would_tell(viewers: list[int | None]) -> None:
    items = [f"i{place}" for place in range(ITEMS)]
    kinds = set()
    for viewer in viewers:
        found = queries.glances(viewer, items)
        for item in items:
            rows = [row for row in all_said(viewer, item) if row.stance == "recommend"]
            near = by_rank(viewer, rows, None)
            others = [row for row in rows if row.member_id != viewer and row not in near]
            trail = found[item].trail
            assert found[item] == Glance(len(near), trail, 0 if near else len(others))
            assert (trail is not None) == bool(near)
            if trail is not None:
                assert trail.target.id == near[0].member_id  # type: ignore[attr-defined]
            kinds.add((bool(near), viewer is None))
    assert {(True, False), (False, True)} <= kinds


def test_beyond_the_bound_a_page_counts_no_further(viewers: list[int | None], monkeypatch: pytest.MonkeyPatch) -> None:
    exact = queries.endorsements(None, "i0").others
    monkeypatch.setattr(queries, "MAX_COUNTED", 2)
    found = queries.endorsements(None, "i0").others
    assert (found.recommend, found.neutral, found.avoid) == (3, 3, 3)
    assert found.bar == (exact.recommend, exact.neutral, exact.avoid)
    assert queries.endorsements(None, "i0", exact=True).others.total == exact.total
    assert queries.glances(None, ["i0"])["i0"].others == 3
