"""What cases keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select, update

from app.kernel.ids import MemberId
from app.market.cases.models import CasePhoto, CaseStep, OrderCase
from app.market.cases.service import leave_within
from app.platform.database import db
from app.platform.files import Photo, forget_photos

NAME = "cases"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """The cases the member took part in, with what they said there themselves."""
    mine = or_(OrderCase.buyer_id == ident, OrderCase.seller_id == ident, OrderCase.mediator_id == ident)
    rows = db.session.scalars(select(OrderCase).where(mine).order_by(OrderCase.id)).all()
    said: dict[str, list[dict[str, Any]]] = {}
    for step in db.session.scalars(
        select(CaseStep).where(CaseStep.actor_id == ident).order_by(CaseStep.case_id, CaseStep.seq)
    ):
        said.setdefault(step.case_id, []).append(
            {"action": step.action, "text": step.text, "amount_minor": step.amount_minor, "at": step.at.isoformat()}
        )
    return [
        {
            "id": row.id,
            "order": row.order_id,
            "role": "buyer" if row.buyer_id == ident else "seller" if row.seller_id == ident else "friend",
            "state": row.state,
            "wants": row.wants,
            "outcome": row.outcome_way,
            "outcome_minor": row.outcome_minor,
            "currency": row.currency,
            "said": said.get(row.id, []),
            "at": row.opened_at.isoformat(),
        }
        for row in rows
    ]


def erase(ident: MemberId) -> None:
    """The words and photos go; that there was a case is the other side's too, and it ends by the clock."""
    leave_within(ident)
    db.session.execute(update(CaseStep).where(CaseStep.actor_id == ident).values(text="", carrier="", tracking=""))
    theirs = select(CasePhoto.photo_id).join(Photo, Photo.id == CasePhoto.photo_id).where(Photo.owner_id == ident)
    forget_photos(list(db.session.scalars(theirs)))
