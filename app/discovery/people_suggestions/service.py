"""Muting, putting off a suggestion, and the wish to be suggested."""

from __future__ import annotations

from sqlalchemy import delete

from app.discovery.people_suggestions.models import MutedMember, PutOffMember, SuggestionWish
from app.kernel.clock import clock
from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import MemberId
from app.people.accounts.queries import is_active, require_active
from app.platform.database import db, unit_of_work
from app.platform.limits import check_rate
from app.platform.sql import insert_into


def mute(actor: MemberId, member_id: MemberId) -> None:
    """The feed leaves their things out; they do not learn of it. A second time changes nothing."""
    with unit_of_work():
        _check(actor, member_id)
        row = {"member_id": actor, "muted_id": member_id, "created_at": clock.now()}
        db.session.execute(insert_into(MutedMember).values(row).on_conflict_do_nothing())


def unmute(actor: MemberId, member_id: MemberId) -> None:
    """Their things come again."""
    with unit_of_work():
        db.session.execute(delete(MutedMember).where(MutedMember.member_id == actor, MutedMember.muted_id == member_id))


def put_off(actor: MemberId, member_id: MemberId) -> None:
    """Do not suggest this member for a while."""
    with unit_of_work():
        _check(actor, member_id)
        row = {"member_id": actor, "other_id": member_id, "created_at": clock.now()}
        insert = insert_into(PutOffMember).values(row)
        again = insert.on_conflict_do_update(
            index_elements=["member_id", "other_id"], set_={"created_at": row["created_at"]}
        )
        db.session.execute(again)


def wish_to_be_suggested(actor: MemberId, *, allowed: bool) -> None:
    """Whether others may be pointed to the member."""
    with unit_of_work():
        require_active(actor)
        insert = insert_into(SuggestionWish).values(member_id=actor, allowed=allowed)
        db.session.execute(insert.on_conflict_do_update(index_elements=["member_id"], set_={"allowed": allowed}))


def _check(actor: MemberId, member_id: MemberId) -> None:
    check_rate(f"people:{actor}", "300/hour")
    require_active(actor)
    if actor == member_id:
        raise Invalid("This is you.", code="self")
    if not is_active(member_id):
        raise NotFound("This member doesn’t exist.")
