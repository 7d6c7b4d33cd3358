"""Recording that somebody bought something, and taking the record back."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, delete, exists, select, update
from sqlalchemy.orm import aliased

from app.community.items.queries import canonical_id
from app.community.purchases.events import (
    PurchaseClaimed,
    PurchaseConfirmed,
    PurchaseDeclined,
    PurchaseEvidenced,
    PurchaseEvidenceWithdrawn,
)
from app.community.purchases.models import PurchaseEvidence
from app.community.purchases.queries import get_about, get_occasion
from app.community.purchases.values import BY_OPERATOR, IN_FORCE, PurchaseState
from app.kernel.clock import clock
from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import ItemId, MemberId, PurchaseId, new_id
from app.people.accounts.queries import is_active, require_active, require_role
from app.people.accounts.values import OPERATOR
from app.platform.database import db, unit_of_work
from app.platform.sql import insert_into, transitioned


def record_purchase(actor: MemberId, member_id: MemberId, item_id: ItemId) -> PurchaseId:
    """The operator vouches for a purchase; answers the id of the record."""
    with unit_of_work():
        require_role(actor, OPERATOR)
        return keep_purchase(member_id, item_id, BY_OPERATOR, recorded_by=actor)


def withdraw_purchase(actor: MemberId, evidence_id: PurchaseId) -> None:
    """The operator takes any record back; a second time changes nothing."""
    with unit_of_work():
        require_role(actor, OPERATOR)
        get_occasion(evidence_id)
        drop_purchase(evidence_id)


def keep_purchase(
    member_id: MemberId, item_id: ItemId, occasion: str, *, recorded_by: MemberId | None = None
) -> PurchaseId:
    """On record and in force from now on. Whether it is true is decided where it is called from.

    The same occasion again gives the same record, in force again when it was taken back.
    """
    with unit_of_work() as work:
        if not is_active(member_id):
            raise Invalid("This member’s account is not active.", code="not_active")
        made, item_id, _state = _keep(member_id, item_id, occasion, recorded_by, PurchaseState.STANDS)
        work.record(PurchaseEvidenced(evidence_id=made, member_id=member_id, item_id=item_id))
    return made


def claim_purchase(member_id: MemberId, item_id: ItemId, occasion: str, *, recorded_by: MemberId) -> PurchaseId:
    """Somebody else's word, which is in force when the buyer confirms it; answers the id of the record.

    The same again gives the same record and asks nobody twice: a yes or a no stays, but the yes to a
    record that was withdrawn since.
    """
    with unit_of_work() as work:
        made, item_id, state = _keep(member_id, item_id, occasion, recorded_by, PurchaseState.CLAIMED)
        if state == PurchaseState.CLAIMED:
            work.record(PurchaseClaimed(evidence_id=made, member_id=member_id, item_id=item_id))
    return made


def confirm_purchase(actor: MemberId, evidence_id: PurchaseId) -> None:
    """The buyer says yes, maybe after a no; a second time changes nothing. Raises `NotFound`."""
    _answer(actor, evidence_id, PurchaseState.CONFIRMED, (PurchaseState.CLAIMED, PurchaseState.DECLINED))


def decline_purchase(actor: MemberId, evidence_id: PurchaseId) -> None:
    """The buyer says no, maybe after a yes; a second time changes nothing. Raises `NotFound`."""
    _answer(actor, evidence_id, PurchaseState.DECLINED, (PurchaseState.CLAIMED, PurchaseState.CONFIRMED))


def _answer(actor: MemberId, evidence_id: PurchaseId, answer: PurchaseState, from_: tuple[PurchaseState, ...]) -> None:
    happened = PurchaseConfirmed if answer is PurchaseState.CONFIRMED else PurchaseDeclined
    with unit_of_work() as work:
        require_active(actor)
        if get_about(actor, evidence_id).state == PurchaseState.STANDS:
            raise NotFound("This purchase no longer exists.")
        # The row decides: whoever recorded it may withdraw it at this moment.
        row = transitioned(
            PurchaseEvidence,
            {
                "id": evidence_id,
                "member_id": actor,
                "withdrawn_at": None,
                "state": [one.value for one in from_],
            },
            {"state": answer.value, "answered_at": clock.now()},
            PurchaseEvidence.item_id,
        )
        if row is not None:
            work.record(happened(evidence_id=evidence_id, member_id=actor, item_id=row.item_id))


def _keep(
    member_id: MemberId, item_id: ItemId, occasion: str, recorded_by: MemberId | None, state: PurchaseState
) -> tuple[PurchaseId, ItemId, str]:
    item_id = canonical_id(item_id)
    table = PurchaseEvidence
    again = case(
        (and_(table.withdrawn_at.is_not(None), table.state == PurchaseState.CONFIRMED.value), state.value),
        else_=table.state,
    )
    row = db.session.execute(
        insert_into(table)
        .values(
            id=new_id(),
            member_id=member_id,
            item_id=item_id,
            occasion=occasion,
            recorded_by=recorded_by,
            recorded_at=clock.now(),
            state=state.value,
        )
        .on_conflict_do_update(
            index_elements=["member_id", "item_id", "occasion"],
            set_={"withdrawn_at": None, "recorded_by": recorded_by, "state": again},
        )
        .returning(table.id, table.state)
    ).one()
    return row.id, item_id, row.state


def drop_purchase(evidence_id: PurchaseId) -> None:
    """Not in force any more; a second time changes nothing."""
    with unit_of_work() as work:
        row = db.session.execute(
            update(PurchaseEvidence)
            .where(PurchaseEvidence.id == evidence_id, PurchaseEvidence.withdrawn_at.is_(None))
            .values(withdrawn_at=clock.now())
            .returning(PurchaseEvidence.member_id, PurchaseEvidence.item_id)
        ).one_or_none()
        if row is not None:
            work.record(
                PurchaseEvidenceWithdrawn(evidence_id=evidence_id, member_id=row.member_id, item_id=row.item_id)
            )


def follow_merge(gone_id: ItemId, kept_id: ItemId) -> list[MemberId]:
    """Two items became one: who bought the one has bought the other. Answers who has bought it.

    Where both are on record by the same occasion, the stronger record stays: a yes is not lost.
    """
    other = aliased(PurchaseEvidence)
    same = (other.member_id == PurchaseEvidence.member_id, other.occasion == PurchaseEvidence.occasion)
    on_both = exists().where(other.item_id == kept_id, *same)
    outdone = exists().where(other.item_id == gone_id, *same, _strength(other) > _strength(PurchaseEvidence))
    with unit_of_work():
        db.session.execute(
            delete(PurchaseEvidence)
            .where(PurchaseEvidence.item_id == kept_id, outdone)
            .execution_options(synchronize_session=False)
        )
        db.session.execute(
            update(PurchaseEvidence)
            .where(PurchaseEvidence.item_id == gone_id, ~on_both)
            .values(item_id=kept_id)
            .execution_options(synchronize_session=False)
        )
        db.session.execute(delete(PurchaseEvidence).where(PurchaseEvidence.item_id == gone_id))
        bought = select(PurchaseEvidence.member_id).where(PurchaseEvidence.item_id == kept_id)
        return list(db.session.scalars(bought.distinct()))


def _strength(table: type[PurchaseEvidence]) -> ColumnElement[int]:
    """In force, answered with no, not answered, taken back."""
    return case(
        (table.withdrawn_at.is_not(None), 0),
        (table.state.in_(IN_FORCE), 3),
        (table.state == PurchaseState.DECLINED.value, 2),
        else_=1,
    )
