"""Every form that changes what is there, in two tabs at once: neither undoes the other, and no words are lost."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.community.items.service import add_item
from app.community.questions.answering import answer_in_words
from app.community.questions.service import publish_question
from app.community.questions.values import EVERYBODY, QuestionDraft
from app.community.recommendations.service import recommend, recommend_subject
from app.discovery.saved_searches.service import save_search
from app.discovery.search.values import Wanted
from app.kernel.subjects import Subject
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.merchants.stores.service import open_store
from app.messaging.conversations.service import send_message, start_conversation
from app.messaging.groups.service import open_room
from app.people.profiles.service import edit_profile
from app.trust.vouches.service import vouch
from tests.support.access import routes
from tests.support.access_town import OWNER, build_access_town
from tests.support.form_registry import EDITING, Editing, Values
from tests.support.forms import PageForm, forms_of
from tests.support.people import MemberFactory, sign_in

# Forms that begin with a usual choice, or with what was asked for: nothing of it is there yet.
FRESH = {
    *("/asks/new", "/items/<item_id>/double", "/items/<item_id>/recommend", "/market/new", "/reset"),
    *("/recommend/<kind>/<subject_id>", "/store/products"),
    "/orders/<order_id>/review",  # written once
    "/market/<listing_id>/offer",  # an offer is made, none is changed
    "/market/<listing_id>/times",  # times are opened, none are changed
    "/market/<listing_id>/buy",  # an order is made, none is changed
    # One is added, by its name; only the currency is there before.
    *("/store/products/<item_id>", "/store/shipping", "/store/coupons"),
    "/cart/lines",  # how many one wants: the last number holds, and the sums are shown before anything is ordered
    "/cart/checkout",  # orders are made, and only for what the page has just shown
    "/orders/<order_id>/guarantor",  # a friend is asked, nothing is changed
    "/cases/<case_id>/<action>",  # a proposal is made, none is changed
    "/language",  # one choice: the last one holds
}


def a_photo() -> BytesIO:
    data = BytesIO()
    Image.new("RGB", (16, 16), "teal").save(data, "PNG")
    data.seek(0)
    return data


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
    offer = publish_listing(bo, lamp)
    recommend_subject(ana, Subject("listing", offer), "recommend", text="nice")
    asked = publish_question(bo, QuestionDraft(text="Where is a mill?", reach=EVERYBODY))
    return {
        "answer": answer_in_words(ana, asked, "By the bridge"),
        "item": item,
        "offer": offer,
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


def form_in(page: str, edit: Editing, town: dict[str, Any]) -> PageForm:
    action = edit.to.format(**town)
    fields = {"filled", *edit.units[0][0]}
    found = [one for one in forms_of(page) if one.action == action and fields <= one.names]
    assert len(found) == 1, f"{edit.page}: no form that says what it was filled with"
    return found[0]


def opened(tab: FlaskClient, edit: Editing, town: dict[str, Any]) -> PageForm:
    return form_in(tab.get(edit.page.format(**town)).text, edit, town)


def send(tab: FlaskClient, edit: Editing, town: dict[str, Any], form: PageForm, changes: Values) -> Any:
    address = (edit.to or edit.page).format(**town)
    sent = {name: value for name, value in {**form.data(), **changes}.items() if value is not None}
    return tab.post(address, data=sent)


def says(form: PageForm, values: Values) -> bool:
    now = {name: plain(form.value(name) or "").removesuffix(".00") for name in values}
    return now == {name: plain(value or "") for name, value in values.items()}


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def test_of_two_tabs_each_writes_what_it_changed(town: dict[str, Any], tabs: tuple[FlaskClient, FlaskClient]) -> None:
    for edit in EDITING.values():
        check_each_writes_its_own(town, tabs, edit)


def check_each_writes_its_own(town: dict[str, Any], tabs: tuple[FlaskClient, FlaskClient], edit: Editing) -> None:
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
    for edit in EDITING.values():
        check_the_second_sees_both(town, tabs, edit)


def check_the_second_sees_both(town: dict[str, Any], tabs: tuple[FlaskClient, FlaskClient], edit: Editing) -> None:
    one, other = tabs
    for theirs, mine in edit.units:
        if not mine:  # yes or no: both who change it want the same
            continue
        before = [opened(one, edit, town), opened(other, edit, town)]
        assert send(one, edit, town, before[0], theirs).status_code in {302, 303}
        answer = send(other, edit, town, before[1], mine)
        assert answer.status_code == 409, (edit.page, mine)
        assert "Changed in the meantime" in answer.text
        assert says(opened(one, edit, town), theirs), "refused, and written all the same"
        given_back = form_in(answer.text, edit, town)
        assert says(given_back, mine), (edit.page, mine)
        # Whoever has seen both and sends it again means it.
        assert send(other, edit, town, given_back, {}).status_code in {302, 303}
        assert says(opened(one, edit, town), mine)


def test_both_who_changed_it_to_the_same_are_content(
    town: dict[str, Any], tabs: tuple[FlaskClient, FlaskClient]
) -> None:
    for edit in EDITING.values():
        before = [opened(tab, edit, town) for tab in tabs]
        for tab, form in zip(tabs, before, strict=True):
            assert send(tab, edit, town, form, edit.units[0][0]).status_code in {302, 303}


def test_what_a_form_was_filled_with_may_be_nonsense(
    town: dict[str, Any], tabs: tuple[FlaskClient, FlaskClient]
) -> None:
    """It is of the sender's own form: nonsense writes all fields, as a form does that says nothing."""
    edit = EDITING["/market/<listing_id>/edit"]
    for number, said in enumerate(["", "title", "title=", "= =", "title=\x00", "price=1 " * 400, "\ud7ff=é"]):
        form = opened(tabs[0], edit, town)
        title = f"Lamp number {number}"
        assert send(tabs[0], edit, town, form, {"filled": said, "title": title}).status_code in {303, 409}, said


def test_of_two_tabs_each_keeps_the_topics_that_it_ticked(
    town: dict[str, Any], tabs: tuple[FlaskClient, FlaskClient]
) -> None:
    """Each box is a field of its own: what another tab chose is not unticked by a page that shows it empty."""
    one, other = tabs

    def form_of_topics(tab: FlaskClient) -> PageForm:
        return next(form for form in forms_of(tab.get("/settings/feed").text) if "topic" in form.names)

    before = [form_of_topics(one), form_of_topics(other)]
    assert "filled" in before[0].names
    assert one.post("/settings/feed", data={**before[0].data(), "topic": ["tools", "books"]}).status_code == 302
    assert other.post("/settings/feed", data={**before[1].data(), "topic": ["art"]}).status_code == 302
    assert set(form_of_topics(one).data()["topic"]) == {"tools", "books", "art"}
    now = form_of_topics(one)
    assert one.post("/settings/feed", data={**now.data(), "topic": ["art"]}).status_code == 302
    assert form_of_topics(one).data()["topic"] == ["art"], "what is unticked goes"


def test_photos_added_in_two_tabs_are_all_kept(town: dict[str, Any], tabs: tuple[FlaskClient, FlaskClient]) -> None:
    """Both lists were changed: the form shows these and those, with what is said of each."""
    edit = EDITING["/items/<item_id>/recommend"]
    one, other = tabs
    before = [opened(one, edit, town), opened(other, edit, town)]
    for tab, form in zip(tabs, before, strict=True):
        data = {**form.data(), "photos": (a_photo(), "p.png")}
        answer = tab.post(edit.page.format(**town), data=data, content_type="multipart/form-data")
    assert answer.status_code == 409
    back = form_in(answer.text, edit, town)
    assert len(back.data()["photo_id"]) == 2
    assert send(other, edit, town, back, {}).status_code == 303
    assert len(opened(one, edit, town).data()["photo_id"]) == 2


def test_every_form_that_shows_what_is_there_knows_two_tabs(app: Flask) -> None:
    """On every page of somebody who owns one of each thing: a form that is filled says with what."""
    town = build_access_town(app)
    client = app.test_client()
    sign_in(app, client, town.handle(OWNER))
    adapter = app.url_map.bind("localhost")
    seen, faults = set(), []
    for method, rule in routes(app):
        if method != "GET" or rule.rule.startswith("/api/") or {"token", "code"} & rule.arguments:
            continue
        # To oneself there is nothing to say: of people it is a friend.
        values = {**town.values(rule.rule), "handle": town.handle("member")}
        page = client.get(re.sub(r"<(?:[^:<>]*:)?(\w+)>", lambda match, known=values: known[match[1]], rule.rule))
        shown = page.text if page.status_code == 200 and page.mimetype == "text/html" else ""
        page.close()
        for form in forms_of(shown):
            if form.method != "post" or not form.shown:
                continue
            target = adapter.match(form.action.partition("?")[0] or page.request.path, method="POST", return_rule=True)
            route = str(target[0].rule)
            if "filled" in form.names:
                seen.add(route)
            elif route not in FRESH:
                faults.append(f"{rule.rule}: the form for {route} shows {sorted(form.shown)}")
    assert not faults, "\n".join(faults)
    assert seen <= set(EDITING), "enter what it edits in tests/support/form_registry.py"
    assert len(seen) > 8, "the pages were there"
