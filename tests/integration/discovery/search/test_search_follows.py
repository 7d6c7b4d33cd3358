"""Every searchable thing × every change of its words or of who may see it: the search follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from app.community.items.service import add_item
from app.community.items.service import remove as remove_item
from app.discovery.search.queries import search
from app.discovery.search.values import Wanted
from app.market.listings.service import edit_listing, mark_sold, publish_listing, remove_listing
from app.market.listings.values import ListingDraft
from app.messaging.groups.service import close_room, leave, open_room, rename
from app.people.accounts.service import reinstate, suspend
from app.people.blocks.service import block
from app.people.profiles.service import edit_profile
from app.platform.event_log import run_reactions
from app.platform.subjects import Ruling
from tests.support.people import MemberFactory

OLD, NEW = "quagmire", "xylophone"
DRAFT = ListingDraft(kind="sale", title=f"A {OLD}", condition="good", price=Decimal(5))


def found(viewer: int, kind: str, word: str, *, counted: bool = True) -> int:
    """How many are shown; as many are counted, but for things of the suspended, which cost a look at each."""
    run_reactions()
    results = search(viewer, Wanted(q=word, kind=kind, exact=True))
    shown = len(getattr(results, f"{kind}s"))
    assert not counted or results.counts.get(kind, 0) == shown, (kind, word)
    return shown


def test_the_search_follows_every_change(member: MemberFactory) -> None:
    ana, viewer, mo = member("ana"), member("bo"), member("mo", role="moderator")

    def listed(after: Callable[[str], object]) -> None:
        ident = publish_listing(ana, DRAFT)
        assert found(viewer, "listing", OLD) == 1
        after(ident)

    def opened() -> str:
        ident = open_room(ana, f"The {OLD}")
        assert found(viewer, "room", OLD) == 1
        return ident

    listed(lambda ident: edit_listing(ana, ident, replace(DRAFT, title=f"A {NEW}")))
    assert (found(viewer, "listing", OLD), found(viewer, "listing", NEW)) == (0, 1)
    for gone in (lambda ident: mark_sold(ana, ident), lambda ident: remove_listing(ana, ident)):
        listed(gone)
        assert found(viewer, "listing", OLD) == 0

    room = opened()
    rename(ana, room, f"The {NEW}")
    assert (found(viewer, "room", OLD), found(viewer, "room", NEW)) == (0, 1)
    leave(ana, room)
    close_room(mo, room)  # with nobody inside
    assert found(viewer, "room", NEW) == 0
    close_room(mo, opened())
    assert found(viewer, "room", OLD) == 0

    item = add_item(ana, kind="product", title=f"Item {OLD}")
    assert found(viewer, "item", OLD) == 1
    remove_item(item, Ruling(moderator_id=1))
    assert found(viewer, "item", OLD) == 0

    edit_profile(ana, name=f"Ana {OLD}", bio="", place="", discreet=False)
    assert found(viewer, "member", OLD) == 1
    edit_profile(ana, name=f"Ana {NEW}", bio="", place="", discreet=False)
    assert (found(viewer, "member", OLD), found(viewer, "member", NEW)) == (0, 1)
    suspend(mo, ana)
    assert found(viewer, "member", NEW, counted=False) == found(viewer, "listing", NEW, counted=False) == 0
    reinstate(mo, ana)
    assert (found(viewer, "member", NEW), found(viewer, "listing", NEW)) == (1, 1)
    block(ana, viewer)
    assert (found(viewer, "member", NEW), found(viewer, "listing", NEW)) == (0, 0)
