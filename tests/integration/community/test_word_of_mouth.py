"""What is said of an item, as different people see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.community.items.queries import browse, get_item
from app.community.items.service import add_item
from app.community.items.service import remove as remove_item
from app.community.recommendations import service, subject
from app.community.recommendations.queries import EVERYBODY, endorsements, get_recommendation_view, glances, own
from app.community.recommendations.values import Counts
from app.kernel.clock import clock
from app.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from app.platform.database import EventRow, db
from app.platform.subjects import Ruling
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

People = dict[str, int]


@pytest.fixture
def people(member: MemberFactory) -> People:
    """Ana trusts Bo and Dana; Bo trusts Cem, Dana trusts Eve; nobody trusts Fay."""
    ids = {one: member(one) for one in ("ana", "bo", "cem", "dana", "eve", "fay")}
    vouch(ids["ana"], ids["bo"], "trust_fully")
    vouch(ids["ana"], ids["dana"], "acquainted")
    vouch(ids["bo"], ids["cem"], "trust")
    vouch(ids["dana"], ids["eve"], "trust")
    return ids


@pytest.fixture
def thing(people: People) -> str:
    return add_item(people["fay"], kind="product", title="Kettle", category="Kitchen")


def names(viewer: int | None, thing: str) -> list[str]:
    return [one.member.handle for one in endorsements(viewer, thing).trusted]


def test_my_circle_is_named_best_first_and_everybody_else_counted(people: People, thing: str) -> None:
    for who, stance in [("bo", "recommend"), ("cem", "avoid"), ("dana", "recommend"), ("fay", "neutral")]:
        service.recommend(people[who], thing, stance, rating=3.5)
    service.recommend(people["ana"], thing, "recommend")
    found = endorsements(people["ana"], thing)
    assert {one.member.handle for one in found.trusted} == {"bo", "cem", "dana"}
    scores = [one.score for one in found.trusted]
    assert scores == sorted(scores, reverse=True)
    assert next(one for one in found.trusted if one.member.handle == "cem").path == ["ana", "bo", "cem"]
    assert found.others == Counts(neutral=1)
    assert (found.recommending, found.independent_ways) == (2, 2)
    visitor = endorsements(None, thing)
    assert not visitor.trusted
    assert visitor.others == Counts(3, 1, 1)


def test_two_friends_through_one_person_are_one_way(people: People, thing: str) -> None:
    service.recommend(people["bo"], thing, "recommend")
    service.recommend(people["cem"], thing, "recommend")
    assert endorsements(people["ana"], thing).independent_ways == 1
    service.recommend(people["eve"], thing, "recommend")
    assert endorsements(people["ana"], thing).independent_ways == 2


def test_what_was_paid_for_stands_behind_and_says_so(people: People, thing: str) -> None:
    service.recommend(people["bo"], thing, "recommend", disclosure="gifted")
    service.recommend(people["eve"], thing, "recommend")
    found = endorsements(people["ana"], thing)
    assert [(one.member.handle, one.disclosure) for one in found.trusted] == [
        ("eve", "none"),
        ("bo", "gifted"),
    ]
    assert found.trusted[1].score > found.trusted[0].score


def test_saying_it_again_replaces_what_was_said(people: People, thing: str) -> None:
    first = service.recommend(people["bo"], thing, "recommend", text="**Fine**", rating=5)
    assert service.recommend(people["bo"], thing, "avoid", text="It broke") == first
    said = own(people["bo"], thing)
    assert said is not None
    assert (said.stance, said.rating, said.text) == ("avoid", None, "It broke")
    assert endorsements(None, thing).others == Counts(avoid=1)
    names_of_events = [row.name for row in db.session.query(EventRow).order_by(EventRow.id)]
    assert names_of_events[-2:] == ["RecommendationGiven", "RecommendationGiven"]


def test_only_its_author_takes_it_back(people: People, thing: str) -> None:
    ident = service.recommend(people["bo"], thing, "recommend")
    with pytest.raises(Forbidden):
        service.take_back(people["cem"], ident)
    service.take_back(people["bo"], ident)
    assert endorsements(people["ana"], thing).trusted == ()
    with pytest.raises(NotFound):
        get_recommendation_view(None, ident)
    with pytest.raises(NotFound):
        service.take_back(people["bo"], ident)
    assert service.recommend(people["bo"], thing, "recommend") == ident
    assert names(people["ana"], thing) == ["bo"]


def test_a_moderator_removes_it_once(people: People, thing: str) -> None:
    ident = service.recommend(people["bo"], thing, "recommend")
    subject.remove(ident, Ruling(moderator_id=1))
    subject.remove(ident, Ruling(moderator_id=1))
    removed = db.session.query(EventRow).filter_by(name="RecommendationRemoved").count()
    assert removed == 1
    assert endorsements(None, thing).others.total == 0


def test_who_is_suspended_has_no_say_meanwhile(member: MemberFactory, people: People, thing: str) -> None:
    away = member("gus", suspended_until=clock.now() + timedelta(days=1))
    vouch(people["ana"], people["bo"], "trust")
    with pytest.raises(DomainError):
        service.recommend(away, thing, "recommend")
    assert endorsements(None, thing).others.total == 0


def test_the_bound_is_on_names_not_on_counts(people: People, thing: str) -> None:
    for who in ("bo", "cem", "dana"):
        service.recommend(people[who], thing, "recommend")
    few = endorsements(people["ana"], thing, most=1)
    everybody = endorsements(people["ana"], thing, most=EVERYBODY)
    assert (len(few.trusted), few.further, few.recommending) == (1, 2, 3)
    assert few.independent_ways == everybody.independent_ways
    assert few.others == everybody.others
    assert (len(everybody.trusted), everybody.further) == (3, 0)


def test_at_a_glance_it_is_the_same(people: People, thing: str) -> None:
    other = add_item(people["ana"], kind="place", title="Bath")
    for who in ("bo", "dana", "fay"):
        service.recommend(people[who], thing, "recommend")
    service.recommend(people["cem"], thing, "avoid")
    seen = glances(people["ana"], [thing, other])
    found = endorsements(people["ana"], thing)
    assert seen[thing].recommending == found.recommending == 2
    assert seen[thing].others == 0  # where friends speak, strangers are not counted
    near, whole = seen[thing].trail, found.trusted[0].trail
    assert near is not None
    assert whole is not None
    assert (near.steps, near.distance, str(near.words)) == (whole.steps, whole.distance, str(whole.words))
    assert (seen[other].recommending, seen[other].trail, seen[other].others) == (0, None, 0)
    assert glances(people["fay"], [thing])[thing].others == glances(None, [thing])[thing].others - 1 == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"stance": "love"}, "bad_stance"),
        ({"rating": 0.5}, "bad_rating"),
        ({"rating": 5.1}, "bad_rating"),
        ({"rating": float("nan")}, "bad_rating"),
        ({"disclosure": ""}, "bad_disclosure"),
        ({"text": "x" * 10_001}, None),
    ],
)
def test_bad_input_is_refused_and_leaves_nothing(
    people: People, thing: str, change: dict[str, object], code: str | None
) -> None:
    given: dict[str, object] = {"stance": "recommend", **change}
    call: Callable[..., str] = service.recommend
    with pytest.raises(Invalid) as refused:
        call(people["bo"], thing, **given)
    assert code is None or refused.value.error_code == code
    assert endorsements(None, thing).others.total == 0


def test_an_item_that_is_gone_cannot_be_recommended(people: People, thing: str) -> None:
    remove_item(thing, Ruling(moderator_id=1))
    remove_item(thing, Ruling(moderator_id=1))
    with pytest.raises(NotFound):
        get_item(thing)
    with pytest.raises(NotFound):
        service.recommend(people["bo"], thing, "recommend")
    assert thing not in {one.id for one in browse().items}
    assert not browse("kettle").items


@pytest.mark.parametrize("change", [{"kind": "idea"}, {"title": " \u202e "}, {"title": "x" * 201}])
def test_a_bad_item_is_refused(people: People, change: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        add_item(people["bo"], **{"kind": "product", "title": "Pan", **change})


def test_browsing_goes_through_everything_once(people: People) -> None:
    made = [add_item(people["bo"], kind="product", title=f"Pan {n}", category="Pans") for n in range(7)]
    seen: list[str] = []
    cursor = None
    while True:
        page = browse("pan", "Pans", limit=3, cursor=cursor)
        seen += [one.id for one in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == made[::-1] or sorted(seen) == sorted(made)
    assert len(seen) == len(set(seen)) == 7
