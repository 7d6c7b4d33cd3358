"""Records as JSON."""

from __future__ import annotations

from app.market.records.values import Bucket, Credit
from app.web.schemas import Answer


class RecordCounts(Answer):
    """`missed`: a time ran out on them; `cancelled`: by them, after both had agreed."""

    completed: int
    cancelled: int
    on_time: int
    late: int
    missed: int
    no_show: int
    lost: int


class RoleRecord(Answer):
    """One side."""

    bucket: Bucket
    counts: RecordCounts


class CreditState(Answer):
    """What a good record brings a buyer, and how many completed purchases are missing."""

    credit: Credit
    reached: bool
    lacks: int


class OwnRecord(Answer):
    """The caller's record."""

    buyer: RoleRecord
    seller: RoleRecord
    credit: list[CreditState]
