"""Every form that changes what is there, in two tabs at once: neither undoes the other, and no words are lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.community.items.service import add_item
from app.community.questions.service import publish_question
from app.community.questions.values import QuestionDraft
from app.community.recommendations.service import recommend
from app.discovery.saved_searches.service import save_search
from app.discovery.search.values import Wanted
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.merchants.stores.service import open_store
from app.messaging.conversations.service import send_message, start_conversation
from app.messaging.groups.service import open_room
from app.people.profiles.service import edit_profile
from app.trust.vouches.service import vouch
from tests.support.forms import PageForm, forms_of
from tests.support.people import MemberFactory, sign_in

Values = dict[str, Any]


@dataclass(frozen=True)
class Edit:
    """Where the form stands, and for each unit of fields what two people put there."""

    page: str
    action: str
    units: list[tuple[Values, Values]]


EDITS = {
    "listing": Edit(
        "/market/{listing}/edit",
        "",
        [
            ({"title": "A brass lamp"}, {"title": "A lamp of brass"}),
            ({"description": "From 1950"}, {"description": "From 1960\r\nor so"}),
            ({"category": "art"}, {"category": "tools"}),
            ({"condition": "fair"}, {"condition": "new"}),
            ({"price": "15"}, {"price": "140", "currency": "SEK"}),
            ({"place": "Riga"}, {"place": "Lund"}),
        ],
    ),
    "question": Edit(
        "/asks/{ask}/edit",
        "",
        [
            ({"text": "Who mends old kettles?"}, {"text": "Who mends new kettles?"}),
            ({"topic": "kettles"}, {"topic": "repairs"}),
            ({"place": "Riga"}, {"place": "Lund"}),
        ],
    ),
    "profile": Edit(
        "/settings/profile",
        "/settings/profile",
        [
            ({"name": "Ana O."}, {"name": "Ana P."}),
            ({"place": "Riga"}, {"place": "Lund"}),
            ({"bio": "I knit."}, {"bio": "I swim."}),
            ({"discreet": "y"}, {}),
        ],
    ),
    "store": Edit(
        "/store",
        "/store",
        [({"name": "Ana's lamps"}, {"name": "Lamps by Ana"}), ({"about": "Lamps"}, {"about": "Lights"})],
    ),
}


@pytest.fixture
def town(app: Flask, member: MemberFactory) -> dict[str, Any]:
    app.config["WTF_CSRF_ENABLED"] = False
    ana, bo = member("ana", role="merchant"), member("bo")
    edit_profile(ana, name="Ana", bio="I read.", place="Porto", discreet=False)
    open_store(ana, name="Ana's", slug="anas", about="Things")
    talk, _new = start_conversation(ana, [bo])
    item = add_item(bo, kind="product", title="Kettle")
    recommend(ana, item, "recommend", text="good", rating=4)
    vouch(ana, bo, "trust", "A neighbour", "bicycles")
    lamp = ListingDraft(kind="sale", title="Lamp", category="home", condition="good", price="12", currency="EUR")
    return {
        "item": item,
        "listing": publish_listing(ana, lamp),
        "room": open_room(ana, "Tea drinkers"),
        "ask": publish_question(ana, QuestionDraft(text="Who mends kettles?", reach=2)),
        "talk": talk,
        "search": save_search(ana, Wanted(q="kettle")),
        "message": send_message(ana, talk, "one", "Hello there").id,
    }


@pytest.fixture
def tabs(app: Flask, town: dict[str, Any]) -> tuple[FlaskClient, FlaskClient]:
    """Two browsers of Ana's."""
    one, other = app.test_client(), app.test_client()
    for tab in (one, other):
        sign_in(app, tab, "ana")
    return one, other


def form_in(page: str, edit: Edit, town: dict[str, Any]) -> PageForm:
    action = edit.action.format(**town)
    fields = {"filled", *edit.units[0][0]}
    found = [one for one in forms_of(page) if one.action == action and fields <= one.names]
    assert len(found) == 1, f"{edit.page}: no form that says what it was filled with"
    return found[0]


def opened(tab: FlaskClient, edit: Edit, town: dict[str, Any]) -> PageForm:
    return form_in(tab.get(edit.page.format(**town)).text, edit, town)


def send(tab: FlaskClient, edit: Edit, town: dict[str, Any], form: PageForm, changes: Values) -> Any:
    address = (edit.action or edit.page).format(**town)
    sent = {name: value for name, value in {**form.data(), **changes}.items() if value is not None}
    return tab.post(address, data=sent)


def says(form: PageForm, values: Values) -> bool:
    now = {name: plain(form.value(name) or "").removesuffix(".00") for name in values}
    return now == {name: plain(value or "") for name, value in values.items()}


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def test_of_two_tabs_each_writes_what_it_changed(
    town: dict[str, Any], tabs: tuple[FlaskClient, FlaskClient]
) -> None:
    for edit in EDITS.values():
        check_each_writes_its_own(town, tabs, edit)


def check_each_writes_its_own(town: dict[str, Any], tabs: tuple[FlaskClient, FlaskClient], edit: Edit) -> None:
    one, other = tabs
    for number, (mine, _) in enumerate(edit.units):
        theirs = edit.units[(number + 1) % len(edit.units)][0]
        before = [opened(one, edit, town), opened(other, edit, town)]
        idle = opened(one, edit, town)
        assert send(one, edit, town, before[0], mine).status_code in {302, 303}, (edit.page, mine)
        assert send(other, edit, town, before[1], theirs).status_code in {302, 303}, (edit.page, theirs)
        assert send(one, edit, town, idle, {}).status_code in {302, 303}, "sent as it came"
        now = opened(one, edit, town)
        assert says(now, mine), (edit.page, mine)
        assert says(now, theirs), (edit.page, theirs)


def test_of_two_who_change_the_same_the_second_sees_both(
    town: dict[str, Any], tabs: tuple[FlaskClient, FlaskClient]
) -> None:
    for edit in EDITS.values():
        check_the_second_sees_both(town, tabs, edit)


def check_the_second_sees_both(town: dict[str, Any], tabs: tuple[FlaskClient, FlaskClient], edit: Edit) -> None:
    one, other = tabs
    for theirs, mine in edit.units:
        if not mine:  # yes or no: both who change it want the same
            continue
        before = [opened(one, edit, town), opened(other, edit, town)]
        assert send(one, edit, town, before[0], theirs).status_code in {302, 303}
        answer = send(other, edit, town, before[1], mine)
        assert answer.status_code == 409, (edit.page, mine)
        assert "Changed meanwhile" in answer.text
        assert says(opened(one, edit, town), theirs), "refused, and written all the same"
        given_back = form_in(answer.text, edit, town)
        assert says(given_back, mine), (edit.page, mine)
        # Whoever has seen both and sends it again means it.
        assert send(other, edit, town, given_back, {}).status_code in {302, 303}
        assert says(opened(one, edit, town), mine)


def test_both_who_changed_it_to_the_same_are_content(
    town: dict[str, Any], tabs: tuple[FlaskClient, FlaskClient]
) -> None:
    for edit in EDITS.values():
        before = [opened(tab, edit, town) for tab in tabs]
        for tab, form in zip(tabs, before, strict=True):
            assert send(tab, edit, town, form, edit.units[0][0]).status_code in {302, 303}


def test_what_a_form_was_filled_with_may_be_nonsense(
    town: dict[str, Any], tabs: tuple[FlaskClient, FlaskClient]
) -> None:
    """It is of the sender's own form: nonsense writes all fields, as a form does that says nothing."""
    edit = EDITS["listing"]
    for number, said in enumerate(["", "title", "title=", "= =", "title=\x00", "price=1 " * 400, "\ud7ff=é"]):
        form = opened(tabs[0], edit, town)
        title = f"Lamp number {number}"
        assert send(tabs[0], edit, town, form, {"filled": said, "title": title}).status_code in {303, 409}, said
