"""Recording that somebody bought something, and taking the record back."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from app.community.evidence.events import PurchaseEvidenced, PurchaseEvidenceWithdrawn
from app.community.evidence.models import PurchaseEvidence
from app.community.evidence.queries import get_occasion
from app.community.evidence.values import BY_OPERATOR
from app.community.items.queries import standing_id
from app.kernel.clock import clock
from app.kernel.errors import Invalid
from app.kernel.ids import new_id
from app.people.accounts.queries import is_active, require_role
from app.people.accounts.values import OPERATOR
from app.platform.database import db, unit_of_work


def record_purchase(actor: int, member_id: int, item_id: str) -> str:
    """The operator vouches for a purchase; answers the id of the record."""
    with unit_of_work():
        require_role(actor, OPERATOR)
        return keep_evidence(member_id, item_id, BY_OPERATOR, recorded_by=actor)


def withdraw_purchase(actor: int, evidence_id: str) -> None:
    """The operator takes any record back; a second time changes nothing."""
    with unit_of_work():
        require_role(actor, OPERATOR)
        get_occasion(evidence_id)
        drop_evidence(evidence_id)


def keep_evidence(
    member_id: int, item_id: str, occasion: str, *, recorded_by: int | None = None
) -> str:
    """On record from now on. Whether it is true is decided where it is called from.

    The same occasion again gives the same record, in force again when it was taken back.
    """
    with unit_of_work() as work:
        item_id = standing_id(item_id)
        if not is_active(member_id):
            raise Invalid(_("This member cannot act at the moment."), code="not_active")
        dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
        made: str | None = db.session.scalar(
            dialect.insert(PurchaseEvidence)
            .values(
                id=new_id(),
                member_id=member_id,
                item_id=item_id,
                occasion=occasion,
                recorded_by=recorded_by,
                recorded_at=clock.now(),
            )
            .on_conflict_do_update(
                index_elements=["member_id", "item_id", "occasion"],
                set_={"withdrawn_at": None, "recorded_by": recorded_by},
            )
            .returning(PurchaseEvidence.id)
        )
        if made is None:
            raise RuntimeError("the database kept no evidence")
        work.record(PurchaseEvidenced(evidence_id=made, member_id=member_id, item_id=item_id))
    return made


def drop_evidence(evidence_id: str) -> None:
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
                PurchaseEvidenceWithdrawn(
                    evidence_id=evidence_id, member_id=row.member_id, item_id=row.item_id
                )
            )


def follow_merge(gone_id: str, kept_id: str) -> list[int]:
    """Two items became one: who bought the one has bought the other. Answers who has bought it.

    Where both are on record by the same occasion, the record of the one that stayed is enough.
    """
    kept = aliased(PurchaseEvidence)
    on_both = exists().where(
        kept.item_id == kept_id,
        kept.member_id == PurchaseEvidence.member_id,
        kept.occasion == PurchaseEvidence.occasion,
    )
    with unit_of_work():
        db.session.execute(
            update(PurchaseEvidence)
            .where(PurchaseEvidence.item_id == gone_id, ~on_both)
            .values(item_id=kept_id)
            .execution_options(synchronize_session=False)
        )
        db.session.execute(delete(PurchaseEvidence).where(PurchaseEvidence.item_id == gone_id))
        bought = select(PurchaseEvidence.member_id).where(PurchaseEvidence.item_id == kept_id)
        return list(db.session.scalars(bought.distinct()))
