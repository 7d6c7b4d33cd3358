"""The feed: who is heard, in which order, and what was left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest

from app.community.items.service import add_item
from app.community.recommendations.service import recommend
from app.community.recommendations.subject import remove
from app.discovery.feed import queries
from app.discovery.feed.queries import feed
from app.discovery.feed.service import (
    choose,
    choose_topics,
    personalise,
    remember_mode,
    take_back,
)
from app.discovery.feed.tastes import suggestions, taste
from app.discovery.feed.values import CIRCLE, EXPLORE, Entry, Reason
from app.discovery.people_suggestions.service import mute
from app.kernel.clock import clock
from app.kernel.errors import DomainError, Invalid
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.people.blocks.service import block
from app.platform.database import db, unit_of_work
from app.platform.subjects import Ruling
from app.trust.circle.queries import circle_of
from app.trust.scores.models import ReputationScore
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

People = dict[str, int]
START = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def people(member: MemberFactory) -> People:
    ids = {one: member(one) for one in ("ana", "bo", "cem", "eve")}
    vouch(ids["ana"], ids["bo"], "trust_fully")
    vouch(ids["bo"], ids["cem"], "trust")
    return ids


def fill(people: People, number: int) -> None:
    """One recommendation and one gift each minute, by one after the other."""
    with clock.freeze(START) as held:
        for n, who in zip(range(number), cycle(["bo", "cem", "eve"]), strict=False):
            thing = add_item(people["eve"], kind="product", title=f"Thing {n}")
            recommend(people[who], thing, "recommend", text="good")
            held.advance(timedelta(seconds=30))
            draft = ListingDraft(kind="give", title=f"Gift {n}", category="home", condition="good")
            publish_listing(people[who], draft)
            held.advance(timedelta(seconds=30))


def walk(viewer: int | None, mode: str, limit: int) -> list[Entry]:
    seen: list[Entry] = []
    cursor = None
    for _page in range(50):
        page = feed(viewer, mode, limit=limit, cursor=cursor)
        seen += page.items
        cursor = page.next
        if cursor is None:
            return seen
    raise AssertionError("the feed has no end")


def test_my_circle_in_pages_each_entry_once_and_with_the_way(people: People) -> None:
    fill(people, 9)
    found = walk(people["ana"], CIRCLE, 4)
    assert len(found) == len({one.id for one in found}) == 12
    assert [one.target for one in found] == [one.target for one in walk(people["ana"], CIRCLE, 12)]
    assert {one.member.handle for one in found} == {"bo", "cem"}
    for one in found:
        assert one.trail is not None
        assert one.trail.handles[-1] == one.member.handle
        assert one.score > 0
    assert {one.kind for one in found} == {"recommendation", "listing"}


def test_what_the_circle_leaves_out_is_counted(people: People) -> None:
    fill(people, 9)
    page = feed(people["ana"], CIRCLE, limit=50)
    assert page.next is None
    assert page.hidden == 6
    alone = feed(people["eve"], CIRCLE)
    assert (alone.items, alone.hidden) == ([], 12)
    everything = walk(people["ana"], EXPLORE, 5)
    assert len(everything) == len({one.id for one in everything}) == 18


def test_everybody_is_in_explore_and_trust_leads(people: People) -> None:
    fill(people, 9)
    page = feed(people["ana"], EXPLORE, limit=50)
    assert page.items[0].member.handle == "bo"
    assert page.items[-1].score == 0
    assert page.items[-1].trail is None
    assert {one.reason for one in page.items} == {Reason.CIRCLE, Reason.NEW}
    visitor = feed(None, EXPLORE, limit=50)
    assert len(visitor.items) == 18
    assert [one.at for one in visitor.items] == sorted((one.at for one in visitor.items), reverse=True)


def test_what_was_removed_is_not_shown(people: People) -> None:
    fill(people, 3)
    before = walk(people["ana"], CIRCLE, 10)
    gone = next(one for one in before if one.kind == "recommendation")
    remove(gone.id, Ruling(moderator_id=1))
    after = walk(people["ana"], CIRCLE, 10)
    assert {one.id for one in before} - {one.id for one in after} == {gone.id}


@pytest.mark.parametrize("cursor", ["x", "eyJhIjoxfQ", "WyJ4IiwgInkiXQ"])
def test_a_damaged_cursor_is_refused(people: People, cursor: str) -> None:
    with pytest.raises(Invalid):
        feed(people["ana"], CIRCLE, cursor=cursor)


def test_windows_follow_each_other_without_a_gap(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(people, 9)
    monkeypatch.setattr(queries, "WINDOW", 5)
    found = walk(people["ana"], CIRCLE, 2)
    assert len(found) == len({one.id for one in found}) == 12
    everything = walk(people["ana"], EXPLORE, 3)
    assert len(everything) == len({one.id for one in everything}) == 18


def test_what_comes_while_reading_does_not_move_the_pages(people: People) -> None:
    fill(people, 6)
    first = feed(people["ana"], CIRCLE, limit=3)
    rest = [one.id for one in feed(people["ana"], CIRCLE, limit=3, cursor=first.next).items]
    recommend(people["bo"], add_item(people["bo"], kind="place", title="New"), "recommend")
    assert [one.id for one in feed(people["ana"], CIRCLE, limit=3, cursor=first.next).items] == rest


def test_what_is_hidden_stays_away_until_it_is_taken_back(people: People) -> None:
    fill(people, 3)
    ana = people["ana"]
    before = [one.target for one in walk(ana, CIRCLE, 10)]
    entry = feed(ana, CIRCLE).items[0]
    target = choose(ana, "hide", entry.kind, entry.id)
    choose(ana, "hide", entry.kind, entry.id)
    assert {one.target for one in walk(ana, CIRCLE, 10)} == set(before) - {target}
    assert target in {one.target for one in walk(people["eve"], EXPLORE, 10)}
    [kept] = queries.choices_of(ana)
    assert (kept.choice, kept.target, kept.title) == (
        "hide",
        target,
        entry.said.item_title if entry.said else entry.listing and entry.listing.title,
    )
    take_back(ana, "hide", target)
    assert [one.target for one in walk(ana, CIRCLE, 10)] == before


def test_less_of_a_category_and_of_a_persons_taste_sink(people: People) -> None:
    fill(people, 6)
    ana = people["ana"]
    gift = next(one for one in feed(ana, CIRCLE).items if one.listing)
    choose(ana, "less", gift.kind, gift.id)
    kinds = [one.kind for one in feed(ana, CIRCLE).items]
    assert kinds.index("listing") >= 2
    take_back(ana, "less", "home")
    by_bo = next(one for one in feed(ana, CIRCLE).items if one.member.handle == "bo")
    choose(ana, "taste", by_bo.kind, by_bo.id)
    last = [one.member.handle for one in feed(ana, CIRCLE).items]
    assert last[0] == "cem"
    assert feed(ana, CIRCLE).items[0].score < by_bo.score  # the trust itself is as before


@pytest.mark.parametrize(
    ("choice", "kind", "code"),
    [("love", "listing", "bad_choice"), ("hide", "member", "bad_choice"), ("hide", "listing", "not_found")],
)
def test_what_cannot_be_chosen_is_refused(people: People, choice: str, kind: str, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        choose(people["ana"], choice, kind, "nothing")
    assert refused.value.error_code == code


def test_personalisation_off_is_off(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(people, 9)
    for who in ("ana", "eve"):
        personalise(people[who], wanted=False)

    def never(_viewer: int | None) -> None:
        raise AssertionError("the circle was asked")

    monkeypatch.setattr("app.trust.circle.queries.circle_of", never)
    monkeypatch.setattr(queries, "suggestions", never)
    shown = [[one.as_json() for one in walk(people[who], CIRCLE, 4)] for who in ("ana", "eve")]
    assert shown[0] == shown[1]
    assert len(shown[0]) == 18
    times = [str(one["at"]) for one in shown[0]]
    assert times == sorted(times, reverse=True)
    monkeypatch.undo()
    personalise(people["ana"], wanted=True)
    assert feed(people["ana"], CIRCLE).items[0].score > 0


def test_explore_joins_trust_and_taste(people: People, member: MemberFactory) -> None:
    ana, eve = people["ana"], people["eve"]
    things = {name: add_item(eve, kind="product", title=name) for name in ("Bike", "Pump", "Piano", "Stool")}
    with clock.freeze(START):
        riders = [member(f"rider{n}") for n in range(12)]
        with unit_of_work():
            db.session.add_all(ReputationScore(member_id=one, score=1 / 12, computed_at=START) for one in riders)
        for n, other in enumerate(riders):
            pair = ("Bike", "Pump") if n < 8 else ("Piano", "Stool")
            for name in pair:
                recommend(other, things[name], "recommend")
        recommend(ana, things["Bike"], "recommend")
    taste().build()
    with clock.freeze(START + timedelta(hours=1)):
        found = walk(ana, EXPLORE, 10)
    by_title = {one.said.item_title: one for one in reversed(found) if one.said}
    assert by_title["Pump"].reason is Reason.TASTE
    places = [one.said.item_title for one in found if one.said and one.member.handle != "ana"]
    assert places.index("Pump") < places.index("Piano")
    assert len(found) == len({one.id for one in found})


def test_a_crowd_without_standing_teaches_no_taste(people: People, member: MemberFactory) -> None:
    ana, eve = people["ana"], people["eve"]
    things = {name: add_item(eve, kind="product", title=name) for name in ("Bike", "Pump", "Spam")}
    with clock.freeze(START):
        known = [member(f"rider{n}") for n in range(6)]
        for other in known:
            recommend(other, things["Bike"], "recommend")
            recommend(other, things["Pump"], "recommend")
        for n in range(9):
            fake = member(f"fake{n}")
            recommend(fake, things["Bike"], "recommend")
            recommend(fake, things["Spam"], "recommend")
        recommend(ana, things["Bike"], "recommend")
        with unit_of_work():
            db.session.add_all(ReputationScore(member_id=one, score=1 / 6, computed_at=START) for one in known)
    taste().build()
    circle = circle_of(member("newcomer"))
    near = suggestions({things["Bike"]: "Bike"}, circle).near
    assert things["Pump"] in near
    assert things["Spam"] not in near
    # Kept for one reader, as long as they like the same things.
    assert suggestions({things["Bike"]: "Bike"}, circle).near is near
    assert things["Pump"] not in suggestions({things["Pump"]: "Pump"}, circle).near
    assert suggestions({}, circle_of(ana)).near.keys() != near.keys()
    assert suggestions({things["Bike"]: "Bike"}, circle).near == near


def test_without_seeds_only_the_circle_ranks(people: People, member: MemberFactory) -> None:
    eve = people["eve"]
    things = {name: add_item(eve, kind="product", title=name) for name in ("Bike", "Pump", "Spam")}
    with clock.freeze(START):
        for n in range(9):
            other = member(f"rider{n}")
            for name in ("Bike", "Spam"):
                recommend(other, things[name], "recommend")
        recommend(people["bo"], things["Pump"], "recommend")
    taste().build()
    stranger, follower = member("stranger"), member("follower")
    vouch(follower, people["bo"], "trust_fully")
    assert suggestions({}, circle_of(stranger)).near == {}
    assert suggestions({things["Bike"]: "Bike"}, circle_of(stranger)).near == {}
    assert list(suggestions({}, circle_of(follower)).near) == [things["Pump"]]


def test_the_mode_is_remembered(people: People) -> None:
    assert feed(people["ana"]).mode == CIRCLE
    remember_mode(people["ana"], EXPLORE)
    assert feed(people["ana"]).mode == EXPLORE
    assert feed(people["bo"]).mode == CIRCLE


def test_a_newcomers_quiet_circle_is_helped_by_topics(people: People) -> None:
    fill(people, 6)
    eve = people["eve"]
    thing = add_item(people["cem"], kind="product", title="Old bike", category="Bikes")
    with clock.freeze(START - timedelta(days=2)):
        recommend(people["cem"], thing, "recommend", text="runs")
    choose_topics(eve, ["bikes", " Bikes "])
    page = feed(eve, CIRCLE)
    assert page.items == []
    topical = [one for one in page.beyond if one.reason is Reason.TOPIC]
    assert [(one.said.item_title if one.said else "", one.because) for one in topical] == [("Old bike", "Bicycles")]
    assert feed(people["ana"], CIRCLE).beyond == []


def test_blocked_people_are_not_in_explore(people: People) -> None:
    fill(people, 6)
    block(people["eve"], people["bo"])
    assert "bo" not in {one.member.handle for one in walk(people["eve"], EXPLORE, 10)}
    assert "eve" not in {one.member.handle for one in walk(people["bo"], EXPLORE, 10)}


def test_muted_people_are_left_out_and_stay_trusted(people: People) -> None:
    fill(people, 6)
    mute(people["ana"], people["bo"])
    assert {one.member.handle for one in walk(people["ana"], CIRCLE, 10)} == {"cem"}
    assert walk(people["ana"], CIRCLE, 10)[0].trail is not None


def test_too_many_topics_are_refused(people: People) -> None:
    with pytest.raises(Invalid):
        choose_topics(people["ana"], [f"t{n}" for n in range(13)])


def test_an_unknown_mode_is_refused(people: People) -> None:
    with pytest.raises(Invalid):
        feed(people["ana"], "best")


def test_what_is_shown_for_the_taste_cuts_no_window_short(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Explore has only recommendations, most of the newest come for the taste, and what is older follows."""
    monkeypatch.setattr(queries, "WINDOW", 10)
    with clock.freeze(START) as held:
        for n in range(24):
            thing = add_item(people["eve"], kind="product", title=f"Thing {n}")
            recommend(people["bo"], thing, "recommend", text="good")
            held.advance(timedelta(seconds=30))
    with clock.freeze(START + timedelta(hours=1)):
        taste().build()
        assert suggestions({}, circle_of(people["ana"])).near
        found = walk(people["ana"], EXPLORE, 5)
    assert len(found) == len({one.id for one in found}) == 24


def test_a_thing_has_one_card_with_all_who_speak_of_it(people: People) -> None:
    ana, eve = people["ana"], people["eve"]
    with clock.freeze(START) as held:
        kettle, pan = (add_item(eve, kind="product", title=title) for title in ("Kettle", "Pan"))
        for who, thing, stance in (("cem", kettle, "recommend"), ("bo", pan, "recommend"), ("bo", kettle, "recommend")):
            recommend(people[who], thing, stance, text=f"says {who}")
            held.advance(timedelta(hours=1))
        recommend(eve, kettle, "avoid")
        page = feed(ana, CIRCLE)
        everybody = feed(ana, EXPLORE)
    assert [one.title for one in page.items].count("Kettle") == 1
    card = next(one for one in page.items if one.title == "Kettle")
    assert [one.member.handle for one in (card, *card.further)] == ["bo", "cem"]
    assert all(one.trail and one.trail.handles[-1] == one.member.handle for one in (card, *card.further))
    assert [one.said.text for one in (card, *card.further) if one.said] == ["says bo", "says cem"]
    assert len(page.items) == 2
    # Whoever would avoid it has a say on the card, and is no endorser of it.
    told = next(one for one in everybody.items if one.title == "Kettle")
    assert {one.member.handle for one in (told, *told.further)} == {"bo", "cem", "eve"}
    why = told.as_json()["why"]
    assert isinstance(why, dict)
    assert why["endorsers"] == ["bo", "cem"]


def test_pages_of_a_window_show_a_thing_once(people: People) -> None:
    with clock.freeze(START) as held:
        for n in range(6):
            thing = add_item(people["eve"], kind="product", title=f"Thing {n}")
            for who in ("bo", "cem"):
                recommend(people[who], thing, "recommend")
                held.advance(timedelta(hours=5))
        found = walk(people["ana"], CIRCLE, 2)
    assert sorted(one.title for one in found) == [f"Thing {n}" for n in range(6)]
    assert all(len(one.further) == 1 for one in found)


def test_a_card_shows_few_words_and_counts_the_others(people: People, member: MemberFactory) -> None:
    thing = add_item(people["eve"], kind="product", title="Kettle")
    for n in range(queries.WORDS + 2):
        friend = member(f"friend{n}")
        vouch(people["ana"], friend, "trust_fully")
        recommend(friend, thing, "recommend")
    [card] = feed(people["ana"], CIRCLE).items
    assert (len(card.further), card.unshown) == (queries.WORDS - 1, 2)


def test_a_hidden_card_does_not_come_back_by_another_word(people: People) -> None:
    thing = add_item(people["eve"], kind="product", title="Kettle")
    for who in ("bo", "cem"):
        recommend(people[who], thing, "recommend")
    [card] = feed(people["ana"], CIRCLE).items
    target = choose(people["ana"], "hide", card.kind, card.id)
    assert feed(people["ana"], CIRCLE).items == []
    take_back(people["ana"], "hide", target)
    assert [one.id for one in feed(people["ana"], CIRCLE).items] == [card.id]
