"""The writes of material ties: consequences of what happened elsewhere, never a member's own act."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from app.community.commercial_ties.models import CommercialTie, ItemParty
from app.community.commercial_ties.values import CommercialRole
from app.kernel.clock import clock
from app.kernel.ids import ItemId, MemberId
from app.kernel.subjects import Subject
from app.platform.database import db, unit_of_work
from app.platform.sql import insert_into


def tie(member_id: MemberId, party: Subject, role: CommercialRole) -> None:
    """From now on the member has something to gain from the party."""
    with unit_of_work():
        _put(
            CommercialTie,
            member_id=member_id,
            party_kind=party.kind,
            party_id=party.id,
            role=role.value,
            since=clock.now(),
        )


def untie(member_id: MemberId, party: Subject, role: CommercialRole) -> None:
    """Not any more."""
    with unit_of_work():
        db.session.execute(
            delete(CommercialTie).where(
                CommercialTie.member_id == member_id,
                CommercialTie.party_kind == party.kind,
                CommercialTie.party_id == party.id,
                CommercialTie.role == role.value,
            )
        )


def offer(item_id: ItemId, party: Subject) -> None:
    """The party sells the item, or is what it stands for."""
    with unit_of_work():
        _put(ItemParty, item_id=item_id, party_kind=party.kind, party_id=party.id)


def withdraw(item_id: ItemId, party: Subject) -> None:
    """The party sells it no longer."""
    with unit_of_work():
        db.session.execute(
            delete(ItemParty).where(
                ItemParty.item_id == item_id,
                ItemParty.party_kind == party.kind,
                ItemParty.party_id == party.id,
            )
        )


def follow_merge(gone_id: ItemId, kept_id: ItemId) -> None:
    """Two items became one: whoever sold the one sells the other."""
    with unit_of_work():
        gone = ItemParty.item_id == gone_id
        for row in db.session.execute(select(ItemParty.party_kind, ItemParty.party_id).where(gone)).all():
            _put(ItemParty, item_id=kept_id, party_kind=row.party_kind, party_id=row.party_id)
        db.session.execute(delete(ItemParty).where(gone))


def forget_party(party: Subject) -> None:
    """The party is gone, and with it whatever tied to it."""
    with unit_of_work():
        for table in (CommercialTie, ItemParty):
            db.session.execute(delete(table).where(table.party_kind == party.kind, table.party_id == party.id))


def _put(table: type[CommercialTie | ItemParty], **values: Any) -> None:
    """Events are handled again after a failure: a row that stands already is no trouble."""
    db.session.execute(insert_into(table).values(**values).on_conflict_do_nothing())
