"""One thing of every kind for every state, and people who stand in every relation to its owner.

Each thing carries a word of its own in its title and text, and one by which it is searched for: whatever
a door answers, the word tells whether the thing came through it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO

from flask import Flask
from PIL import Image

from tests.support.people import MemberFactory

OWNERS = {"standing": "olli", "suspended": "susan", "erased": "eric", "removed": "olli"}
VIEWERS = ("olli", "cora", "stella", "guest", "bert", "bibi", "mo")


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing; `ident` as its kind's key, `doors` are the addresses of its own that name it."""

    kind: str
    state: str
    ident: str
    word: str
    page: str
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

    people: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    things: list[Thing] = field(default_factory=list)


Maker = Callable[[Flask, Town, str, int, str], Thing]


def picture(owner_id: int) -> str:
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
    from app.people.privacy.service import erase_member
    from app.platform.event_log import run_reactions
    from app.platform.subjects import kinds
    from app.trust.vouches.service import vouch

    town = Town()
    factory = MemberFactory(app)
    for name in ("olli", "susan", "eric", "cora", "stella", "bert", "bibi", "wanda"):
        town.people[name] = factory(name, role="merchant" if name in {"olli", "susan", "eric"} else "member")
    town.people["mo"] = factory("mo", role="moderator")
    for name in ("olli", "susan", "eric"):
        for other in ("cora", "bert", "bibi", "mo"):
            vouch(town.people[other], town.people[name], "trust", "known for years")
            vouch(town.people[name], town.people[other], "trust", "known for years")
    for kind, make in makers.items():
        for state, owner in OWNERS.items():
            town.things.append(make(app, town, state, town.people[owner], word(kind, state)))
    for name in VIEWERS:
        if name != "guest":
            town.tokens[name] = issue_token(town.people[name])
    run_reactions()
    block(town.people["olli"], town.people["bert"])
    block(town.people["bibi"], town.people["olli"])
    suspend(town.people["mo"], town.people["susan"])
    erase_member(town.people["eric"], "eric")
    for thing in town.things:
        remove = kinds()[thing.kind].remove if thing.state == "removed" else None
        if remove is not None:
            remove(thing.ident)
    run_reactions()
    return town


def make_listing(_app: Flask, _town: Town, state: str, owner_id: int, word: str) -> Thing:
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
    )


MAKERS: dict[str, Maker] = {"listing": make_listing}


def seen_by(thing: Thing, viewer: str) -> bool:
    """The rule, said once more and in other words than the application does."""
    if thing.state in {"suspended", "erased"}:
        return False
    if thing.state == "removed":
        return viewer == "olli" and thing.kind == "listing"
    if thing.kind in {"item", "room"}:
        return True
    return viewer not in {"bert", "bibi"}


def words_in(text: str, things: Sequence[Thing]) -> set[str]:
    """Which things' words stand in the text."""
    return {thing.word for thing in things if thing.word in text}
