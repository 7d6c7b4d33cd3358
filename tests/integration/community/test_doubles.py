"""One entry for one thing: found before it is added twice, made one when it was."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.community.comments.service import add_comment
from app.community.commercial_ties.models import ItemParty
from app.community.item_merges import checks, moving
from app.community.item_merges.models import ItemMerge
from app.community.item_merges.queries import get_merge, open_merges
from app.community.item_merges.service import confirm_merge, propose_merge, refuse_merge
from app.community.items.models import Item
from app.community.items.queries import (
    Moved,
    answers_to,
    browse,
    candidates,
    get_by_external,
    get_item,
    similar_items,
)
from app.community.items.service import Duplicate, add_item, remove
from app.community.items.values import SameBy
from app.community.purchases.service import keep_purchase
from app.community.recommendations.models import Recommendation
from app.community.recommendations.queries import endorsements, history, own
from app.community.recommendations.service import recommend, set_helpful
from app.kernel.clock import clock
from app.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from app.merchants.stores.queries import products
from app.merchants.stores.service import add_product, open_store
from app.platform.checks import run_checks
from app.platform.database import EventRow, db, unit_of_work
from app.platform.event_log import run_reactions
from app.platform.places.lookup import learn
from app.platform.subjects import Ruling
from tests.support.people import MemberFactory

GTIN = "4006381333931"


def add(who: int, title: str, **more: str) -> str:
    return add_item(who, kind="product", title=title, **more)


def test_the_same_number_or_address_is_one_thing(member: MemberFactory) -> None:
    ana = member("ana")
    pen = add(ana, "Pen", gtin=GTIN, url="http://www.pens.example/stabilo/?utm_source=x", maker="Stabilo")
    for again in ({"gtin": "0" + GTIN}, {"url": "pens.example/stabilo#top"}):
        with pytest.raises(Duplicate) as there:
            add(ana, "Another pen", **again)
        assert there.value.error_code == "duplicate_item"
        assert [one.item.id for one in there.value.candidates] == [pen]
    found = get_item(pen)
    assert (found.gtin, found.maker, found.link) == (
        "0" + GTIN,
        "Stabilo",
        "http://www.pens.example/stabilo/?utm_source=x",
    )
    by = {one.by for one in candidates("", GTIN, "https://pens.example/stabilo")}
    assert by <= {SameBy.GTIN, SameBy.URL}
    assert by


@pytest.mark.databases("sqlite")  # refused before any is asked
@pytest.mark.parametrize(
    ("field", "value"), [("gtin", "123"), ("gtin", "x"), ("url", "javascript:x"), ("url", "nowhere")]
)
def test_what_is_no_number_or_address_is_refused(member: MemberFactory, field: str, value: str) -> None:
    with pytest.raises(Invalid):
        add(member("ana"), "Pen", **{field: value})


def test_what_a_moderator_removed_gives_its_number_back(member: MemberFactory) -> None:
    ana = member("ana")
    remove(add(ana, "Spam", gtin=GTIN), Ruling(moderator_id=1))
    assert get_item(add(ana, "Pen", gtin=GTIN)).gtin == "0" + GTIN


def test_like_titles_are_suggested_best_first(member: MemberFactory) -> None:
    ana = member("ana")
    v60, chinese = add(ana, "Hario V60 dripper"), add(ana, "手冲咖啡滤杯")
    add(ana, "Toaster"), add(ana, "Kalita Wave")
    assert [one.item.id for one in similar_items("hário v60")] == [v60]
    assert [one.item.id for one in similar_items("V60 dripper, white")] == [v60]
    assert [one.item.id for one in similar_items("咖啡滤杯")] == [chinese]
    for nothing in ("", "?!", "Moka pot", "\x00", "x" * 300):
        assert not similar_items(nothing)


def test_a_question_finds_what_it_may_be_about(member: MemberFactory) -> None:
    ana = member("ana")
    shop = add(ana, "Cykelkliniken", description="Bike repair near the station in Lund")
    add(ana, "Kettle", description="Good for tea")
    assert answers_to("Who knows a good bike repair near Lund?")[0].id == shop
    assert not answers_to("???")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("A dentist for a frightened six-year-old?", {"Dentist Dr. Berg"}),
        ("Who knows a good piano tuner in Lund?", {"Piano tuning by Åsa"}),
        ("有好的小提琴修理吗？", {"小提琴工坊"}),
        ("Somebody who repairs a bicycle pump near Lund", {"Bicycle pump"}),
        ("Who knows a good plumber near Lund?", set()),
        ("Where can I find the best coffee in Lund this year?", set()),
        ("A carpenter for a frightened cat", set()),
        ("谁知道哪里有好的咖啡？", set()),
    ],
)
def test_only_what_is_near_a_question_is_suggested(member: MemberFactory, asked: str, found: set[str]) -> None:
    ana = member("ana")
    learn("Lund")
    add(ana, "Dentist Dr. Berg", description="Patient with frightened children, in Lund")
    add(ana, "Piano tuning by Åsa", description="All of Skåne")
    add(ana, "小提琴工坊", description="哥本哈根")
    add(ana, "Bicycle pump", description="Good for every year")
    add(ana, "Good things from Lund", description="The best place to find nice things")
    add(ana, "自行车修理", description="好的地方")
    assert {one.title for one in answers_to(asked)} == found


def _world(member: MemberFactory) -> tuple[dict[str, int], str, str]:
    people = {one: member(one) for one in ("ana", "bo", "cem")} | {"mo": member("mo", role="moderator")}
    return people, add(people["ana"], "Kettle", category="Kitchen"), add(people["bo"], "Kettle, iron", gtin=GTIN)


def test_a_merge_keeps_every_word_and_leads_there(member: MemberFactory) -> None:
    people, kept, gone = _world(member)
    at = datetime(2026, 5, 1, tzinfo=UTC)
    with clock.freeze(at) as held:
        older_here = recommend(people["ana"], kept, "avoid", text="Leaks")
        newer_here = recommend(people["bo"], gone, "recommend", text="First")
        held.advance(timedelta(days=1))
        newer_there = recommend(people["ana"], gone, "recommend", text="Mended, fine")
        older_there = recommend(people["bo"], kept, "recommend", text="Still good")
        only = recommend(people["cem"], gone, "neutral")
        add_comment(people["cem"], older_here, "Mine too")
        set_helpful(people["cem"], older_here, helpful=True)
        set_helpful(people["cem"], newer_there, helpful=True)
        set_helpful(people["mo"], older_here, helpful=True)
        keep_purchase(people["ana"], kept, "operator")
        keep_purchase(people["cem"], gone, "operator")
    shop, owner = member("shop", role="merchant"), member("other", role="merchant")
    store = open_store(shop, name="Shop", slug="shop")
    other = open_store(owner, name="Other", slug="other")
    add_product(shop, store, gone, 100, "EUR")
    add_product(owner, other, gone, 100, "EUR")
    add_product(owner, other, kept, 200, "EUR")
    merge = propose_merge(people["cem"], gone, kept, "The same kettle")
    assert propose_merge(people["ana"], kept, gone) == merge
    assert [one.said_both for one in open_merges(people["mo"]).items] == [2]
    with pytest.raises(Forbidden):
        confirm_merge(people["cem"], merge)
    confirm_merge(people["mo"], merge)

    with pytest.raises(Moved) as moved:
        get_item(gone)
    assert moved.value.item_id == kept
    words = {who: own(people[who], kept) for who in ("ana", "bo", "cem")}
    assert {who: one.id for who, one in words.items() if one} == {
        "ana": newer_there,
        "bo": older_there,
        "cem": only,
    }
    assert ["Leaks" in one.text_html for one in history(None, newer_there)] == [False, True]
    assert ["First" in one.text_html for one in history(None, older_there)] == [False, True]
    behind = set(db.session.scalars(select(Recommendation.id).where(Recommendation.item_id == gone)))
    assert behind == {older_here, newer_here}
    assert endorsements(None, kept).others.total == 3
    assert get_item(kept).gtin == "0" + GTIN
    assert [one.id for one in browse("kettle").items] == [kept]
    with pytest.raises(Duplicate) as there:
        add(people["cem"], "Kettle 3", gtin=GTIN)
    assert there.value.candidates[0].item.id == kept
    run_reactions()
    assert [(one.item.id, one.price.minor) for one in products(store)] == [(kept, 100)]
    assert [(one.item.id, one.price.minor) for one in products(other)] == [(kept, 200)]
    run_reactions()
    parties = set(db.session.execute(select(ItemParty.item_id, ItemParty.party_id)).tuples())
    assert parties == {(kept, store), (kept, other)}
    row = db.session.get_one(Recommendation, newer_there)
    assert (row.helpful_count, row.comment_count, row.revision_count) == (2, 1, 1)
    marks = select(Recommendation.id).where(Recommendation.verified_purchase)
    assert set(db.session.scalars(marks)) >= {newer_there, only}
    assert not {name: found for name, found in run_checks().items() if found}
    assert db.session.query(EventRow).filter_by(name="ItemsMerged").count() == 1


def test_every_table_that_points_at_items_or_words_is_moved_or_has_a_reason() -> None:
    """A new foreign key shows here: a merge must take it along, or it is named below."""
    stays = {
        "item.merged_into_id": "what this is about",
        "item_merge.gone_id": "names the two that were one",
        "item_merge.kept_id": "the same",
        "stand_in.item_id": "what stands for a listing or store is never merged",
        "product.item_id": "follows by the reaction merged_items",
        "ask_answer.recommendation_id": "follows in answering.follow_merge",
        "testimonial.recommendation_id": "the author agreed to these words, not to newer ones",
    }
    source = Path(moving.__file__).read_text()
    forgotten = [
        f"{table.name}.{key.parent.name}"
        for table in db.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in {"item", "recommendation"}
        and f"{table.name}.{key.parent.name}" not in stays
        and not any(
            f"{mapper.class_.__name__}" in source for mapper in db.Model.registry.mappers if mapper.local_table is table
        )
    ]
    assert not forgotten


def test_what_is_said_of_an_old_entry_is_said_of_the_one_that_stays(member: MemberFactory) -> None:
    people, kept, gone = _world(member)
    with unit_of_work():
        db.session.execute(update(Item).where(Item.id == gone).values(external_id="ean/1"))
    confirm_merge(people["mo"], propose_merge(people["ana"], gone, kept))
    ident = recommend(people["cem"], gone, "recommend")
    assert own(people["cem"], kept).id == ident  # type: ignore[union-attr]
    assert get_by_external("ean/1").id == kept
    with pytest.raises(NotFound):
        propose_merge(people["ana"], gone, kept)


def test_chains_and_rings_end_at_one_place(member: MemberFactory) -> None:
    """A into B, B into C, and at the same time C into A: one is left, all lead to it in one step."""
    people, a, b = _world(member)
    c = add(people["cem"], "Kessel")
    for who, thing in (("ana", a), ("bo", b), ("cem", c)):
        recommend(people[who], thing, "recommend")
    ab, bc, ca = (propose_merge(people["ana"], *pair) for pair in ((a, b), (b, c), (c, a)))
    confirm_merge(people["mo"], ab)
    confirm_merge(people["mo"], bc)
    # All three are one now; the third proposal has nothing left to decide.
    with pytest.raises(Conflict):
        confirm_merge(people["mo"], ca)
    assert not open_merges(people["mo"]).items
    for old in (a, b):
        with pytest.raises(Moved) as moved:
            get_item(old)
        assert moved.value.item_id == c
    assert endorsements(None, c).others.total == 3
    assert not checks.run()
    with pytest.raises(Invalid):
        propose_merge(people["ana"], c, c)


def test_a_later_proposal_is_followed_to_where_its_ends_are_now(member: MemberFactory) -> None:
    people, a, b = _world(member)
    c = add(people["cem"], "Kessel")
    first, second = propose_merge(people["ana"], a, b), propose_merge(people["ana"], a, c)
    confirm_merge(people["mo"], first)
    merged = confirm_merge(people["mo"], second)
    assert (merged.gone_id, merged.kept_id) == (b, c)
    with pytest.raises(Moved) as moved:
        get_item(a)
    assert moved.value.item_id == c


def test_refused_or_gone_nothing_is_merged(member: MemberFactory) -> None:
    people, kept, gone = _world(member)
    refuse_merge(people["mo"], propose_merge(people["ana"], gone, kept))
    assert get_item(gone).id == gone
    merge = propose_merge(people["ana"], gone, kept)
    remove(gone, Ruling(moderator_id=1))
    with pytest.raises(Conflict):
        confirm_merge(people["mo"], merge)
    assert get_merge(people["mo"], merge).status == "open"


def test_one_of_many_moderators_merges_and_the_rest_is_told(app: Flask, member: MemberFactory) -> None:
    """Eight at once, on six proposals that form rings: no cycle, no word lost; the naive way makes some."""
    people, a, b = _world(member)
    things = [a, b, add(people["cem"], "Kessel"), add(people["cem"], "Bouilloire")]
    for thing in things:
        recommend(member(f"p{things.index(thing)}"), thing, "recommend")
    pairs = [(0, 1), (1, 0), (1, 2), (2, 3), (3, 0), (0, 2)]
    merges = list({propose_merge(people["ana"], things[x], things[y]) for x, y in pairs})
    gate = threading.Barrier(8)

    def confirm(number: int) -> str:
        with app.app_context():
            gate.wait(timeout=30)
            try:
                confirm_merge(people["mo"], merges[number % len(merges)])
            except DomainError as refused:
                return refused.error_code
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(confirm, range(8)))
    assert outcomes.count("done") == 3, outcomes
    assert set(outcomes) <= {"done", "decided", "merged_already"}
    db.session.rollback()
    standing = [one.id for one in browse().items]
    assert len(standing) == 1
    assert endorsements(None, standing[0]).others.total == 4
    assert not checks.run()


def test_who_recommends_while_a_merge_runs_is_heard_where_it_leads(app: Flask, member: MemberFactory) -> None:
    people, kept, gone = _world(member)
    crowd = [member(f"q{n}") for n in range(7)]
    merge = propose_merge(people["ana"], gone, kept)
    gate = threading.Barrier(8)

    def act(number: int) -> None:
        with app.app_context():
            gate.wait(timeout=30)
            if number == 7:
                confirm_merge(people["mo"], merge)
            else:
                recommend(crowd[number], gone, "recommend")
            db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(8)))
    db.session.rollback()
    assert endorsements(None, kept).others.recommend == 7
    assert not checks.run()


@pytest.mark.databases("sqlite")
def test_the_check_sees_what_a_naive_merge_breaks(app: Flask, member: MemberFactory) -> None:
    """Looking first and writing later, as two moderators at once: each sends the other's thing away."""
    people, a, b = _world(member)
    recommend(people["cem"], a, "recommend")
    gate = threading.Barrier(2)

    def naive(pair: tuple[str, str]) -> None:
        gone, kept = pair
        with app.app_context():
            assert get_item(kept).id == kept
            db.session.rollback()
            gate.wait(timeout=30)
            with unit_of_work():
                db.session.execute(
                    update(Item).where(Item.id == gone).values(merged_into_id=kept, removed_at=clock.now())
                )
            db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(naive, [(a, b), (b, a)]))
    db.session.rollback()
    assert checks.run()


def test_the_same_number_added_by_many_at_once_is_added_once(app: Flask, member: MemberFactory) -> None:
    ana = member("ana")
    gate = threading.Barrier(8)

    def one(number: int) -> str:
        with app.app_context():
            gate.wait(timeout=30)
            try:
                return add(ana, f"Pen {number}", gtin=GTIN)
            except Duplicate as there:
                return there.candidates[0].item.id
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(one, range(8)))) == 1
    db.session.rollback()
    assert db.session.query(Item).count() == 1
    assert db.session.query(ItemMerge).count() == 0
