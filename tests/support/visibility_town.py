"""One thing of every kind for every state, and people who stand in every relation to its owner.

Each thing carries a word of its own in its title and text, and one by which it is searched for: whatever
a door answers, the word tells whether the thing came through it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any

from flask import Flask
from PIL import Image

from app.kernel.ids import MemberId, PhotoId
from tests.support.case_town import make_case
from tests.support.limited_listings import limit, make_limited_listing
from tests.support.people import MemberFactory
from tests.support.review_town import make_review, make_review_answer
from tests.support.room_town import make_room

OWNERS = {"standing": "olli", "suspended": "susan", "erased": "eric", "removed": "rita"}
VIEWERS = ("olli", "cora", "stella", "guest", "bert", "bibi", "mo")


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing; `ident` as its kind's key, `doors` are the addresses of its own that name it."""

    kind: str
    state: str
    ident: Any
    word: str
    page: str = ""
    doors: tuple[str, ...] = ()
    photo: str | None = None
    # What changes something about it: refused when it is not visible.
    writes: tuple[str, ...] = ()

    @property
    def search(self) -> str:
        return f"{self.kind}quest"


@dataclass(slots=True)
class Town:
    """Everybody and everything."""

    people: dict[str, MemberId] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    things: list[Thing] = field(default_factory=list)
    # Where each viewer alone finds things: links that somebody has sent, finds of searches that are kept.
    own: dict[str, list[str]] = field(default_factory=dict)


# Given the town, the state, the owner and the word.
Maker = Callable[[Town, str, MemberId, str], Thing]


def send_links(town: Town) -> None:
    from app.messaging.conversations.service import send_message
    from app.messaging.conversations.starting import start_conversation

    pages = [thing.page for thing in town.things if thing.kind in {"listing", "item", "store", "member"}]
    for viewer in VIEWERS:
        if viewer != "guest":
            room, _new = start_conversation(town.people["wanda"], [town.people[viewer]])
            town.own.setdefault(viewer, []).append(f"/messages/{room}")
            for number in range(0, len(pages), 4):
                text = " ".join(f"http://127.0.0.1:8000{page}" for page in pages[number : number + 4])
                send_message(town.people["wanda"], room, f"links-{number}", text)


def keep_searches(town: Town) -> None:
    """Everybody waits for what is to come: at once, and once a day."""
    from app.discovery.saved_searches.service import save_search
    from app.discovery.saved_searches.values import Cadence
    from app.discovery.search.values import Wanted

    for viewer in VIEWERS:
        for kind in ("listing", "item") if viewer != "guest" else ():
            for cadence, also in ((Cadence.INSTANT, ""), (Cadence.DAILY, " all about")):
                ident = save_search(town.people[viewer], Wanted(q=f"{kind}quest{also}", kind=kind), cadence)
                town.own.setdefault(viewer, []).append(f"/searches/{ident}")


def keep_all(town: Town) -> None:
    """Everybody keeps what can be kept, and finds it helpful."""
    from app.community.recommendations.service import save_recommendation, set_helpful
    from app.market.listings.service import save_listing

    for ident in (town.people[viewer] for viewer in VIEWERS if viewer in town.people):
        for thing in town.things:
            if thing.kind == "listing":
                save_listing(ident, thing.ident, keep=True)
            elif thing.kind == "recommendation":
                save_recommendation(ident, thing.ident, keep=True)
                if OWNERS.get(thing.state, "olli") not in town.people or town.people[OWNERS[thing.state]] != ident:
                    set_helpful(ident, thing.ident, helpful=True)


def picture(owner_id: MemberId) -> PhotoId:
    """A stored photo."""
    from app.platform.files import store_photo

    data = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(data, "PNG")
    data.seek(0)
    return store_photo(data, owner_id).id


def word(kind: str, state: str) -> str:
    """Found in no other text."""
    return f"{kind.replace('_', '')}word{state}"


def build(app: Flask, makers: dict[str, Maker]) -> Town:
    """The town: things first, then what becomes of their owners and of them."""
    from app.people.accounts.service import issue_token, suspend
    from app.people.blocks.service import block
    from app.people.data_requests.service import erase_member
    from app.platform.event_log import run_reactions
    from app.platform.subjects import Ruling, kinds
    from app.trust.vouches.service import vouch

    town = Town()
    factory = MemberFactory(app)
    for name in ("olli", "susan", "eric", "rita", "cora", "stella", "bert", "bibi", "wanda"):
        town.people[name] = factory(name, role="merchant" if name in OWNERS.values() else "member")
    town.people["mo"] = factory("mo", role="moderator")
    for name in OWNERS.values():
        for other in ("cora", "bert", "bibi", "mo"):
            vouch(town.people[other], town.people[name], "trust", "known for years")
            vouch(town.people[name], town.people[other], "trust", "known for years")
    keep_searches(town)
    for kind, make in makers.items():
        for state, owner in OWNERS.items():
            town.things.append(make(town, state, town.people[owner], word(kind, state)))
    town.things.append(make_limited_listing(town))
    for name in VIEWERS:
        if name != "guest":
            town.tokens[name] = issue_token(town.people[name])
    send_links(town)
    keep_all(town)
    limit(town)
    run_reactions()
    block(town.people["olli"], town.people["bert"])
    block(town.people["bibi"], town.people["olli"])
    suspend(town.people["mo"], town.people["susan"])
    erase_member(town.people["eric"], "eric")
    for thing in town.things:
        remove = kinds()[thing.kind].remove if thing.state == "removed" else None
        if remove is not None:
            remove(thing.ident, Ruling(moderator_id=town.people["mo"]))
    run_reactions()
    return town


def make_listing(_town: Town, state: str, owner_id: MemberId, word: str) -> Thing:
    from app.market.listings.service import publish_listing
    from app.market.listings.values import ListingDraft

    photo = picture(owner_id)
    draft = ListingDraft(
        kind="sale",
        title=f"listingquest {word}",
        description=f"all about {word}",
        condition="good",
        price=Decimal(5),
    )
    ident = publish_listing(owner_id, draft, [photo])
    return Thing(
        "listing",
        state,
        ident,
        word,
        f"/market/{ident}",
        doors=(f"/api/v1/listings/{ident}", f"/recommend/listing/{ident}", f"/report/listing/{ident}"),
        photo=photo,
        writes=(f"FORM /market/{ident}/save",),
    )


def make_item(_town: Town, state: str, owner_id: MemberId, word: str) -> Thing:
    from app.community.items.service import add_item

    photo = picture(owner_id)
    ident = add_item(
        owner_id, kind="product", title=f"itemquest {word}", description=f"all about {word}", photo_id=photo
    )
    doors = (f"/api/v1/items/{ident}", f"/api/v1/items/{ident}/endorsements", f"/items/{ident}/recommend")
    return Thing("item", state, ident, word, f"/items/{ident}", doors=doors, photo=photo)


def make_recommendation(town: Town, state: str, owner_id: MemberId, word: str) -> Thing:
    from app.community.items.service import add_item
    from app.community.recommendations.service import recommend
    from app.community.recommendations.values import RecommendationPhotoView

    photo = picture(owner_id)
    item = add_item(town.people["wanda"], kind="place", title=f"A place to be {state}")
    ident = recommend(owner_id, item, "recommend", text=f"It is {word}", photos=[RecommendationPhotoView(photo, "")])
    api = f"/api/v1/recommendations/{ident}"
    return Thing(
        "recommendation",
        state,
        ident,
        word,
        f"/recommendations/{ident}",
        doors=(
            api,
            f"{api}/history",
            f"/recommendations/{ident}/history",
            f"/items/{item}?all",
            f"/api/v1/items/{item}/endorsements",
            f"/report/recommendation/{ident}",
        ),
        photo=photo,
        writes=(f"PUT {api}/helpful", f"PUT {api}/saved", f"POST {api}/comments"),
    )


def make_photo(town: Town, state: str, owner_id: MemberId, word: str) -> Thing:
    from app.community.items.service import add_item
    from app.community.recommendations.service import recommend
    from app.community.recommendations.values import RecommendationPhotoView

    photo = picture(owner_id)
    item = add_item(town.people["wanda"], kind="place", title=f"A place to look at {state}")
    ident = recommend(owner_id, item, "recommend", text="Look", photos=[RecommendationPhotoView(photo, word)])
    api = f"/api/v1/recommendations/{ident}"
    return Thing(
        "said_photo",
        state,
        photo,
        word,
        # Without its photo the recommendation stands.
        "" if state == "removed" else f"/recommendations/{ident}",
        doors=(api, f"/recommendations/{ident}", f"/items/{item}?all", f"/report/said_photo/{photo}"),
        photo=photo,
    )


def make_comment(town: Town, state: str, owner_id: MemberId, word: str) -> Thing:
    from app.community.comments.service import add_comment
    from app.community.items.service import add_item
    from app.community.recommendations.service import recommend

    wanda = town.people["wanda"]
    item = add_item(wanda, kind="place", title=f"A place to go {state}")
    said = recommend(wanda, item, "recommend", text="It is fine")
    ident = add_comment(owner_id, said, f"I say {word}")
    return Thing(
        "comment",
        state,
        ident,
        word,
        f"/recommendations/{said}",
        doors=(f"/api/v1/recommendations/{said}/comments", f"/report/comment/{ident}"),
    )


def make_ask(_town: Town, state: str, owner_id: MemberId, word: str) -> Thing:
    from app.community.questions.service import publish_question
    from app.community.questions.values import EVERYBODY, QuestionDraft

    ident = publish_question(owner_id, QuestionDraft(text=f"Who knows {word}?", reach=EVERYBODY))
    return Thing(
        "ask",
        state,
        ident,
        word,
        f"/asks/{ident}",
        doors=(f"/api/v1/asks/{ident}", f"/report/ask/{ident}"),
        writes=(f"POST /api/v1/asks/{ident}/answers",),
    )


def make_answer(town: Town, state: str, owner_id: MemberId, word: str) -> Thing:
    """To a question of somebody whom everybody is in touch with, so that what decides is the answer's own."""
    from app.community.questions.answering import answer_in_words
    from app.community.questions.service import publish_question
    from app.community.questions.values import EVERYBODY, QuestionDraft

    asked = publish_question(town.people["wanda"], QuestionDraft(text=f"Who knows a mill {state}?", reach=EVERYBODY))
    ident = answer_in_words(owner_id, asked, f"I know {word}")
    return Thing(
        "answer",
        state,
        ident,
        word,
        f"/asks/{asked}",
        doors=(f"/api/v1/asks/{asked}", f"/report/answer/{ident}"),
    )


def make_store(_town: Town, state: str, owner_id: MemberId, word: str) -> Thing:
    from app.merchants.stores.service import open_store

    slug = f"the-{state}-store"
    ident = open_store(owner_id, name=f"storequest {word}", slug=slug, about=f"all about {word}")
    doors = (f"/recommend/store/{ident}", f"/report/store/{ident}")
    return Thing("store", state, ident, word, f"/s/{slug}", doors=doors, writes=(f"FORM /s/{slug}/advocate",))


def make_member(_town: Town, state: str, owner_id: MemberId, word: str) -> Thing:
    from app.people.accounts.queries import get_member
    from app.people.profiles.service import edit_profile

    member = get_member(owner_id)
    edit_profile(owner_id, name=member.name, bio=f"memberquest {word}", place="", discreet=False)
    handle = member.handle
    return Thing("member", state, str(owner_id), word, f"/m/{handle}", doors=(f"/api/v1/members/{handle}",))


def make_message(town: Town, state: str, owner_id: MemberId, word: str) -> Thing:
    from app.messaging.conversations.changes import remove_message
    from app.messaging.conversations.service import send_message
    from app.messaging.conversations.starting import start_conversation

    photo = picture(owner_id)
    others = [town.people[one] for one in ("cora", "bert", "bibi")]
    room, _new = start_conversation(owner_id, others, title="Some of us")
    ident = send_message(owner_id, room, f"client-{state}", f"messagequest {word}", photos=[photo]).id
    if state == "removed":
        remove_message(owner_id, ident)
    return Thing("message", state, ident, word, photo=photo)


MAKERS: dict[str, Maker] = {
    "listing": make_listing,
    "item": make_item,
    "recommendation": make_recommendation,
    "said_photo": make_photo,
    "comment": make_comment,
    "ask": make_ask,
    "answer": make_answer,
    "review": make_review,
    "review_reply": make_review_answer,
    "store": make_store,
    "member": make_member,
    "message": make_message,
    "room": make_room,
    "case": make_case,
}


def seen_by(thing: Thing, viewer: str) -> bool:
    """The rule, said once more and in other words than the application does."""
    if thing.kind in {"item", "room"}:
        # They belong to all: nobody's suspension or block takes them away.
        return thing.state != "removed" and (thing.kind == "item" or viewer != "guest")
    if thing.state == "limited":
        return viewer in {"olli", "cora", "mo"}
    if thing.kind == "case":
        return thing.state != "erased" and viewer == OWNERS[thing.state]
    if thing.kind == "message":
        # What was said between people stays with them.
        apart = {"bert", "bibi"} if thing.state == "standing" else set[str]()
        inside = {"cora", "bert", "bibi", OWNERS[thing.state]}
        return thing.state in {"standing", "suspended"} and viewer in inside - apart
    if thing.state == "removed" and thing.kind == "member":
        return True
    if thing.state != "standing" or (thing.kind == "ask" and viewer not in {"olli", "cora", "mo"}):
        return False
    if thing.kind == "answer" and viewer == "guest":
        return False  # visitors see no questions
    return viewer not in {"bert", "bibi"}


def words_in(text: str, things: Sequence[Thing]) -> set[str]:
    """Which things' words stand in the text."""
    return {thing.word for thing in things if thing.word in text}
