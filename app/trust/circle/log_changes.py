"""What the event log says that concerns the trust graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import BigInteger, Connection, Table, bindparam, case, select
from sqlalchemy.orm import scoped_session

from app.kernel.ids import MemberId
from app.platform.database import EventRow
from app.trust.circle.rules import Pair

BATCH = 1000

# Which two members an event is about; the same one twice: everything around that member.
HEARD: Mapping[str, tuple[str, str]] = {
    "VouchGiven": ("truster_id", "trustee_id"),
    "VouchWithdrawn": ("truster_id", "trustee_id"),
    "ReferralRecorded": ("inviter_id", "member_id"),
    "TradeRecorded": ("truster_id", "trustee_id"),
    "ReportUpheld": ("reporter_id", "member_id"),
    "UpheldReportWithdrawn": ("reporter_id", "member_id"),
    "MemberBlocked": ("blocker_id", "blocked_id"),
    "MemberUnblocked": ("blocker_id", "blocked_id"),
    "MemberJoined": ("member_id", "member_id"),
    "MemberSuspended": ("member_id", "member_id"),
    "MemberReinstated": ("member_id", "member_id"),
    "MemberErased": ("member_id", "member_id"),
}
# A member's wish to be discreet may have changed.
FACES = "ProfileChanged"
# So many rows came at once that only building anew makes sense.
EVERYTHING = "CommunityImported"
_NAMES = [*HEARD, FACES, EVERYTHING]

# Every page asks it: built once, of the plain table.
_EVENTS = cast(Table, EventRow.__table__).c
_BEHIND = (
    select(
        _EVENTS.id,
        _EVENTS.name,
        case((_EVENTS.name.in_(_NAMES), _EVENTS.payload), else_=None).label("payload"),
        _EVENTS.at,
    )
    .where(_EVENTS.id >= bindparam("since", type_=BigInteger()))
    .order_by(_EVENTS.id)
    .limit(BATCH + 1)
)

Reader = Connection | scoped_session[Any]


@dataclass(frozen=True, slots=True)
class LogPosition:
    """An event in the log; its time tells it from one that got the same id in a log begun anew."""

    id: int = 0
    at: datetime | None = None


@dataclass(slots=True)
class LogChanges:
    """What came behind a place: whom to look at again."""

    place: LogPosition
    pairs: set[Pair] = field(default_factory=set)
    joined: set[Pair] = field(default_factory=set)
    faces: set[MemberId] = field(default_factory=set)  # whose wishes to read again
    everything: bool = False
    more: bool = False


def newest(reader: Reader) -> LogPosition:
    """Where the log ends now."""
    query = select(EventRow.id, EventRow.at).order_by(EventRow.id.desc()).limit(1)
    row = reader.execute(query).one_or_none()
    return LogPosition(row.id, row.at) if row else LogPosition()


def stands(reader: Reader, place: LogPosition) -> bool:
    """Whether the log still has the event at that place."""
    at = reader.execute(select(EventRow.at).where(EventRow.id == place.id)).scalar()
    return not place.id or at == place.at


def far_behind(reader: Reader, since: LogPosition, most: int, *, imports: bool = True) -> bool:
    """Whether so much came behind a place that building anew is better, or (an import) only that will do."""
    if newest(reader).id - since.id > most:
        return True
    if not imports:
        return False
    query = select(EventRow.id).where(EventRow.id > since.id, EventRow.name == EVERYTHING).limit(1)
    return reader.execute(query).scalar() is not None


def read_news(reader: Reader, since: LogPosition) -> LogChanges | None:
    """One statement; None when the reader sees no event at `since`.

    Then it looks at an older state of the database, or the log was emptied.
    """
    rows = list(reader.execute(_BEHIND, {"since": since.id}))
    if since.id:
        if not rows or LogPosition(rows[0].id, rows[0].at) != since:
            return None
        rows = rows[1:]
    if not rows:
        return LogChanges(since)
    news = LogChanges(LogPosition(rows[-1].id, rows[-1].at), more=len(rows) >= BATCH)
    for row in rows:
        if row.name == EVERYTHING:
            news.everything = True
        elif row.name == FACES:
            face = _member(row.payload.get("member_id")) if isinstance(row.payload, Mapping) else None
            news.faces.update(() if face is None else (face,))
        elif row.name in HEARD:
            _hear(news, row.name, row.payload)
    return news


def _hear(news: LogChanges, name: str, payload: Any) -> None:
    """An event whose members cannot be read is about anybody: the tables say how things stand."""
    fields = payload if isinstance(payload, Mapping) else {}
    first, second = (_member(fields.get(key)) for key in HEARD[name])
    if first is None or second is None:
        news.everything = True
        return
    news.pairs.add((first, second))
    inviter = _member(fields.get("inviter_id")) if name == "MemberJoined" else None
    if inviter is not None and inviter != first:
        news.joined.add((inviter, first))


def _member(value: object) -> MemberId | None:
    return MemberId(value) if isinstance(value, int) and not isinstance(value, bool) else None
