"""Both sides review each other: hidden until both wrote or two weeks have passed, and only after an order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.ids import MemberId, ReviewId
from app.market.orders.queries import get_order
from app.market.orders.values import Stage
from app.market.reviews import checks, privacy, queries, service
from app.market.reviews.models import Review
from app.market.reviews.values import ReviewDraft
from app.notifications.inbox.models import NotificationRow
from app.people.blocks.service import block
from app.people.data_requests.service import erase_member
from app.platform.database import EventRow, db
from app.platform.event_log import run_reactions
from app.platform.subjects import Ruling
from app.trust.trades.queries import trades_among
from app.trust.vouches.service import vouch
from tests.support.orders import Deal, deal
from tests.support.people import MemberFactory

GOOD = ReviewDraft(stars=5, text="All went **well**", parts={"communication": 5}, note="He was late, though")


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> MemberId:
    return member("ana")


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> MemberId:
    return member("bo")


@pytest.fixture
def done(ana: MemberId, bo: MemberId) -> Deal:
    run_reactions()
    return deal(ana, bo, Stage.COMPLETED)


def seen(viewer: MemberId | None, about: MemberId) -> list[str]:
    return [f"{one.author.handle} {one.stars}" for one in queries.reviews_about(viewer, about)[0]]


def happened(name: str) -> int:
    return len(db.session.scalars(select(EventRow.id).where(EventRow.name == name)).all())


def told(who: MemberId) -> list[str]:
    run_reactions()
    rows = select(NotificationRow.kind).where(NotificationRow.member_id == who, NotificationRow.kind.like("review%"))
    return list(db.session.scalars(rows.order_by(NotificationRow.at, NotificationRow.id)))


def test_one_alone_is_hidden_until_the_other_has_written(ana: MemberId, bo: MemberId, done: Deal) -> None:
    first = service.write_review(ana, done.order, GOOD)
    assert (seen(bo, bo), seen(ana, bo), seen(None, bo)) == ([], [], [])
    assert queries.get_review(ana, first).visible_at is None
    with pytest.raises(NotFound):
        queries.get_review(bo, first)
    standing = queries.standing_of(bo, get_order(bo, done.order))
    assert standing is not None
    assert (standing.may_write, standing.mine, standing.theirs) == (True, None, None)
    service.write_review(bo, done.order, ReviewDraft(stars=4))
    assert (seen(None, bo), seen(bo, ana)) == (["ana 5"], ["bo 4"])
    assert happened("ReviewUncovered") == 2
    assert checks.run() == []


def test_after_two_weeks_one_alone_is_shown_and_the_other_comes_too_late(
    ana: MemberId, bo: MemberId, done: Deal
) -> None:
    service.write_review(ana, done.order, GOOD)
    with clock.freeze(clock.now() + timedelta(days=14, seconds=1)) as held:
        with pytest.raises(Conflict) as late:
            service.write_review(bo, done.order, ReviewDraft(stars=1))
        assert late.value.error_code == "review_closed"
        for _time in range(3):
            service.pass_time()
        assert seen(None, bo) == ["ana 5"]
        assert service.pass_time() == 0
        held.advance(timedelta(days=16))
        assert service.pass_time() == 1
        assert service.pass_time() == 0
    assert (happened("ReviewUncovered"), happened("SatisfactionAsked")) == (1, 1)
    assert checks.run() == []


def test_whoever_has_not_written_is_reminded_a_week_and_a_day_before(ana: MemberId, bo: MemberId, done: Deal) -> None:
    run_reactions()
    service.write_review(ana, done.order, GOOD)
    with clock.freeze(clock.now() + timedelta(days=7)) as held:
        service.pass_time()
        assert told(bo).count("review_due") == 1
        held.advance(timedelta(days=6))
        service.pass_time()
        service.pass_time()
        assert told(bo).count("review_due") == 2
        assert "review_due" not in told(ana)


def test_only_the_two_of_a_completed_order_and_once(
    ana: MemberId, bo: MemberId, done: Deal, member: MemberFactory
) -> None:
    with pytest.raises(NotFound):
        service.write_review(member("cem"), done.order, GOOD)
    service.write_review(ana, done.order, GOOD)
    with pytest.raises(Conflict) as twice:
        service.write_review(ana, done.order, ReviewDraft(stars=1))
    assert twice.value.error_code == "already_reviewed"
    with pytest.raises(Conflict):
        service.write_review(ana, deal(ana, bo, Stage.HANDED_OVER).order, GOOD)
    with pytest.raises(Invalid):
        service.write_review(bo, done.order, ReviewDraft(stars=0))
    assert len(db.session.scalars(select(Review.id)).all()) == 1


def test_a_good_one_ties_its_author_to_the_other_and_nobody_else(
    ana: MemberId, bo: MemberId, done: Deal, member: MemberFactory
) -> None:
    cem = member("cem")
    run_reactions()
    service.write_review(ana, done.order, GOOD)
    run_reactions()
    assert trades_among([(ana, bo)]) == {}, "as long as it is hidden it says nothing"
    service.write_review(bo, done.order, ReviewDraft(stars=3))
    run_reactions()
    assert trades_among([(ana, bo), (bo, ana), (cem, bo), (ana, cem)]) == {(ana, bo): 1}
    assert told(bo)[-1] == "review"


def test_who_is_blocked_removed_or_gone_is_not_read(
    ana: MemberId, bo: MemberId, done: Deal, member: MemberFactory
) -> None:
    cem, mo = member("cem"), member("mo", role="moderator")
    said = service.write_review(ana, done.order, GOOD)
    service.write_review(bo, done.order, ReviewDraft(stars=4))
    block(cem, ana)
    assert (seen(cem, bo), seen(None, bo)) == ([], ["ana 5"])
    taken = service.remove(said, Ruling(moderator_id=mo))
    assert taken is not None
    assert service.remove(said, Ruling(moderator_id=mo)) is None
    assert seen(None, bo) == []
    service.restore(said, Ruling(moderator_id=mo, taken=taken))
    assert seen(None, bo) == ["ana 5"]


def test_people_whom_the_viewer_knows_come_first(
    ana: MemberId, bo: MemberId, done: Deal, member: MemberFactory
) -> None:
    service.write_review(ana, done.order, GOOD)
    service.write_review(bo, done.order, ReviewDraft(stars=4))
    for number in range(3):
        other = deal(member(f"buyer{number}"), bo, Stage.COMPLETED)
        service.write_review(other.buyer, other.order, ReviewDraft(stars=3))
        service.write_review(bo, other.order, ReviewDraft(stars=4))
    cem = member("cem")
    vouch(cem, ana, "trust", "a friend")
    run_reactions()
    praise = queries.praise_of(cem, bo)
    assert [one.author.handle for one in praise.shown] == ["ana", "buyer2", "buyer1"]
    assert (praise.selling.average, praise.selling.number, praise.buying.number) == ("3.5", 4, 0)
    assert praise.shown[0].trail is not None


def test_export_and_erasure(ana: MemberId, bo: MemberId, done: Deal) -> None:
    service.write_review(ana, done.order, GOOD)
    assert privacy.export(ana)["written"][0]["note"] == GOOD.note
    assert privacy.export(bo)["about_me"] == [], "not before they may read it"
    service.write_review(bo, done.order, ReviewDraft(stars=4, text="Friendly"))
    assert [one["stars"] for one in privacy.export(bo)["about_me"]] == [5]
    erase_member(ana, "ana")
    run_reactions()
    assert seen(None, bo) == []
    assert db.session.scalars(select(Review.id)).all() == []
    assert checks.run() == []


def test_the_private_note_is_in_no_view(ana: MemberId, bo: MemberId, done: Deal) -> None:
    said: ReviewId = service.write_review(ana, done.order, GOOD)
    service.write_review(bo, done.order, ReviewDraft(stars=4))
    assert "late" not in repr(queries.get_review(bo, said))
