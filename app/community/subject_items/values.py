"""Things of other wings as they can be recommended."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.ids import MemberId, PhotoId
from app.kernel.subjects import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendable:
    """A thing as one viewer can recommend it."""

    title: str
    category: str
    photo_id: PhotoId | None
    url: str
    owner_id: MemberId
    # Whose advocates must say what they get: the owner's store, if there is one.
    party: Subject | None
