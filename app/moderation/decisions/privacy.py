"""What decisions keep of a person: what they took, for the case that they are undone."""

from __future__ import annotations

from sqlalchemy import select, update

from app.kernel.ids import DecisionId, MemberId, PhotoId
from app.moderation.decisions.models import Decision
from app.platform.database import db
from app.platform.files import Photo, forget_photos

NAME = "removed_things"


def export(ident: MemberId) -> list[str]:
    """Photos of the member that decisions keep out of sight."""
    return [photo_id for _decision, photo_id in _photos(ident)]


def erase(ident: MemberId) -> None:
    """They go for good; what else was taken stands in its own room and is erased there."""
    kept = _photos(ident)
    gone = update(Decision).where(Decision.id.in_([decision_id for decision_id, _photo in kept]))
    db.session.execute(gone.values(taken=None, photo_id=None))
    forget_photos([photo_id for _decision, photo_id in kept])


def _photos(ident: MemberId) -> list[tuple[DecisionId, PhotoId]]:
    query = select(Decision.id, Photo.id).join(Photo, Photo.id == Decision.photo_id).where(Photo.owner_id == ident)
    return [(decision_id, photo_id) for decision_id, photo_id in db.session.execute(query)]
