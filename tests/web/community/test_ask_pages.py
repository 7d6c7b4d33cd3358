"""Asking, answering and thanking with plain forms, and the same over JSON."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.community.items.service import add_item
from app.community.questions.answering import answer_question, thank_for
from app.community.questions.service import publish_question, widen_question
from app.community.questions.values import QuestionDraft
from app.community.recommendations.service import recommend
from app.people.accounts.service import issue_token
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

SignIn = Callable[[FlaskClient, str], FlaskClient]
MOST = 8


@pytest.fixture
def people(app: Flask, member: MemberFactory) -> dict[str, int]:
    """Ana trusts Bo, Bo trusts Cem; Fay is a stranger."""
    app.config["WTF_CSRF_ENABLED"] = False
    ids = {one: member(one) for one in ("ana", "bo", "cem", "fay")}
    vouch(ids["ana"], ids["bo"], "trust_fully")
    vouch(ids["bo"], ids["cem"], "trust_fully")
    vouch(ids["bo"], ids["ana"], "trust_fully")
    return ids


def test_ask_answer_thank_without_javascript(app: Flask, people: dict[str, int], signed_in: SignIn) -> None:
    known = add_item(people["cem"], kind="service", title="Cykelkliniken", description="Bike repair in Lund")
    recommend(people["bo"], known, "recommend")
    ana, bo, fay = (signed_in(app.test_client(), who) for who in ("ana", "bo", "fay"))
    assert "No questions yet" in ana.get("/asks?whose=mine").text
    form = {"text": "A good bike repair in Lund?", "topic": "Bicycles", "place": "Lund", "reach": "2"}
    bad = ana.post("/asks/new", data={**form, "text": " "})
    assert bad.status_code == 422
    assert 'value="Bicycles"' in bad.text
    sent = ana.post("/asks/new", data=form)
    asked = ana.get(sent.location).text
    assert "Already recommended" in asked
    assert "1 person you trust recommends it" in asked
    path = sent.location.split("?")[0]
    assert fay.get(path).status_code == 404
    assert fay.post(f"{path}/answers", data={"title": "x"}).status_code == 404

    page = bo.get("/asks").text
    assert "A good bike repair in Lund?" in page
    assert 'class="pill kin">new' in page
    assert "Shared with their circle" in bo.get(path).text
    assert 'class="pill kin">new' not in bo.get("/asks").text
    # What is alike is offered before something new is made, and nothing that was typed is lost.
    words = {"title": "cykel kliniken", "text": "He is <b>honest</b>", "disclosure": "none", "kind": "service"}
    offered = bo.post(f"{path}/answers", data={**words, "title": "Cykelkliniken Lund"})
    assert offered.status_code == 200
    assert f'name="item" value="{known}"' in offered.text
    assert "He is &lt;b&gt;honest&lt;/b&gt;</textarea>" in offered.text
    assert re.search(r'value="none" checked', offered.text)
    nothing = bo.post(f"{path}/answers", data={"text": " ", "disclosure": "none"})
    assert nothing.status_code == 422
    assert "Write an answer, or choose what you recommend." in nothing.text
    given = bo.post(f"{path}/answers", data={**words, "item": known})
    assert given.location == f"{path}#answers"
    thanks = re.search(r'name="answer" value="(\w{26})"', ana.get(path).text)
    assert thanks
    assert bo.post(f"{path}/thanks", data={"answer": thanks[1]}).status_code == 403
    assert ana.post(f"{path}/thanks", data={"answer": thanks[1]}).status_code == 302
    page = ana.get(path).text
    assert "Most helpful" in page
    assert 'href="/trust/explain/bo"' in page
    ana.post(f"{path}/close")
    assert "This question is closed." in bo.get(path).text
    assert bo.post(f"{path}/answers", data={**words, "item": known}).status_code == 409
    ana.post(f"{path}/remove")
    assert bo.get(path).status_code == 404


def test_something_new_or_a_pasted_address_is_an_answer(app: Flask, people: dict[str, int], signed_in: SignIn) -> None:
    ask = publish_question(people["ana"], QuestionDraft(text="Tea?", reach=1))
    tea = add_item(people["cem"], kind="product", title="Sencha")
    bo = signed_in(app.test_client(), "bo")
    words = {"text": "", "disclosure": "none", "kind": "place"}
    for title in (f"http://127.0.0.1:8000/items/{tea}?all=1", "Tehuset Java"):
        answer = bo.post(f"/asks/{ask}/answers", data={**words, "title": title})
        assert answer.status_code == 302, answer.text
    page = bo.get(f"/asks/{ask}").text
    assert "Sencha" in page
    assert "Tehuset Java" in page
    assert "2 answers" in page


def test_widening_and_editing_by_hand(app: Flask, people: dict[str, int], signed_in: SignIn) -> None:
    ask = publish_question(people["ana"], QuestionDraft(text="Tea?", reach=1))
    ana, cem = (signed_in(app.test_client(), who) for who in ("ana", "cem"))
    assert cem.get(f"/asks/{ask}").status_code == 404
    assert "Shared one step further." in ana.post(f"/asks/{ask}/widen", follow_redirects=True).text
    assert cem.get(f"/asks/{ask}").status_code == 200
    assert cem.get(f"/asks/{ask}/edit").status_code == 404
    form = {"text": "Green tea?", "topic": "", "place": "", "reach": "1"}
    assert "It has already been shared more widely." in ana.post(f"/asks/{ask}/edit", data=form).text
    ana.post(f"/asks/{ask}/edit", data={**form, "reach": "3"})
    assert "Green tea?" in cem.get(f"/asks/{ask}").text


def test_pages_take_few_statements(app: Flask, people: dict[str, int], signed_in: SignIn) -> None:
    shop = add_item(people["cem"], kind="service", title="Cykelkliniken")
    asks = [publish_question(people["ana"], QuestionDraft(text=f"Question {n}", reach=2)) for n in range(6)]
    widen_question(people["ana"], asks[0])
    for who in ("bo", "cem"):
        ident = answer_question(people[who], asks[0], shop, text="Him", disclosure="none")
    thank_for(people["ana"], asks[0], ident)
    for who in ("ana", "bo"):
        browser = signed_in(app.test_client(), who)
        for address in (f"/asks/{asks[0]}", "/asks", "/asks?whose=mine", "/asks/new"):
            browser.get(address)
            with statements() as sent:
                assert browser.get(address).status_code == 200
            assert len(sent) <= MOST, "\n\n".join([address, *sent])


def test_the_same_over_json(client: FlaskClient, people: dict[str, int]) -> None:
    head = {who: {"Authorization": f"Bearer {issue_token(ident)}"} for who, ident in people.items()}
    made = client.post("/api/v1/asks", json={"text": "Tea?", "reach": 2, "place": "Lund"}, headers=head["ana"])
    assert made.status_code == 201
    path = made.headers["Location"]
    assert (made.json["hops"], made.json["reach"], made.json["reached"]) == (1, 2, 1)  # type: ignore[index]
    for_bo = client.get("/api/v1/asks", headers=head["bo"]).json
    assert for_bo
    (one,) = for_bo["items"]
    assert (one["author"], one["path"], one["distance"], one["text"]) == ("ana", ["bo", "ana"], 1, "Tea?")
    assert client.get(path, headers=head["cem"]).status_code == 404
    tea = add_item(people["cem"], kind="product", title="Sencha")
    answer = client.post(
        f"{path}/answers", json={"item": tea, "text": "Mild", "disclosure": "none"}, headers=head["bo"]
    )
    assert answer.status_code == 201
    assert answer.json
    ident = answer.json["recommendation"]
    assert client.post(f"{path}/widen", headers=head["ana"]).json["hops"] == 2  # type: ignore[index]
    thanked = client.post(f"{path}/thanks", json={"recommendation": ident}, headers=head["ana"]).json
    assert thanked
    (given,) = thanked["list"]
    assert (given["member"], given["path"], given["helped"], given["item"]) == ("bo", ["ana", "bo"], True, tea)
    closed = client.patch(path, json={"status": "closed", "text": "Green tea?"}, headers=head["ana"]).json
    assert closed
    assert (closed["status"], closed["text"], closed["place"]) == ("closed", "Green tea?", "Lund")
    mine = client.get("/api/v1/asks?whose=mine", headers=head["ana"]).json
    assert mine
    assert [one["id"] for one in mine["items"]] == [closed["id"]]
    assert client.delete(path, headers=head["bo"]).status_code == 403
    assert client.delete(path, headers=head["ana"]).status_code == 204
    assert client.get(path, headers=head["ana"]).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"text": ""}, 422),
        ({"text": ["x"]}, 422),
        ({"text": "x\x00"}, 422),
        ({"text": "x" * 601}, 422),
        ({"text": "x", "reach": 0}, 422),
        ({"text": "x", "reach": True}, 422),
        ({"text": "x", "reach": "all"}, 422),
        ({"text": "x", "reach": "everybody"}, 201),
        ({"text": "<script>alert(1)</script>\u202e", "topic": "ẑ" * 60}, 201),
    ],
)
def test_bad_json_is_a_problem(
    client: FlaskClient, people: dict[str, int], body: dict[str, object], status: int
) -> None:
    head = {"Authorization": f"Bearer {issue_token(people['ana'])}"}
    answer = client.post("/api/v1/asks", json=body, headers=head)
    assert answer.status_code == status, answer.text


def test_a_bad_question_of_a_list_is_a_problem(client: FlaskClient, people: dict[str, int]) -> None:
    head = {"Authorization": f"Bearer {issue_token(people['ana'])}"}
    for query in ("whose=all", "cursor=abc", "limit=x", "limit=0"):
        assert client.get(f"/api/v1/asks?{query}", headers=head).status_code == 422


def test_odd_addresses_are_no_errors_of_ours(app: Flask, people: dict[str, int], signed_in: SignIn) -> None:
    ana = signed_in(app.test_client(), "ana")
    assert people
    for path in ("/asks/nothing", "/asks/%00", "/asks/nothing/edit", "/items/nothing/double"):
        assert ana.get(path).status_code == 404
    for path in ("/asks/known?text=%F0%9F%98%80", "/asks/known?text=" + "x" * 3000, "/items/suggest?title=%22%27*"):
        assert ana.get(path).status_code == 200
    assert ana.get("/asks/known?text=%00").status_code == 422
    assert app.test_client().get("/asks").status_code == 302


def test_an_exact_title_picks_its_thing(app: Flask, people: dict[str, int], signed_in: SignIn) -> None:
    ask = publish_question(people["ana"], QuestionDraft(text="Bike repair?", reach=1))
    known = add_item(people["cem"], kind="service", title="Cykelkliniken")
    add_item(people["cem"], kind="service", title="Cykelkliniken Lund")
    bo = signed_in(app.test_client(), "bo")
    suggested = bo.get("/items/suggest?pick=1&title=CYKELKLINIKEN").text
    assert re.findall(r'value="(\w{26})"[^>]* checked', suggested) == [known]
    words = {"text": "Quick", "disclosure": "none", "kind": "service"}
    answer = bo.post(f"/asks/{ask}/answers", data={**words, "title": " cykelkliniken "})
    assert answer.status_code == 302, answer.text
    assert f'href="/items/{known}"' in bo.get(f"/asks/{ask}").text
    # Two of one name: only the member can say which.
    add_item(people["cem"], kind="place", title="Cykelkliniken")
    assert " checked" not in bo.get("/items/suggest?pick=1&title=Cykelkliniken").text
