"""Which item stands for which thing, and the slot through which other wings describe theirs."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from app.community.stand_ins.models import StandIn
from app.community.stand_ins.values import Describe, Recommendable
from app.kernel.errors import NotFound
from app.kernel.subjects import Subject
from app.platform.database import db

_describers: dict[str, Describe] = {}


def register_recommendable(kind: str, describe: Describe) -> None:
    """The composition root says how things of this kind look; without it, none can be recommended."""
    _describers[kind] = describe


def describe(subject: Subject, viewer_id: int | None) -> Recommendable:
    """The thing as it stands now; raises `NotFound`."""
    found = _describers.get(subject.kind)
    if found is None:
        raise NotFound(_("Things of this kind cannot be recommended."))
    return found(subject.id, viewer_id)


def find_item(subject: Subject) -> str | None:
    """The item through which the thing is recommended, once somebody has."""
    return db.session.scalar(
        select(StandIn.item_id).where(
            StandIn.kind == subject.kind, StandIn.subject_id == subject.id
        )
    )


def find_subject(item_id: str) -> Subject | None:
    """What the item stands for; None for an item that is the thing itself."""
    row = db.session.execute(
        select(StandIn.kind, StandIn.subject_id).where(StandIn.item_id == item_id)
    ).one_or_none()
    return Subject(row.kind, row.subject_id) if row else None
