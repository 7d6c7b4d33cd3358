"""What is drawn once for many readers tells none of them what is another's, whoever came first."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import permutations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.community.comments.queries import thread
from app.community.comments.service import add_comment
from app.community.items.service import add_item
from app.community.recommendations import queries
from app.community.recommendations.service import recommend, save_recommendation, set_helpful
from app.kernel.clock import clock
from app.people.accounts.models import Member
from app.people.blocks.service import block
from app.platform.checks import run_checks
from app.platform.database import db, unit_of_work
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

SignIn = Callable[[FlaskClient, str], FlaskClient]
Read = Callable[[str | None], str]


@pytest.fixture
def people(member: MemberFactory) -> dict[str, int]:
    """Ana knows Cem through Bo, Dan knows him through Eve."""
    ids = {one: member(one) for one in ("ana", "bo", "cem", "dan", "eve")}
    for one, other in (("ana", "bo"), ("bo", "cem"), ("dan", "eve"), ("eve", "cem")):
        vouch(ids[one], ids[other], "trust_fully")
    return ids


@pytest.fixture
def kettle(people: dict[str, int]) -> str:
    return add_item(people["eve"], kind="product", title="Kettle")


@pytest.fixture
def read(app: Flask, kettle: str, signed_in: SignIn) -> Read:
    """The page of the kettle, as somebody or nobody sees it."""
    clients = {one: signed_in(app.test_client(), one) for one in ("ana", "bo", "cem", "dan")}
    guest = app.test_client()
    return lambda who: (clients[who] if who else guest).get(f"/items/{kettle}").text


def pressed(page: str) -> list[str]:
    return re.findall(r'aria-pressed="(\w+)"', page)


def change(member_id: int, **columns: object) -> None:
    with unit_of_work():
        for name, value in columns.items():
            setattr(db.session.get_one(Member, member_id), name, value)


def test_marks_and_ways_are_the_readers_own(people: dict[str, int], kettle: str, read: Read) -> None:
    said = recommend(people["cem"], kettle, "recommend", text="Boils *fast*")
    readers: tuple[str | None, ...] = ("ana", "dan", None)
    before = {who: read(who) for who in readers}
    assert "Bo knows Cem" in before["ana"]
    assert "Eve knows Cem" in before["dan"]
    set_helpful(people["ana"], said, helpful=True)
    save_recommendation(people["ana"], said, keep=True)
    for order in permutations(readers):
        pages = {who: read(who) for who in order}
        assert pressed(pages["ana"]) == ["true", "true"]
        assert pressed(pages["dan"]) == pressed(pages[None]) == ["false", "false"]
        assert ("Bo knows" in pages["dan"], "Eve knows" in pages["ana"]) == (False, False)
        assert "trail-words" not in pages[None]
        assert all("Boils <em>fast</em>" in page for page in pages.values())
    # Who does not want to be named is so on the next page, though the way has been drawn.
    change(people["bo"], discreet=True)
    assert "Bo knows" not in read("ana")
    assert "Eve knows Cem" in read("dan")


def test_what_has_changed_is_seen_at_once_and_who_is_apart_never(
    people: dict[str, int], kettle: str, read: Read
) -> None:
    said = recommend(people["cem"], kettle, "recommend", text="Boils <b>fast")
    recommend(people["eve"], kettle, "neutral", text="It is red.")
    for who in ("ana", "dan", "bo", None):
        assert "Boils" in read(who)
    change(people["cem"], name='Cem "C" <i>')
    for who in ("ana", "dan", None):
        assert "Cem &#34;C&#34; &lt;i&gt;" in read(who)
        assert "<i>" not in re.sub(r"<i>·</i>", "", read(who))
    recommend(people["cem"], kettle, "avoid", text="It leaks.", disclosure="gifted")
    for who in ("ana", "dan", None):
        page = read(who)
        assert "It leaks." in page
        assert "Boils" not in page
        assert "Gifted" in page
    block(people["cem"], people["dan"])
    assert "It leaks." not in read("dan")
    assert f"/recommendations/{said}" not in read("dan")
    assert "It leaks." in read("ana")
    change(people["cem"], suspended_until=clock.now() + timedelta(days=1))
    for who in ("ana", "dan", None):
        page = read(who)
        assert "It leaks." not in page
        assert "It is red." in page


def test_comments_are_counted_for_the_one_who_reads(people: dict[str, int], kettle: str, read: Read) -> None:
    said = recommend(people["cem"], kettle, "recommend")
    for author in ("ana", "bo", "cem"):
        add_comment(people[author], said, "How long does it take?")

    def counted(who: str | None) -> int:
        viewer = people[who] if who else None
        one = queries.endorsement(viewer, said)
        (drawn,) = re.findall(r"<span>Comments</span>(?: <b>(\d+)</b>)?", read(who))
        assert one.comments == len(thread(viewer, said, people["cem"]).items) == int(drawn or 0)
        return one.comments

    readers: tuple[str | None, ...] = ("ana", "bo", "cem", "dan", None)
    assert [counted(who) for who in readers] == [3, 3, 3, 3, 3]
    block(people["dan"], people["ana"])
    assert [counted(who) for who in readers] == [3, 3, 3, 2, 3]
    change(people["ana"], suspended_until=clock.now() + timedelta(days=1))
    assert [counted(who) for who in readers[1:]] == [2, 2, 2, 2]
    assert not run_checks()["comments"]


def test_every_button_belongs_to_a_form_of_its_page(people: dict[str, int], kettle: str, read: Read) -> None:
    recommend(people["cem"], kettle, "recommend")
    for who in ("ana", "cem", None):
        page = read(who)
        wanted = set(re.findall(r'<button[^>]* form="(\w+)"', page))
        assert wanted
        for one in wanted:
            assert len(re.findall(f'<form[^>]* id="{one}"', page)) == 1
