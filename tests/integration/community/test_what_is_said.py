"""Words in depth: history, photos, votes, ties, evidence, listings and stores, comments."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select, update

from app.community.comments import service as comments
from app.community.comments.queries import thread
from app.community.item_merges.service import confirm_merge, propose_merge
from app.community.items.service import add_item
from app.community.purchases import service as evidence
from app.community.recommendations import queries, service, subject
from app.community.recommendations.models import HelpfulVote, Recommendation
from app.community.recommendations.values import RecommendationPhotoView
from app.community.subject_items.models import SubjectItem
from app.kernel.clock import Clock
from app.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from app.kernel.subjects import Subject
from app.market.listings.service import publish_listing, remove_listing
from app.market.listings.values import ListingDraft
from app.marketing.advocates import service as advocacy
from app.merchants.stores import service as stores
from app.people.blocks.service import block
from app.people.data_requests.queries import export_member
from app.people.data_requests.service import erase_member
from app.platform.checks import run_checks
from app.platform.database import db, unit_of_work
from app.platform.event_log import run_reactions
from app.platform.files import Photo, store_photo
from app.platform.subjects import Ruling
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory


@dataclass(frozen=True)
class Street:
    """Mira's store sells beans; Ana trusts Bo, Bo trusts Cem."""

    mira: int
    ana: int
    bo: int
    cem: int
    store: str
    beans: str


@pytest.fixture
def street(member: MemberFactory) -> Street:
    mira = member("mira", role="merchant")
    ana, bo, cem = (member(one) for one in ("ana", "bo", "cem"))
    vouch(ana, bo, "trust_fully")
    vouch(bo, cem, "trust_fully")
    store = stores.open_store(mira, name="Bean Bar", slug="bean-bar", about="Coffee")
    beans = add_item(mira, kind="product", title="Beans")
    stores.add_product(mira, store, beans, 1250, "EUR")
    settle()
    return Street(mira, ana, bo, cem, store, beans)


def settle() -> None:
    run_reactions()
    db.session.rollback()


def photo(owner: int) -> RecommendationPhotoView:
    picture = BytesIO()
    Image.new("RGB", (64, 48), "#c4552d").save(picture, "PNG")
    picture.seek(0)
    return RecommendationPhotoView(store_photo(picture, owner).id, "Beans in a bag")


def breaches() -> list[str]:
    db.session.rollback()
    return [line for lines in run_checks().values() for line in lines]


def test_every_change_stays_readable(street: Street, fixed_clock: Clock) -> None:
    ident = service.recommend(street.bo, street.beans, "recommend", text="Fine", rating=5)
    fixed_clock.advance(timedelta(hours=1))
    service.recommend(street.bo, street.beans, "avoid", text="Stale", disclosure="gifted")
    fixed_clock.advance(timedelta(hours=1))
    # The same once more is no change.
    service.recommend(street.bo, street.beans, "avoid", text="Stale", disclosure="gifted")
    now, before = queries.history(None, ident)
    assert (now.stance, now.disclosure, now.until) == ("avoid", "gifted", None)
    assert (before.stance, before.rating, before.disclosure) == ("recommend", 5, "none")
    assert before.until == now.said_at == before.said_at + timedelta(hours=1)
    assert not breaches()


def test_what_a_moderator_removed_is_in_no_history(street: Street) -> None:
    ident = service.recommend(street.bo, street.beans, "recommend", text="A slur")
    service.recommend(street.bo, street.beans, "recommend", text="Another slur", photos=[photo(street.bo)])
    subject.remove(ident, Ruling(moderator_id=1))
    with pytest.raises(NotFound):
        queries.history(None, ident)
    service.recommend(street.bo, street.beans, "recommend", text="Kind words")
    assert len(queries.history(None, ident)) == 1
    assert queries.endorsement(None, ident).photos == ()
    assert not breaches()


def test_photos_are_ones_own_and_few(street: Street) -> None:
    mine, other = photo(street.bo), photo(street.cem)
    ident = service.recommend(street.bo, street.beans, "recommend", photos=[mine])
    with pytest.raises(Invalid):
        service.add_photos(street.bo, ident, [other])
    with pytest.raises(Forbidden):
        service.add_photos(street.cem, ident, [other])
    with pytest.raises(Invalid):
        service.add_photos(street.bo, ident, [photo(street.bo) for _ in range(5)])
    (shown,) = queries.endorsement(street.ana, ident).photos
    assert (shown.id, shown.alt) == (mine.id, "Beans in a bag")
    service.recommend(street.bo, street.beans, "recommend", photos=[])
    assert queries.endorsement(street.ana, ident).photos == ()
    assert db.session.get(Photo, mine.id) is None
    again = photo(street.bo)
    service.add_photos(street.bo, ident, [again])
    subject.remove_photo(again.id, Ruling(moderator_id=1))
    subject.remove_photo(again.id, Ruling(moderator_id=1))
    assert queries.endorsement(street.ana, ident).photos == ()


def test_who_is_tied_to_the_seller_must_say_what_they_get(street: Street) -> None:
    service.recommend(street.bo, street.beans, "recommend")
    advocacy.become_advocate(street.bo, street.store, consent=False)
    settle()
    other = add_item(street.mira, kind="product", title="Tea")
    calls: list[Callable[..., str]] = [
        partial(service.recommend, street.bo, street.beans, "recommend"),
        partial(service.recommend_subject, street.bo, Subject("store", street.store), "recommend"),
    ]
    for call in calls:
        with pytest.raises(Invalid) as refused:
            call(text="New words")
        assert refused.value.error_code == "disclosure_required"
        assert call(disclosure="paid")
    # What the store does not sell is asked as of everybody, and so is everything after leaving.
    assert service.recommend(street.bo, other, "recommend")
    assert service.recommend(street.cem, street.beans, "recommend")
    stores.add_product(street.mira, street.store, other, 900, "EUR")
    settle()
    with pytest.raises(Invalid):
        service.recommend(street.bo, other, "avoid")
    with pytest.raises(Invalid):
        service.recommend(street.mira, street.beans, "recommend")
    advocacy.leave(street.bo, street.store)
    settle()
    assert service.recommend(street.bo, street.beans, "recommend")


def test_a_listing_and_a_store_are_recommended_too(street: Street) -> None:
    draft = ListingDraft(kind="sale", title="Mill", category="home", condition="good", price=Decimal(5))
    listing = Subject("listing", publish_listing(street.mira, draft))
    assert queries.endorsements_about(street.ana, listing) is None
    for who in (street.bo, street.cem):
        service.recommend_subject(who, listing, "recommend", text="Grinds well")
    service.recommend_subject(street.cem, Subject("store", street.store), "recommend")
    found = queries.endorsements_about(street.ana, listing)
    assert found is not None
    assert [one.path for one in found.trusted] == [["ana", "bo"], ["ana", "bo", "cem"]]
    assert (found.recommending, found.independent_ways) == (2, 1)
    assert db.session.scalar(select(func.count()).select_from(SubjectItem)) == 2
    with pytest.raises(Invalid):
        service.recommend_subject(street.mira, listing, "recommend")
    with pytest.raises(NotFound):
        service.recommend_subject(street.bo, Subject("vouch", "1"), "recommend")
    # A merchant's listing is the store's: who speaks for the store must say what they get.
    advocacy.become_advocate(street.bo, street.store, consent=False)
    settle()
    with pytest.raises(Invalid):
        service.recommend_subject(street.bo, listing, "recommend")
    remove_listing(street.mira, listing.id)
    settle()
    assert queries.by_member(None, street.cem)[0].item_title == "Bean Bar"
    assert len(queries.by_member(None, street.cem)) == 1
    with pytest.raises(NotFound):
        service.recommend_subject(street.cem, listing, "recommend")


def test_evidence_marks_what_was_said_before_and_after(street: Street, member: MemberFactory) -> None:
    root = member("olga", role="operator")
    early = service.recommend(street.bo, street.beans, "recommend")
    records = [evidence.record_purchase(root, who, street.beans) for who in (street.bo, street.cem)]
    assert evidence.record_purchase(root, street.bo, street.beans) == records[0]
    settle()
    late = service.recommend(street.cem, street.beans, "avoid")
    assert queries.endorsement(None, early).verified_purchase
    assert queries.endorsement(None, late).verified_purchase
    with pytest.raises(Forbidden):
        evidence.record_purchase(street.bo, street.bo, street.beans)
    with pytest.raises(Forbidden):
        evidence.withdraw_purchase(street.mira, records[0])
    evidence.withdraw_purchase(root, records[0])
    evidence.withdraw_purchase(root, records[0])
    settle()
    assert not queries.endorsement(None, early).verified_purchase
    assert queries.endorsement(None, late).verified_purchase


def test_helpful_counts_each_member_once(street: Street) -> None:
    ident = service.recommend(street.bo, street.beans, "recommend")
    for _ in range(2):
        assert service.set_helpful(street.ana, ident, helpful=True) == 1
    assert service.set_helpful(street.cem, ident, helpful=True) == 2
    with pytest.raises(Forbidden):
        service.set_helpful(street.bo, ident, helpful=True)
    for _ in range(2):
        assert service.set_helpful(street.ana, ident, helpful=False) == 1
    one = queries.endorsement(street.cem, ident)
    assert (one.helpful, one.helped) == (1, True)
    assert not breaches()


def _together(app: Flask, people: list[int], work: Callable[[int], object]) -> list[object]:
    gate = threading.Barrier(len(people))

    def run(who: int) -> object:
        with app.app_context():
            gate.wait(timeout=30)
            try:
                return work(who)
            except DomainError as problem:
                return problem
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(run, people))


def test_votes_at_the_same_moment_are_all_counted_once(app: Flask, street: Street, member: MemberFactory) -> None:
    ident = service.recommend(street.bo, street.beans, "recommend")
    people = [member(f"p{n}") for n in range(8)]
    # Everybody from two browsers at once.
    _together(app, people * 2, lambda who: service.set_helpful(who, ident, helpful=True))
    db.session.rollback()
    votes = db.session.scalar(select(func.count()).select_from(HelpfulVote))
    assert (votes, queries.endorsement(None, ident).helpful) == (8, 8)

    def naive(_who: int) -> None:
        """Read, think, write: what the counter must not do."""
        read = db.session.scalar(select(Recommendation.helpful_count).where(Recommendation.id == ident))
        both_have_read.wait(timeout=30)
        with unit_of_work():
            db.session.execute(
                update(Recommendation).where(Recommendation.id == ident).values(helpful_count=(read or 0) + 1)
            )

    both_have_read = threading.Barrier(4)
    _together(app, people[:4], naive)
    db.session.rollback()
    assert queries.endorsement(None, ident).helpful < 12


def test_one_word_of_each_member_on_each_item(app: Flask, street: Street) -> None:
    ids = _together(
        app,
        [street.bo] * 8,
        lambda who: service.recommend(who, street.beans, "recommend", text=threading.current_thread().name),
    )
    assert len(set(ids)) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Recommendation)) == 1
    assert len(queries.history(None, str(ids[0]))) == 8
    draft = ListingDraft(kind="give", title="Jar", category="home", condition="good")
    jar = Subject("listing", publish_listing(street.ana, draft))
    said = _together(app, [street.bo, street.cem] * 4, lambda who: service.recommend_subject(who, jar, "recommend"))
    assert len(set(said)) == 2
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(SubjectItem)) == 1
    assert not breaches()


def test_a_thread_shows_who_speaks_and_how_one_knows_them(street: Street) -> None:
    ident = service.recommend(street.cem, street.beans, "recommend")
    first = comments.add_comment(street.bo, ident, "Which **roast**?")
    second = comments.add_comment(street.cem, ident, "Dark.")
    found = thread(street.ana, ident, street.cem).items
    assert [one.author.handle for one in found] == ["bo", "cem"]
    assert found[0].trail is not None
    assert "<strong>roast</strong>" in found[0].text_html
    with pytest.raises(Forbidden):
        comments.remove_comment(street.ana, first)
    comments.remove_comment(street.cem, first)  # under one's own recommendation
    comments.remove(second, Ruling(moderator_id=1))
    comments.remove(second, Ruling(moderator_id=1))
    assert queries.endorsement(None, ident).comments == 0
    assert not thread(street.ana, ident, street.cem).items
    for text in ("", " \u202e ", "x" * 2001):
        with pytest.raises(Invalid):
            comments.add_comment(street.bo, ident, text)
    block(street.cem, street.bo)
    with pytest.raises(Forbidden):
        comments.add_comment(street.bo, ident, "Hello?")
    assert not breaches()


def test_what_is_kept_is_for_oneself_and_goes_with_the_words(street: Street) -> None:
    ident = service.recommend(street.bo, street.beans, "recommend")
    for _ in range(2):
        service.save_recommendation(street.ana, ident, keep=True)
    assert [one.id for one in queries.saved(street.ana)] == [ident]
    assert queries.saved(street.bo) == []
    service.take_back(street.bo, ident)
    assert queries.saved(street.ana) == []
    with pytest.raises(NotFound):
        service.save_recommendation(street.cem, ident, keep=True)
    service.save_recommendation(street.ana, ident, keep=False)


def test_everybody_else_comes_in_pages_the_helpful_first(street: Street, member: MemberFactory) -> None:
    strangers = [member(f"s{n}") for n in range(5)]
    ids = [service.recommend(who, street.beans, "recommend" if n else "avoid") for n, who in enumerate(strangers)]
    paid = service.recommend(member("s9"), street.beans, "recommend", disclosure="paid")
    service.set_helpful(street.ana, ids[2], helpful=True)
    service.set_helpful(street.ana, paid, helpful=True)
    seen: list[str] = []
    start: int | None = 0
    while start is not None:
        page = queries.endorsements(street.ana, street.beans, others=4, start=start)
        seen += [one.id for one in page.everybody]
        start = page.everybody_next
    assert seen[0] == ids[2]
    assert seen[-1] == paid
    assert sorted(seen) == sorted([*ids, paid])
    only = queries.endorsements(street.ana, street.beans, others=4, stance="avoid")
    assert [one.id for one in only.everybody] == [ids[0]]


def test_a_person_takes_their_words_along(street: Street) -> None:
    ident = service.recommend(street.bo, street.beans, "recommend", text="Old", photos=[photo(street.bo)])
    service.recommend(street.bo, street.beans, "recommend", text="New")
    other = service.recommend(street.cem, street.beans, "recommend")
    comments.add_comment(street.bo, other, "So it is")
    service.set_helpful(street.bo, other, helpful=True)
    service.save_recommendation(street.bo, other, keep=True)
    told = export_member(street.bo)
    assert told["recommendations"]["said"][0]["text"] == "New"
    assert told["recommendations"]["earlier"][0]["text"] == "Old"
    assert told["recommendations"]["helpful"] == told["recommendations"]["saved"] == [other]
    assert told["comments"][0]["text"] == "So it is"
    erase_member(street.bo, "bo")
    with pytest.raises(NotFound):
        queries.get_recommendation_view(None, ident)
    left = queries.endorsement(None, other)
    assert (left.helpful, left.comments) == (0, 0)
    assert not breaches()


def test_a_full_thread_takes_no_more(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comments, "MAX_COMMENTS", 1)
    ident = service.recommend(street.bo, street.beans, "recommend")
    comments.add_comment(street.ana, ident, "One")
    with pytest.raises(Conflict):
        comments.add_comment(street.ana, ident, "Two")


def test_evidence_and_ties_follow_a_merge(street: Street, member: MemberFactory) -> None:
    olga, maja = member("olga", role="operator"), member("maja", role="moderator")
    double = add_item(street.mira, kind="product", title="Coffee beans, dark")
    said = service.recommend(street.bo, double, "recommend")
    evidence.record_purchase(olga, street.bo, street.beans)
    early = evidence.record_purchase(olga, street.cem, double)
    advocacy.become_advocate(street.ana, street.store, consent=False)
    settle()
    assert not queries.endorsement(None, said).verified_purchase
    confirm_merge(maja, propose_merge(street.ana, street.beans, double))
    settle()
    assert queries.endorsement(None, said).verified_purchase
    with pytest.raises(Invalid):
        service.recommend(street.ana, double, "recommend")
    assert queries.endorsement(None, service.recommend(street.cem, double, "avoid")).verified_purchase
    evidence.withdraw_purchase(olga, early)
    assert not breaches()
