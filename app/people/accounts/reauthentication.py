"""Is it the owner who asks? What gives an account away for good asks once more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.kernel.errors import Invalid
from app.kernel.ids import MemberId
from app.people.accounts.attempt_limits import count_confirmation
from app.people.accounts.passwords import reading_that_opens
from app.people.accounts.queries import get_member

# What is wrong with the proof, and not with what is asked for.
NOT_THE_OWNER: Final = frozenset({"wrong_password", "sign_in_again"})


@dataclass(frozen=True, slots=True)
class Proof:
    """What a signed-in browser brings: the password that was typed, its session, and whether that is new."""

    password: str | None
    session: str = ""
    lately: bool = False


def require_owner(actor: MemberId, proof: Proof) -> None:
    """The right password, or for an account without one a sign-in of the last hour; raises `Invalid`."""
    hashed = get_member(actor).password
    if hashed is None:
        if not proof.lately:
            raise Invalid(
                "For security, sign out, sign in again with a link, and then try again.",
                code="sign_in_again",
            )
        return
    count_confirmation(actor, proof.session)
    if reading_that_opens(hashed, proof.password or "") is None:
        raise Invalid("Wrong password.", code="wrong_password")
