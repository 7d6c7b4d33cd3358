"""A bad review is answered, put right and said anew; nothing of what was said before is lost."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.ids import MemberId, ReviewId
from app.market.orders.values import Stage
from app.market.reviews import afterwards, checks, privacy, queries
from app.market.reviews.service import write_review
from app.market.reviews.values import Remedy, ReviewDraft
from app.notifications.inbox.models import NotificationRow
from app.people.data_requests.service import erase_member
from app.platform.database import db
from app.platform.event_log import run_reactions
from app.platform.subjects import Ruling
from app.trust.trades.queries import trades_among
from tests.support.orders import deal
from tests.support.people import MemberFactory

BAD = ReviewDraft(stars=1, text="It came broken", parts={"described": 1})


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> MemberId:
    return member("ana")


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> MemberId:
    return member("bo")


@pytest.fixture
def said(ana: MemberId, bo: MemberId) -> ReviewId:
    run_reactions()
    made = deal(ana, bo, Stage.COMPLETED)
    found = write_review(ana, made.order, BAD)
    write_review(bo, made.order, ReviewDraft(stars=5))
    return found


def told(who: MemberId) -> int:
    run_reactions()
    rows = select(NotificationRow.id).where(NotificationRow.member_id == who, NotificationRow.kind == "review_reply")
    return len(db.session.scalars(rows).all())


def test_one_answer_by_the_reviewed_one(ana: MemberId, bo: MemberId, said: ReviewId, member: MemberFactory) -> None:
    with pytest.raises(Invalid):
        afterwards.answer_review(bo, said, "  ")
    for other in (ana, member("cem")):
        with pytest.raises(Forbidden):
            afterwards.answer_review(other, said, "Well")
    afterwards.answer_review(bo, said, "I am **sorry**")
    with pytest.raises(Conflict) as twice:
        afterwards.answer_review(bo, said, "And another thing")
    assert twice.value.error_code == "answered"
    found = queries.get_review(None, said).answer
    assert found is not None
    assert "<strong>sorry</strong>" in found.text_html
    assert told(ana) == 1
    taken = afterwards.remove_answer(said, Ruling(moderator_id=bo))
    assert queries.get_review(None, said).answer is None
    afterwards.restore_answer(said, Ruling(moderator_id=bo, taken=taken or {}))
    assert queries.get_review(None, said).answer is not None


def test_hidden_ones_cannot_be_answered(ana: MemberId, bo: MemberId) -> None:
    hidden = write_review(ana, deal(ana, bo, Stage.COMPLETED).order, BAD)
    with pytest.raises(NotFound):
        afterwards.answer_review(bo, hidden, "Guessed!")


def test_put_right_and_said_anew_once(ana: MemberId, bo: MemberId, said: ReviewId) -> None:
    better = ReviewDraft(stars=5, text="He sent a new one")
    with pytest.raises(Conflict):
        afterwards.update_review(ana, said, better)
    with pytest.raises(Conflict):
        afterwards.finish_recovery(bo, said)
    with pytest.raises(Invalid) as unknown:
        afterwards.offer_recovery(bo, said, "magic", "Abracadabra")
    assert unknown.value.error_code == "bad_remedy"
    afterwards.offer_recovery(bo, said, Remedy.REPLACEMENT, "I send you another one")
    with pytest.raises(Conflict):
        afterwards.offer_recovery(bo, said, Remedy.APOLOGY, "Sorry")
    with pytest.raises(Conflict):
        afterwards.update_review(ana, said, better)
    afterwards.finish_recovery(bo, said)
    assert told(ana) == 2
    with pytest.raises(NotFound):
        afterwards.update_review(bo, said, better)
    afterwards.update_review(ana, said, better)
    with pytest.raises(Conflict):
        afterwards.update_review(ana, said, ReviewDraft(stars=1))
    now = queries.get_review(None, said)
    assert (now.stars, now.text, dict(now.parts)) == (5, "He sent a new one", {})
    assert now.recovery is not None
    assert now.recovery.updated_at is not None
    assert [(one.stars, "broken" in one.text_html) for one in queries.versions_of(said)] == [(1, True)]
    run_reactions()
    assert trades_among([(ana, bo)]) == {(ana, bo): 1}
    assert checks.run() == []


def test_only_buyers_and_only_bad_ones_are_put_right(ana: MemberId, bo: MemberId) -> None:
    made = deal(ana, bo, Stage.COMPLETED)
    fine = write_review(ana, made.order, ReviewDraft(stars=3))
    of_buyer = write_review(bo, made.order, ReviewDraft(stars=1))
    for actor, one in ((bo, fine), (ana, of_buyer)):
        with pytest.raises(Forbidden) as refused:
            afterwards.offer_recovery(actor, one, Remedy.APOLOGY, "Sorry")
        assert refused.value.error_code == "not_bad"


def test_export_and_erasure_of_the_one_who_answered(ana: MemberId, bo: MemberId, said: ReviewId) -> None:
    afterwards.answer_review(bo, said, "Sorry")
    afterwards.offer_recovery(bo, said, Remedy.REFUND, "Half of it")
    afterwards.finish_recovery(bo, said)
    afterwards.update_review(ana, said, ReviewDraft(stars=3, text="Well"))
    assert [one["text"] for one in privacy.export(bo)["answers"] + privacy.export(bo)["offers"]] == [
        "Sorry",
        "Half of it",
    ]
    assert [one["text"] for one in privacy.export(ana)["before"]] == ["It came broken"]
    erase_member(bo, "bo")
    assert privacy.export(ana) == {"written": [], "before": [], "about_me": [], "answers": [], "offers": []}
