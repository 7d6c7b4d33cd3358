"""A room of each state for the town of what is visible."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.kernel.ids import MemberId
    from tests.support.visibility_town import Thing, Town


def make_room(_town: Town, state: str, owner_id: MemberId, word: str) -> Thing:
    from app.messaging.groups.service import close_room, open_room
    from tests.support.visibility_town import Thing

    ident = open_room(owner_id, f"roomquest {word}", f"all about {word}")
    if state == "removed":
        close_room(_town.people["mo"], ident)
    return Thing("room", state, ident, word, f"/rooms/{ident}", doors=(f"/report/room/{ident}",))
