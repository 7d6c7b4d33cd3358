"""Reading from the tables what ties members together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Float,
    Select,
    String,
    Subquery,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.ids import MemberId
from app.people.accounts.models import Member
from app.people.blocks.models import Block
from app.platform.database import UtcDateTime
from app.trust.circle.log_changes import Reader
from app.trust.circle.rules import (
    ABSENT,
    BLOCK,
    DISTRUST,
    REFERRAL,
    TRADE,
    UPHELD,
    VOUCH,
    Pair,
    Tie,
)
from app.trust.referrals.models import Referral
from app.trust.trades.models import Trade
from app.trust.upheld_reports.models import UpheldReport
from app.trust.vouches.models import Distrust, Vouch
from app.trust.vouches.values import topic_key

Column = InstrumentedAttribute[MemberId]

_CHUNK = 300  # pairs in one statement; SQLite bounds how many values one may hold


def all_ties(reader: Reader) -> list[Tie]:
    """Everything that holds between anybody."""
    return _read(reader, lambda _source, _target: None)


def ties_of_member(reader: Reader, member_id: MemberId) -> list[Tie]:
    """Everything that holds between one member and others, and who of them all is absent."""
    found = _read(
        reader,
        lambda source, target: or_(source == member_id, target == member_id),
        absent=[member_id],
    )
    others = {tie.source for tie in found} | {tie.target for tie in found}
    others -= {member_id}
    return found + (_absent_among(reader, others) if others else [])


def ties_of_pairs(reader: Reader, pairs: Iterable[Pair]) -> list[Tie]:
    """What holds between these pairs, in both directions; one statement for a usual number."""
    wanted = sorted({(a, b) for a, b in pairs} | {(b, a) for a, b in pairs})
    found: list[Tie] = []
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        found += _read(
            reader,
            lambda source, target, part=part: tuple_(source, target).in_(part),
            absent=sorted({one for one, _ in part}),
        )
    return found


def member_ids(reader: Reader) -> list[MemberId]:
    """Every member's id, the absent included."""
    return list(reader.execute(select(Member.id)).scalars())


def discreet_among(reader: Reader, among: Iterable[MemberId] | None = None) -> set[MemberId]:
    """Who does not want to be named as a middle link: of these members, or of all."""
    query = select(Member.id).where(Member.discreet.is_(True), Member.active.is_(True))
    if among is not None:
        query = query.where(Member.id.in_(list(among)))
    return set(reader.execute(query).scalars())


def suspensions(reader: Reader) -> list[Tie]:
    """Who is suspended for a time, also where it is over."""
    timed = _absent(None).where(Member.active.is_(True), Member.suspended_until.is_not(None))
    return _fetch(reader, timed.subquery())


def _read(reader: Reader, which: Any, absent: list[MemberId] | None = None) -> list[Tie]:
    parts: list[tuple[Select[Any], Column, Column]] = [
        (
            _tie(VOUCH, Vouch.truster_id, Vouch.trustee_id, Vouch.weight, Vouch.expires_at, Vouch.topic),
            Vouch.truster_id,
            Vouch.trustee_id,
        ),
        (
            _tie(TRADE, Trade.truster_id, Trade.trustee_id, cast(func.count(), Float)).group_by(
                Trade.truster_id, Trade.trustee_id
            ),
            Trade.truster_id,
            Trade.trustee_id,
        ),
    ]
    parts += [
        (_tie(kind, source, target), source, target)
        for kind, source, target in (
            (REFERRAL, Referral.inviter_id, Referral.member_id),
            (DISTRUST, Distrust.truster_id, Distrust.trustee_id),
            (BLOCK, Block.blocker_id, Block.blocked_id),
            (UPHELD, UpheldReport.reporter_id, UpheldReport.member_id),
        )
    ]
    limited = []
    for part, source, target in parts:
        condition = which(source, target)
        limited.append(part if condition is None else part.where(condition))
    limited.append(_absent(absent))
    return _fetch(reader, union_all(*limited).subquery())


def _absent_among(reader: Reader, members: Iterable[MemberId]) -> list[Tie]:
    wanted = sorted(members)
    found: list[Tie] = []
    for start in range(0, len(wanted), _CHUNK):
        found += _fetch(reader, _absent(wanted[start : start + _CHUNK]).subquery())
    return found


def _absent(among: list[MemberId] | None) -> Select[Any]:
    away = or_(Member.active.is_(False), Member.suspended_until.is_not(None))
    # An erased account is away for good, whatever a suspension said.
    until = case((Member.active.is_(False), cast(null(), UtcDateTime)), else_=Member.suspended_until)
    query = select(
        literal(ABSENT).label("kind"),
        Member.id.label("source"),
        Member.id.label("target"),
        literal(0.0).label("weight"),
        until.label("until"),
        cast(null(), String).label("topic"),
    ).where(away)
    return query if among is None else query.where(Member.id.in_(among) if among else false())


def _tie(
    kind: str, source: Column, target: Column, weight: Any = None, until: Any = None, topic: Any = None
) -> Select[Any]:
    return select(
        literal(kind).label("kind"),
        source.label("source"),
        target.label("target"),
        (literal(0.0) if weight is None else weight).label("weight"),
        (cast(null(), UtcDateTime) if until is None else until).label("until"),
        (cast(null(), String) if topic is None else topic).label("topic"),
    )


def _fetch(reader: Reader, rows: Subquery) -> list[Tie]:
    columns = rows.c
    query = select(columns.kind, columns.source, columns.target, columns.weight, columns.until, columns.topic)
    return [
        Tie(kind, source, target, weight, until, topic_key(topic))
        for kind, source, target, weight, until, topic in reader.execute(query)
    ]
