"""Leaving for good."""

from __future__ import annotations

from app.kernel.errors import Invalid
from app.kernel.ids import MemberId
from app.people.accounts.queries import find_member_id, get_member
from app.people.accounts.service import erase_account
from app.people.privacy.queries import keepers
from app.platform.database import unit_of_work
from app.platform.files import delete_photo


def erase_member(actor: MemberId, typed_handle: str) -> None:
    """Every room erases its part, the account last; all or nothing."""
    with unit_of_work():
        member = get_member(actor)
        if find_member_id(typed_handle) != actor:
            raise Invalid("Type your username to confirm.", code="not_confirmed")
        avatar = member.avatar_id
        for keeper in keepers():
            keeper.erase(actor)
        erase_account(actor)
    # Files cannot be rolled back, so they go when the rest is certain.
    if avatar:
        delete_photo(avatar)
