"""One rule at every field that asks for the title of a thing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from app.community.items.service import add_item
from app.kernel.errors import Invalid
from app.market.listings.service import edit_listing, publish_listing
from app.market.listings.values import ListingDraft
from app.messaging.groups.service import open_room, rename
from tests.support.people import MemberFactory
from tests.unit.kernel.test_titles import NONE, TITLES


def draft(title: str) -> ListingDraft:
    return ListingDraft(kind="sale", title=title, condition="good", price=Decimal(5))


def test_every_title_field_takes_titles_and_nothing_else(member: MemberFactory) -> None:
    ana = member("ana")
    listing, room = publish_listing(ana, draft("A lamp")), open_room(ana, "Lamps")
    fields: dict[str, Callable[[str], object]] = {
        "listing": lambda title: publish_listing(ana, draft(title)),
        "listing edited": lambda title: edit_listing(ana, listing, draft(title)),
        "item": lambda title: add_item(ana, kind="product", title=title),
        "room renamed": lambda title: rename(ana, room, title),
    }
    for name, write in fields.items():
        for title in TITLES[:4]:
            write(title)
        for title in NONE:
            with pytest.raises(Invalid):
                write(title)
                pytest.fail(f"{name}: {title!r} was taken")
    with pytest.raises(Invalid):
        open_room(ana, "???")
