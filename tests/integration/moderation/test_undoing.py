"""A removal that is undone brings back what that decision took, and nothing else; on both databases."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.community.comments.models import Comment
from app.community.comments.service import add_comment, remove_comment
from app.community.commercial_ties.models import CommercialTie, ItemParty
from app.community.items.models import Item
from app.community.items.service import add_item
from app.community.recommendations.models import Recommendation, RecommendationPhoto
from app.community.recommendations.service import recommend, recommend_subject
from app.community.recommendations.values import RecommendationPhotoView
from app.kernel.clock import Clock
from app.kernel.errors import Conflict, Forbidden, NotFound
from app.kernel.subjects import Subject
from app.market.listings.models import Listing
from app.market.listings.service import mark_sold, publish_listing
from app.market.listings.values import ListingDraft
from app.merchants.stores.service import add_product, open_store
from app.messaging.groups.queries import get_room
from app.messaging.groups.service import join_room, open_room
from app.moderation.decisions.models import Decision
from app.moderation.decisions.queries import find_decision
from app.moderation.decisions.service import decide, undo
from app.moderation.reports.queries import decided_with
from app.moderation.reports.service import file_report
from app.people.data_requests.service import erase_member
from app.platform.database import db
from app.platform.event_log import run_reactions
from app.platform.files import Photo, expire_photos
from app.trust.circle.checks import CHECKS
from app.trust.upheld_reports.models import UpheldReport
from tests.support.people import MemberFactory
from tests.support.visibility_town import picture

pytestmark = pytest.mark.databases("sqlite", "postgres")

LAMP = ListingDraft(kind="sale", title="A stolen lamp", condition="good", price=Decimal(18))
People = dict[str, int]


@pytest.fixture
def people(member: MemberFactory) -> People:
    return {
        "ana": member("ana"),
        "bo": member("bo", role="merchant"),
        "cem": member("cem"),
        "mo": member("mo", role="moderator"),
        "mia": member("mia", role="moderator"),
    }


def removed(people: People, kind: str, ident: str) -> str:
    """The report whose decision has removed it."""
    report = file_report(people["ana"], Subject(kind, ident), "scam")
    decide(people["mo"], report, "remove", "It breaks the rules.")
    settle()
    return report


def undone(people: People, report: str) -> None:
    undo(people["mia"], report, "Looked at again.")
    settle()


def settle() -> None:
    while run_reactions():
        pass
    db.session.expire_all()


def test_only_a_moderator_undoes_and_only_once(people: People) -> None:
    listing = publish_listing(people["bo"], LAMP)
    report = removed(people, "listing", listing)
    with pytest.raises(Forbidden):
        undo(people["bo"], report, "It is mine.")
    with pytest.raises(NotFound):
        undo(people["mo"], "nothing", "Why not.")
    found = find_decision(people["mo"], report)
    assert found is not None
    assert found.undoable
    undone(people, report)
    with pytest.raises(Conflict, match="already"):
        undo(people["mo"], report, "Once more.")
    found = find_decision(people["mo"], report)
    assert found is not None
    assert found.undone_at is not None
    assert not found.undoable


def test_a_moderator_does_not_undo_what_was_decided_about_their_own(people: People) -> None:
    report = removed(people, "listing", publish_listing(people["mia"], LAMP))
    with pytest.raises(Forbidden):
        undo(people["mia"], report, "It is mine.")


def test_a_dismissed_report_has_nothing_to_undo(people: People) -> None:
    report = file_report(people["ana"], Subject("listing", publish_listing(people["bo"], LAMP)), "scam")
    decide(people["mo"], report, "dismiss", "Nothing wrong.")
    settle()
    with pytest.raises(Conflict, match="nothing to restore"):
        undo(people["mo"], report, "Why not.")


def test_what_its_author_took_away_before_stays_away(people: People) -> None:
    item = add_item(people["bo"], kind="product", title="A kettle")
    words = recommend(people["bo"], item, "recommend", text="It is fine")
    comment = add_comment(people["bo"], words, "Really fine")
    report = file_report(people["ana"], Subject("comment", comment), "spam")
    remove_comment(people["bo"], comment)
    decide(people["mo"], report, "remove", "It breaks the rules.")
    settle()
    with pytest.raises(Conflict, match="nothing to restore"):
        undo(people["mo"], report, "Why not.")
    assert db.session.scalar(select(Comment.removed_at).where(Comment.id == comment)) is not None


def test_a_sold_listing_comes_back_sold(people: People) -> None:
    listing = publish_listing(people["bo"], LAMP)
    mark_sold(people["bo"], listing)
    before = db.session.scalar(select(Listing.updated_at).where(Listing.id == listing))
    undone(people, removed(people, "listing", listing))
    row = db.session.get_one(Listing, listing, populate_existing=True)
    assert (row.status, row.updated_at) == ("sold", before)


def test_words_that_were_said_anew_are_left_alone(people: People) -> None:
    item = add_item(people["cem"], kind="product", title="A kettle")
    words = recommend(people["bo"], item, "recommend", text="Buy it at once")
    report = removed(people, "recommendation", words)
    recommend(people["bo"], item, "recommend", text="It is fine")
    undone(people, report)
    row = db.session.get_one(Recommendation, words, populate_existing=True)
    assert (row.text, row.removed_at, row.revision_count) == ("It is fine", None, 0)


def test_a_number_that_another_item_has_got_since_stays_there(people: People) -> None:
    item = add_item(people["bo"], kind="product", title="A kettle", gtin="4006381333931", url="https://a.example/1")
    report = removed(people, "item", item)
    honest = add_item(people["cem"], kind="product", title="The kettle", gtin="4006381333931")
    undone(people, report)
    back, other = (db.session.get_one(Item, one, populate_existing=True) for one in (item, honest))
    assert (back.removed_at, back.gtin, other.gtin) == (None, None, "04006381333931")
    assert back.url_key is not None


def test_the_item_of_a_listing_comes_back_with_it_unless_it_was_removed_itself(people: People) -> None:
    for itself in (False, True):
        listing = publish_listing(people["bo"], LAMP)
        words = recommend_subject(people["cem"], Subject("listing", listing), "recommend", text="A fine lamp")
        item = db.session.get_one(Recommendation, words).item_id
        if itself:
            removed(people, "item", item)
        report = removed(people, "listing", listing)
        assert db.session.get_one(Item, item).removed_at is not None
        undone(people, report)
        assert (db.session.get_one(Item, item).removed_at is not None) is itself


def test_a_store_comes_back_with_what_ties_to_it(people: People) -> None:
    item = add_item(people["bo"], kind="product", title="A kettle")
    store = open_store(people["bo"], name="Kettles", slug="kettles")
    add_product(people["bo"], store, item, 1800, "EUR")
    settle()
    tied = [(one.member_id, one.role) for one in db.session.scalars(select(CommercialTie))]
    assert tied == [(people["bo"], "owner")]
    report = removed(people, "store", store)
    assert not db.session.scalars(select(CommercialTie)).all()
    undone(people, report)
    assert [(one.member_id, one.role) for one in db.session.scalars(select(CommercialTie))] == tied
    assert [one.item_id for one in db.session.scalars(select(ItemParty))] == [item]


def test_a_room_comes_back_with_whoever_is_here_still(people: People) -> None:
    room = open_room(people["bo"], "Lovers of kettles")
    for one in ("cem", "mia"):
        join_room(people[one], room)
    report = removed(people, "room", room)
    with pytest.raises(NotFound):
        get_room(people["cem"], room)
    erase_member(people["bo"], "bo")
    undone(people, report)
    assert get_room(people["cem"], room).inside
    assert get_room(people["cem"], room).people == 2


def test_a_photo_waits_for_the_undoing_and_goes_with_its_author(people: People, fixed_clock: Clock) -> None:
    item = add_item(people["cem"], kind="product", title="A kettle")
    photos = [picture(people["bo"]) for _ in range(3)]
    shown = [RecommendationPhotoView(one, f"Number {number}") for number, one in enumerate(photos)]
    words = recommend(people["bo"], item, "recommend", text="Look", photos=shown)
    report = removed(people, "said_photo", photos[1])
    fixed_clock.advance(timedelta(days=3))
    expire_photos()
    there = select(RecommendationPhoto.photo_id).where(RecommendationPhoto.recommendation_id == words)
    assert list(db.session.scalars(there.order_by(RecommendationPhoto.position))) == [photos[0], photos[2]]
    undone(people, report)
    assert list(db.session.scalars(there.order_by(RecommendationPhoto.position))) == photos
    removed(people, "said_photo", photos[1])
    erase_member(people["bo"], "bo")
    assert db.session.scalars(select(Photo.id).where(Photo.id.in_(photos))).all() == []
    assert db.session.scalars(select(Decision.photo_id)).all() == [None, None]


def test_a_report_that_was_wrong_after_all_takes_no_trust(people: People) -> None:
    listing = publish_listing(people["bo"], LAMP)
    file_report(people["cem"], Subject("listing", listing), "spam")
    report = removed(people, "listing", listing)
    pairs = select(UpheldReport.reporter_id, UpheldReport.member_id)
    assert {tuple(row) for row in db.session.execute(pairs)} == {
        (people["ana"], people["bo"]),
        (people["cem"], people["bo"]),
    }
    undone(people, report)
    assert db.session.execute(pairs).all() == []
    assert list(CHECKS["trust graph"]()) == []


def test_two_decisions_of_one_moment_are_two(people: People, fixed_clock: Clock) -> None:
    """What ties reports is the decision, not when it was made."""
    listing = publish_listing(people["bo"], LAMP)
    first = file_report(people["ana"], Subject("listing", listing), "scam")
    also = file_report(people["cem"], Subject("listing", listing), "spam")
    decide(people["mo"], first, "remove", "Away with it.")
    assert decided_with(first) == decided_with(also) == sorted([(first, people["ana"]), (also, people["cem"])])
    settle()
    undone(people, first)
    second = file_report(people["ana"], Subject("listing", listing), "scam")
    decide(people["mo"], second, "remove", "And again.")
    assert decided_with(second) == [(second, people["ana"])]
    moments = db.session.scalars(select(Decision.decided_at)).all()
    assert moments == [fixed_clock.now()] * 2
