"""Whom a seller shows a listing to: steps are counted from the seller, and grow with the days."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.discovery.saved_searches.service import save_search
from app.discovery.search.queries import search
from app.discovery.search.values import Wanted
from app.kernel.clock import Clock
from app.kernel.errors import NotFound
from app.market.audiences import privacy
from app.market.audiences import service as audiences
from app.market.audiences.models import ReachingSeller, SellerReach
from app.market.audiences.values import SHOWN_TO_ALL
from app.market.listings import service
from app.market.listings.queries import browse, draft_of, get_listing
from app.market.listings.values import ListingDraft, MarketFilter
from app.notifications.inbox.models import NotificationRow
from app.people.data_requests.service import erase_member
from app.platform.database import db
from app.platform.event_log import run_reactions
from app.platform.subjects import visible
from app.trust.vouches.service import vouch, withdraw
from tests.support.people import MemberFactory

People = dict[str, int]


@pytest.fixture
def people(app: Flask, member: MemberFactory) -> People:
    """Bo trusts Ana, who trusts Cem, who trusts Dee; Eve trusts Bo, and nobody trusts her."""
    found = {name: member(name) for name in ("ana", "bo", "cem", "dee", "eve")}
    for one, other in (("bo", "ana"), ("ana", "cem"), ("cem", "dee"), ("eve", "bo")):
        vouch(found[one], found[other], "trust", "known for years")
    run_reactions()
    return found


def offer(people: People, **how: int) -> str:
    draft = ListingDraft(kind="give", title="Quilted lamp", category="home", condition="good", **how)
    return service.publish_listing(people["bo"], draft)


def seers(people: People, listing: str) -> set[str]:
    return {name for name, ident in people.items() if visible(ident, "listing", [listing])}


@pytest.mark.parametrize(
    ("steps", "who"),
    [
        (0, {"ana", "bo", "cem", "dee", "eve"}),
        (1, {"ana", "bo"}),
        (2, {"ana", "bo", "cem"}),
        (3, {"ana", "bo", "cem", "dee"}),
    ],
)
def test_steps_count_from_the_seller(people: People, steps: int, who: set[str]) -> None:
    listing = offer(people, audience=steps)
    assert seers(people, listing) == who
    assert bool(visible(None, "listing", [listing])) is not bool(steps)


def test_every_list_and_count_obeys(people: People) -> None:
    offer(people, audience=1)
    for name, expected in (("ana", 1), ("eve", 0)):
        assert len(browse(people[name], MarketFilter()).items) == expected
        assert browse(people[name], MarketFilter(q="quilted")).shown == expected
        assert search(people[name], Wanted(q="quilted", kind="listing")).counts["listing"] == expected
    # Eve trusts Bo: what he does not show her is not even counted. Ana does not: hers is there beyond the filter.
    assert browse(people["eve"], MarketFilter(hops=1)).hidden == 0
    assert browse(people["ana"], MarketFilter(hops=1)).hidden == 1


def test_a_saved_search_tells_only_the_audience(people: People) -> None:
    for name in ("ana", "eve"):
        save_search(people[name], Wanted(q="quilted", kind="listing"))
    listing = offer(people, audience=1)
    run_reactions()
    told = select(NotificationRow.member_id).where(NotificationRow.subject_id == listing)
    assert set(db.session.scalars(told)) == {people["ana"]}


def test_whom_the_seller_trusts_from_now_on_sees_it_and_whom_no_more_does_not(people: People) -> None:
    listing = offer(people, audience=1)
    vouch(people["bo"], people["eve"], "trust", "she is fine")
    run_reactions()
    assert seers(people, listing) == {"ana", "bo", "eve"}
    withdraw(people["bo"], people["ana"])
    run_reactions()
    assert seers(people, listing) == {"bo", "eve"}


def test_what_friends_do_counts_at_the_next_look(people: People, fixed_clock: Clock) -> None:
    listing = offer(people, audience=2)
    vouch(people["ana"], people["eve"], "trust", "she is fine")
    run_reactions()
    assert "eve" not in seers(people, listing)
    fixed_clock.advance(timedelta(minutes=2))
    assert audiences.read_oldest() == 1
    assert "eve" in seers(people, listing)
    assert audiences.read_oldest() == 0  # just read


def test_the_audience_grows_by_a_step_until_everyone_sees_it(people: People, fixed_clock: Clock) -> None:
    listing = offer(people, audience=1, widen_days=3)
    seen = [len(seers(people, listing))]
    for _ in range(3):
        fixed_clock.advance(timedelta(days=3, minutes=1))
        assert service.widen_listings() == 1
        seen.append(len(seers(people, listing)))
    assert seen == [2, 3, 4, 5]
    fixed_clock.advance(timedelta(days=30))
    assert service.widen_listings() == 0


def test_it_stops_where_the_seller_wants(people: People, fixed_clock: Clock) -> None:
    listing = offer(people, audience=1, widen_days=1, widen_to=2)
    for _ in range(3):
        fixed_clock.advance(timedelta(days=1, minutes=1))
        service.widen_listings()
    assert seers(people, listing) == {"ana", "bo", "cem"}


def test_other_words_do_not_begin_the_time_anew(people: People, fixed_clock: Clock) -> None:
    listing = offer(people, audience=1, widen_days=3)
    first = get_listing(people["bo"], listing).shown.widens_at
    fixed_clock.advance(timedelta(days=1))
    service.edit_listing(people["bo"], listing, lambda now: replace(now, title="Blue lamp"))
    assert get_listing(people["bo"], listing).shown.widens_at == first
    service.edit_listing(people["bo"], listing, lambda now: replace(now, audience=0, widen_days=0))
    assert get_listing(people["bo"], listing).shown.widens_at is None


def test_the_seller_alone_is_told_the_audience(people: People) -> None:
    listing = offer(people, audience=2)
    own, other = get_listing(people["bo"], listing), get_listing(people["ana"], listing)
    assert (own.shown.audience.steps, own.shown.people) == (2, 2)
    assert other.shown == SHOWN_TO_ALL
    assert draft_of(own).audience == 2


def test_who_is_outside_cannot_keep_it(people: People) -> None:
    with pytest.raises(NotFound):
        service.save_listing(people["eve"], offer(people, audience=1), keep=True)


def test_a_reach_that_nobody_needs_is_forgotten(people: People) -> None:
    listing = offer(people, audience=1)
    audiences.forget_idle()
    assert db.session.get(ReachingSeller, people["bo"]) is not None
    service.edit_listing(people["bo"], listing, lambda now: replace(now, audience=0))
    audiences.forget_idle()
    assert db.session.scalar(select(func.count()).select_from(SellerReach)) == 0


def test_who_leaves_is_in_no_audience(people: People) -> None:
    offer(people, audience=3)
    assert privacy.export(people["bo"])["reached"] == [1, 2, 3]
    erase_member(people["ana"], "ana")
    assert db.session.scalar(select(SellerReach.steps).where(SellerReach.member_id == people["ana"])) is None
