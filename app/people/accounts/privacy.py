"""What accounts keep of a person."""

from __future__ import annotations

from typing import Any

from app.people.accounts.queries import get_member, roles_of


def export(ident: int) -> dict[str, Any]:
    """The account and its public face."""
    member = get_member(ident)
    return {
        "handle": member.handle,
        "name": member.name,
        "bio": member.bio,
        "place": member.place,
        "email": member.email,
        "discreet": member.discreet,
        "roles": sorted(roles_of(ident)),
        "joined_at": member.joined_at.isoformat(),
    }


def erase(ident: int) -> None:
    """Nothing to do here: the account is erased last, by `service.erase_account`."""
