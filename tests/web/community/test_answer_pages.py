"""Answering in words with plain forms, a recommendation attached by choice, and the same over JSON."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.community.items.service import add_item
from app.community.questions.answering import answer_in_words
from app.community.questions.service import publish_question
from app.community.questions.values import QuestionDraft
from app.community.recommendations.queries import own
from app.community.recommendations.service import recommend
from app.kernel.ids import QuestionId
from app.people.accounts.service import issue_token
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

SignIn = Callable[[FlaskClient, str], FlaskClient]
People = dict[str, int]


@pytest.fixture
def people(app: Flask, member: MemberFactory) -> People:
    """Ana trusts Bo and Cem; Fay is a stranger."""
    app.config["WTF_CSRF_ENABLED"] = False
    ids = {one: member(one, name=one.title()) for one in ("ana", "bo", "cem", "fay")}
    for other in ("bo", "cem"):
        vouch(ids["ana"], ids[other], "trust_fully")
    return ids


@pytest.fixture
def ask(people: People) -> QuestionId:
    return publish_question(people["ana"], QuestionDraft(text="Who mends kettles?", reach=1))


@pytest.fixture
def head(people: People) -> dict[str, dict[str, str]]:
    return {who: {"Authorization": f"Bearer {issue_token(ident)}"} for who, ident in people.items()}


def test_answer_in_words_edit_thank_and_delete(app: Flask, ask: QuestionId, signed_in: SignIn) -> None:
    ana, bo, cem, fay = (signed_in(app.test_client(), who) for who in ("ana", "bo", "cem", "fay"))
    page = bo.get(f"/asks/{ask}").text
    # The text box comes first, and nothing else has to be filled in.
    assert page.index('name="text"') < page.index("Attach a recommendation") < page.index('name="title"')
    assert " required" not in page[page.index('id="answer"') : page.index("</main>")]
    sent = bo.post(f"/asks/{ask}/answers", data={"text": "The **smith** by the mill", "title": "", "kind": "service"})
    assert sent.location == f"/asks/{ask}#answers"
    seen = ana.get(f"/asks/{ask}").text
    assert "<strong>smith</strong>" in seen
    assert "1 answer" in seen
    assert 'href="/trust/explain/bo"' in seen
    assert "1 answer" in cem.get("/asks").text
    (ident,) = re.findall(r'id="answer-(\w{26})"', seen)
    assert f"/report/answer/{ident}" in seen
    assert f"/answers/{ident}/edit" not in seen
    assert ana.get(f"/report/answer/{ident}").status_code == 200
    for stranger, status in ((ana, 404), (cem, 404), (fay, 404)):
        assert stranger.get(f"/answers/{ident}/edit").status_code == status
        assert stranger.post(f"/answers/{ident}/edit", data={"text": "x"}).status_code == status
    assert [one.post(f"/answers/{ident}/remove").status_code for one in (ana, cem, fay)] == [403, 403, 404]
    form = bo.get(f"/answers/{ident}/edit").text
    assert "The **smith** by the mill</textarea>" in form
    assert "Who mends kettles?" in form
    assert bo.post(f"/answers/{ident}/edit", data={"text": " "}).status_code == 422
    saved = bo.post(f"/answers/{ident}/edit", data={"text": "The smith"})
    assert saved.location == f"/asks/{ask}#answer-{ident}"
    assert ana.post(f"/asks/{ask}/thanks", data={"answer": ident}).status_code == 302
    seen = cem.get(f"/asks/{ask}").text
    assert "The smith</p>" in seen
    assert "edited" in seen
    assert "Most helpful" in seen
    assert "helped 1 person who asked" in cem.get("/m/bo").text
    assert "Answer deleted." in bo.post(f"/answers/{ident}/remove", follow_redirects=True).text
    assert "No answers yet" in ana.get(f"/asks/{ask}").text


def test_what_is_attached_is_public_and_the_words_only_by_choice(
    app: Flask, people: People, ask: QuestionId, signed_in: SignIn
) -> None:
    smith, tinker = (add_item(people["fay"], kind="service", title=one) for one in ("The smith", "The tinker"))
    bo, cem = (signed_in(app.test_client(), who) for who in ("bo", "cem"))
    words = {"text": "He mends yours in a day", "disclosure": "none", "kind": "service"}
    assert bo.post(f"/asks/{ask}/answers", data={**words, "title": "the smith"}).status_code == 302
    assert cem.post(f"/asks/{ask}/answers", data={**words, "item": tinker, "shared": "1"}).status_code == 302
    said = {who: own(people[who], item) for who, item in (("bo", smith), ("cem", tinker))}
    assert [one and one.text for one in said.values()] == ["", "He mends yours in a day"]
    page = bo.get(f"/asks/{ask}").text
    assert page.count("He mends yours in a day") == 2
    assert f'href="/items/{smith}"' in page
    assert "He mends yours" not in bo.get(f"/items/{smith}").text
    # Nothing is lost where an answer is missing, and what was opened is open again.
    back = bo.post(
        f"/asks/{ask}/answers", data={"text": "Or her", "title": "The cooper", "confirmed": "1", "kind": "service"}
    )
    assert back.status_code == 422
    assert "Or her</textarea>" in back.text
    assert re.search(r'<details class="more-filters attach" open>', back.text)
    assert "Choose whether you were paid" in back.text


def test_answers_over_json(
    client: FlaskClient, people: People, ask: QuestionId, head: dict[str, dict[str, str]]
) -> None:
    path = f"/api/v1/asks/{ask}"
    smith = add_item(people["fay"], kind="service", title="The smith")
    mine = recommend(people["bo"], smith, "recommend", text="Quick")
    sent = client.post(f"{path}/answers", json={"text": "By the mill"}, headers=head["cem"])
    assert sent.status_code == 201
    worded = sent.get_json()["answer"]
    assert sent.get_json()["recommendation"] is None
    both = client.post(f"{path}/answers", json={"text": "Him", "recommendation": mine}, headers=head["bo"]).get_json()
    assert both["recommendation"] == mine
    found = {one["id"]: one for one in client.get(path, headers=head["ana"]).get_json()["list"]}
    assert {name: found[worded][name] for name in ("member", "text", "item", "title", "disclosure", "path")} == {
        **dict.fromkeys(("item", "title", "disclosure")),
        "member": "cem",
        "text": "By the mill",
        "path": ["ana", "cem"],
    }
    assert (found[both["answer"]]["text"], found[both["answer"]]["title"]) == ("Him", "The smith")
    for body, status in (
        ({}, 422),
        ({"text": " "}, 422),
        ({"text": "x" * 2001}, 422),
        ({"text": "x", "item": smith, "recommendation": mine}, 422),
        ({"text": "x", "recommendation": "01nothing"}, 404),
    ):
        assert client.post(f"{path}/answers", json=body, headers=head["cem"]).status_code == status, body
    change = f"/api/v1/answers/{worded}"
    changed = client.patch(change, json={"text": "Behind the mill"}, headers=head["cem"])
    assert [(one["text"], one["edited"]) for one in changed.get_json()["list"] if one["id"] == worded] == [
        ("Behind the mill", True)
    ]
    for who, status in (("bo", 403), ("fay", 404)):
        assert client.patch(change, json={"text": "No"}, headers=head[who]).status_code == status
        assert client.delete(change, headers=head[who]).status_code == status
    for body in ({"answer": worded}, {"recommendation": mine}, {"answer": worded}):
        thanked = client.post(f"{path}/thanks", json=body, headers=head["ana"]).get_json()["list"]
        assert [one["helped"] for one in thanked] == [True, False]
    assert thanked[0]["id"] == worded
    assert client.post(f"{path}/thanks", json={}, headers=head["ana"]).status_code == 422
    assert client.delete(change, headers=head["cem"]).status_code == 204
    assert client.delete(change, headers=head["cem"]).status_code == 404


def test_whom_it_reached_reports_an_answer_and_a_moderator_reads_it(
    app: Flask, people: People, ask: QuestionId, member: MemberFactory, signed_in: SignIn
) -> None:
    member("mo", role="moderator")
    ana, fay, mo = (signed_in(app.test_client(), who) for who in ("ana", "fay", "mo"))
    said = answer_in_words(people["bo"], ask, "Buy it **now** at evil.example")
    door, report = f"/report/answer/{said}", {"reason": "spam", "text": "An advertisement"}
    assert fay.get(door).status_code == 404
    assert fay.post(door, data=report).status_code == 404
    assert "Buy it now" in ana.get(door).text
    assert ana.post(door, data=report).status_code == 200
    desk = mo.get("/moderation").text
    assert "Buy it now at evil.example" in desk
