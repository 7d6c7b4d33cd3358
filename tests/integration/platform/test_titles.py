"""One rule at every field that asks for the title of a thing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import count

import pytest

from app.community.items.service import add_item
from app.importing.rules import BadLine, parse_item
from app.kernel.errors import Invalid
from app.market.listings.service import edit_listing, publish_listing
from app.market.listings.values import ListingDraft
from app.merchants.stores.service import edit_store, open_store
from app.messaging.conversations.starting import start_conversation
from app.messaging.groups.service import open_room, rename
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory
from tests.unit.kernel.test_titles import NONE, TITLES


def draft(title: str) -> ListingDraft:
    return ListingDraft(kind="sale", title=title, condition="good", price=Decimal(5))


def test_every_title_field_takes_titles_and_nothing_else(member: MemberFactory) -> None:
    ana, *people = member("ana", role="merchant"), member("bo"), member("cem")
    for one in people:
        vouch(one, ana, "trust")
    listing, room = publish_listing(ana, draft("A lamp")), open_room(ana, "Lamps")
    group, _new = start_conversation(ana, people, title="Lamps and us")
    store = open_store(ana, name="Lamps", slug="lamps")
    others = count()

    def open_another_store(title: str) -> None:
        number = next(others)
        open_store(member(f"merchant{number}", role="merchant"), name=title, slug=f"store-{number}")

    fields: dict[str, Callable[[str], object]] = {
        "listing": lambda title: publish_listing(ana, draft(title)),
        "listing edited": lambda title: edit_listing(ana, listing, draft(title)),
        "item": lambda title: add_item(ana, kind="product", title=title),
        "room": lambda title: open_room(ana, title),
        "room renamed": lambda title: rename(ana, room, title),
        "group": lambda title: start_conversation(ana, people, title=title),
        "group renamed": lambda title: rename(ana, group, title),
        "store": open_another_store,
        "store renamed": lambda title: edit_store(ana, store, name=title, about=""),
        "imported item": lambda title: parse_item(["i-1", title]),
    }
    for name, write in fields.items():
        for title in TITLES[:4]:
            write(title)
        for title in NONE:
            if name == "group" and not title.strip():
                continue  # a group need not have a name
            with pytest.raises((Invalid, BadLine)):
                write(title)
                pytest.fail(f"{name}: {title!r} was taken")
