"""Every text field takes hostile texts: refused with a clear message, or shown harmless."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from app.community.comments.service import add_comment
from app.community.items.service import add_item
from app.community.questions.answering import answer_in_words
from app.community.questions.service import publish_question
from app.community.questions.values import EVERYBODY, QuestionDraft
from app.community.recommendations.service import recommend
from app.kernel.errors import DomainError
from app.kernel.ids import new_id
from app.kernel.subjects import Subject
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.merchants.stores.service import open_store
from app.messaging.conversations.service import send_message
from app.messaging.conversations.starting import start_conversation
from app.messaging.groups.service import open_room
from app.moderation.reports.service import file_report
from app.people.profiles.service import edit_profile
from app.trust.vouches.service import vouch
from tests.support.hostile_text import BOMBS, NAUGHTY, effects, in_parcels, scripts
from tests.support.people import MemberFactory

SignIn = Callable[..., FlaskClient]
LONG, LINE = 3800, 110
ALL = [*scripts(), *NAUGHTY]


class Street:
    """Ana writes, Bo reads; each method puts a text into one field and gives the pages that show it."""

    def __init__(self, member: MemberFactory) -> None:
        self.ana = member("ana", role="merchant")
        self.bo = member("bo")
        vouch(self.ana, self.bo, "trust_fully")
        vouch(self.bo, self.ana, "trust_fully")
        self.item = add_item(self.ana, kind="product", title="Kettle")
        self.said = recommend(self.ana, self.item, "recommend", text="good")
        self.talk = start_conversation(self.ana, [self.bo])[0]
        self.stores = 0

    def item_description(self, text: str) -> list[str]:
        return [f"/items/{add_item(self.ana, kind='product', title='Pan', description=text)}"]

    def item_title(self, text: str) -> list[str]:
        found = add_item(self.ana, kind="place", title=text, category=text, maker=text)
        return [f"/items/{found}", "/items"]

    def recommendation(self, text: str) -> list[str]:
        recommend(self.ana, self.item, "recommend", text=text)
        return [f"/items/{self.item}", f"/recommendations/{self.said}", f"/recommendations/{self.said}/history", "/"]

    def comment(self, text: str) -> list[str]:
        add_comment(self.ana, self.said, text)
        return [f"/recommendations/{self.said}"]

    def listing(self, text: str) -> list[str]:
        draft = ListingDraft(
            kind="sale", title="Lamp", description=text, category="home", condition="good", price=Decimal(5)
        )
        return [f"/market/{publish_listing(self.ana, draft)}"]

    def listing_line(self, text: str) -> list[str]:
        draft = ListingDraft(kind="give", title=text, category="home", condition="good", place=text[:80])
        return [f"/market/{publish_listing(self.ana, draft)}", "/market"]

    def ask(self, text: str) -> list[str]:
        draft = QuestionDraft(text=text[:600], topic=text[:60], place=text[:80], reach=1)
        return [f"/asks/{publish_question(self.ana, draft)}", "/asks"]

    def answer(self, text: str) -> list[str]:
        asked = publish_question(self.bo, QuestionDraft(text="Where?", reach=EVERYBODY))
        return [f"/asks/{asked}", f"/answers/{answer_in_words(self.ana, asked, text)}/edit"]

    def message(self, text: str) -> list[str]:
        send_message(self.ana, self.talk, new_id(), text)
        return [f"/messages/{self.talk}", "/messages"]

    def room(self, text: str) -> list[str]:
        return [f"/messages/{open_room(self.ana, text, about=text, place=text[:60])}", "/rooms"]

    def profile(self, text: str) -> list[str]:
        edit_profile(self.ana, name=text[:60], bio=text, place=text[:60], discreet=False)
        return ["/m/ana", "/market", "/circle"]

    def store(self, text: str) -> list[str]:
        self.stores += 1
        slug = f"store{self.stores}"
        open_store(self.ana, name=text[:80], slug=slug, about=text)
        return [f"/s/{slug}"]

    def reason(self, text: str) -> list[str]:
        vouch(self.bo, self.ana, "trust", reason=text[:400], topic=text[:40])
        return ["/m/ana", "/trust/explain/ana"]

    def report(self, text: str) -> list[str]:
        file_report(self.bo, Subject("item", self.item), "other", text)
        return ["/moderation"]


FIELDS: dict[str, tuple[int, list[str]]] = {
    "item_description": (LONG, ALL),
    "item_title": (LINE, ALL[::9]),
    "recommendation": (LONG, [*ALL, *BOMBS]),
    "comment": (1900, ALL),
    "listing": (LONG, [*ALL, *BOMBS]),
    "listing_line": (LINE, ALL[::9]),
    "ask": (590, ALL[::2]),
    "answer": (1900, ALL[::2]),
    "message": (LONG, [*ALL, *BOMBS]),
    "room": (60, ALL[::12]),
    "profile": (400, ALL[::4]),
    "store": (LONG, ALL),
    "reason": (380, ALL[::3]),
    "report": (LONG, ALL),
}


@pytest.mark.parametrize("field", FIELDS)
def test_whatever_is_written_nothing_comes_of_it(
    client: FlaskClient, member: MemberFactory, signed_in: SignIn, field: str
) -> None:
    street = Street(member)
    member("mo", role="moderator")
    signed_in(client, "mo" if field == "report" else "bo")
    most, texts = FIELDS[field]
    kept = 0
    refusals: list[DomainError] = []
    pages: dict[str, None] = {}
    for parcel in in_parcels(texts, most):
        try:
            shown = getattr(street, field)(parcel)
        except DomainError as refused:
            refusals.append(refused)
        else:
            kept += 1
            pages |= dict.fromkeys(shown)
    assert all(str(one.message) and one.status < 500 for one in refusals)  # a reason that can be read
    assert kept
    for page in pages:
        answer = client.get(page, follow_redirects=True)
        assert answer.status_code in {200, 403, 404}, page
        assert effects(answer.text) == [], page
        assert "\u202e" not in answer.text


@pytest.mark.parametrize("path", ["/search?q=", "/market?q=", "/items?q=", "/people?q=", "/rooms?q=", "/messages?q="])
def test_questions_with_hostile_words_are_answered(
    client: FlaskClient, member: MemberFactory, signed_in: SignIn, path: str
) -> None:
    member("ana")
    signed_in(client, "ana")
    address, _, _name = path.partition("?")
    for text in in_parcels([*ALL[::5], *NAUGHTY], 180):
        answer = client.get(address, query_string={"q": text.encode("utf-8", "replace").decode()})
        assert answer.status_code < 500, text
        assert effects(answer.text) == [], text


@pytest.mark.parametrize("field", ["item_description", "recommendation", "comment", "listing", "message", "store"])
def test_a_huge_text_is_refused_and_said_why(member: MemberFactory, field: str) -> None:
    street = Street(member)
    with pytest.raises(DomainError) as refused:
        getattr(street, field)("word " * 2500)
    assert refused.value.status == 422
    assert any(letter.isdigit() for letter in str(refused.value.message))  # it names the bound


def test_the_judge_of_this_suite_sees_what_a_naive_page_lets_through() -> None:
    assert len(scripts()) >= 223
    harmful = [text for text in scripts() if text.startswith("<")]
    seen = [text for text in harmful if effects(f"<p>{text}</p>")]
    assert len(seen) > 0.8 * len(harmful)
    assert effects('<p><a href="/m/ana">x</a><script src="/static/app.js"></script></p>') == []
