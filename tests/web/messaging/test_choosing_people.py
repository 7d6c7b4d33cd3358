"""Choosing people for a group: found by name, shown with the way to them, kept while one goes on searching."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.messaging.conversations import queries
from app.messaging.conversations.service import start_conversation
from app.platform.event_log import run_reactions
from app.trust.vouches.service import vouch
from tests.support.forms import PageForm, forms_of
from tests.support.people import MemberFactory

SignedIn = Callable[[FlaskClient, str], FlaskClient]


@pytest.fixture
def ids(member: MemberFactory) -> dict[str, int]:
    names = {"ana": "Ana", "bo": "Bo Berg", "zoe": "Zoë Åberg", "linmeiling": "林美玲", "kofi": "Kofi Mensah"}
    found = {handle: member(handle, name=name) for handle, name in names.items()}
    for handle in ("bo", "zoe", "linmeiling"):
        vouch(found["ana"], found[handle], "trust")
        vouch(found[handle], found["ana"], "trust")
    run_reactions()
    return found


def _picker(page: str) -> PageForm:
    [form] = [one for one in forms_of(page) if "q" in one.names and one.method == "post"]
    return form


def test_people_are_found_by_a_part_of_their_name_without_a_script(
    app: Flask, ids: dict[str, int], signed_in: SignedIn
) -> None:
    client = signed_in(app.test_client(), "ana")
    page = client.get("/messages/group").text
    assert page.count('type="checkbox"') == 3
    assert page.count('class="trail"') == 3
    data = _picker(page).data() | {"handle": ["bo"], "title": "Tea", "q": "berg", "find": "1"}
    found = client.post("/messages/group", data=data, follow_redirects=True).text
    form = _picker(found)
    assert form.data()["handle"] == ["bo"]  # ticked, and a chip now
    assert form.value("title") == "Tea"
    assert 'value="zoe"' in found
    assert 'value="linmeiling"' not in found
    data = form.data() | {"handle": ["bo"], "q": "美", "find": "1"}
    found = client.post("/messages/group", data=data, follow_redirects=True).text
    assert 'value="linmeiling"' in found
    made = client.post("/messages/group", data=_picker(found).data() | {"handle": ["bo", "linmeiling"]})
    assert made.status_code == 303
    view = queries.get_conversation(ids["ana"], made.location.rpartition("/")[2])
    assert set(view.other_ids) == {ids["bo"], ids["linmeiling"]}


def test_people_outside_the_circle_are_found_when_searched_for(
    app: Flask, ids: dict[str, int], signed_in: SignedIn
) -> None:
    client = signed_in(app.test_client(), "ana")
    del ids
    assert 'value="kofi"' not in client.get("/messages/group").text
    piece = client.get("/messages/group?q=@kofi&handle=bo&handle=nobody", headers={"HX-Request": "true"}).text
    assert "<html" not in piece
    assert 'value="kofi"' in piece
    assert "Not connected yet" in piece
    assert "checked" in piece
    assert "No one found" in client.get("/messages/group?q=qqqq").text


def test_who_is_in_the_group_is_not_offered_again(app: Flask, ids: dict[str, int], signed_in: SignedIn) -> None:
    group, _ = start_conversation(ids["ana"], [ids["bo"], ids["zoe"]], title="Tea")
    client = signed_in(app.test_client(), "ana")
    people = f"/messages/{group}/people"
    form = _picker(client.get(people).text)
    found = client.post(people, data=form.data() | {"q": "berg", "find": "1"}, follow_redirects=True).text
    assert 'name="handle"' not in found
    piece = client.get(f"{people}?q=ko", headers={"HX-Request": "true"}).text
    assert 'value="kofi"' in piece
    client.post(people, data=form.data() | {"handle": ["kofi"]})
    assert ids["kofi"] in queries.get_conversation(ids["ana"], group).other_ids
