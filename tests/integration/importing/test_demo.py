"""The demo community is whole, the same at every run, and only for an empty database."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.community.recommendations.models import Recommendation
from app.demo.community import fill_demo
from app.kernel.errors import Conflict
from app.market.cases.models import OrderCase
from app.market.cases.values import CaseState
from app.market.listings.models import Listing, ListingPhoto
from app.marketing.advocates.queries import report
from app.merchants.carts.models import CartLine
from app.merchants.catalogue.models import Variant
from app.merchants.stores.queries import get_by_slug
from app.messaging.conversations.models import Message
from app.moderation.reports.models import Report
from app.people.accounts.models import Member
from app.people.accounts.queries import member_id
from app.platform import checks
from app.platform.database import db
from app.trust.circle.queries import circle_of, trails
from tests.support.trails import drawn_links, misnamed, told_links

MEMBERS = 14


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_small_demo_is_a_whole_community(app: Flask) -> None:
    steps: list[tuple[int, int]] = []
    fill_demo(MEMBERS, lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1], "the progress bar ends full"
    assert _count(Member) == MEMBERS
    assert _count(Listing) >= 2 * MEMBERS
    assert _count(ListingPhoto) >= 2 * MEMBERS
    assert _count(Recommendation) > MEMBERS
    assert _count(Message) > 10
    assert _count(Report) >= 1
    assert set(db.session.scalars(select(OrderCase.state))) == {CaseState.TALK, CaseState.DECIDED}
    assert _count(Variant) == 4
    assert _count(CartLine) == 2
    assert report(get_by_slug(None, "stilla").id).total.visits > 0
    assert len(circle_of(member_id("ana"))) > 3
    assert all(not breaches for breaches in checks.run_checks().values())
    everybody = list(db.session.scalars(select(Member.id)))
    with app.test_request_context():
        for way in (way for one in everybody for way in trails(one, everybody).values()):
            assert told_links(way) == drawn_links(way) == len(way.steps) - 1
            assert not misnamed(way)
    with pytest.raises(Conflict):
        fill_demo(MEMBERS, lambda _done, _total: None)
