"""Reading vouches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.people.accounts.models import Member
from app.people.blocks.queries import visible_owner
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.database import db
from app.trust.scores.queries import allowance
from app.trust.vouches.models import Vouch
from app.trust.vouches.values import (
    Given,
    Panel,
    Ration,
    Strength,
    VouchBudget,
    VouchView,
)

SHOWN = 6
_CHUNK = 1000  # members in one statement


def _in_force() -> ColumnElement[bool]:
    return or_(Vouch.expires_at.is_(None), Vouch.expires_at > clock.now())


def vouch_between(truster_id: MemberId, trustee_id: MemberId) -> VouchView | None:
    """The vouch in force of one for the other."""
    row = db.session.get(Vouch, (truster_id, trustee_id))
    if row is None or (row.expires_at is not None and row.expires_at <= clock.now()):
        return None
    faces = cards([truster_id, trustee_id])
    return _view(row, faces)


def budget_of(member_id: MemberId, *, besides: MemberId | None = None) -> VouchBudget:
    """How many vouches of which strength the member may have open, and has; two statements.

    Imported ones have no strength and do not count, ended ones neither; `besides` leaves out the
    vouch for one member, which is about to change.
    """
    limits, known = allowance(member_id)
    query = select(Vouch.strength, func.count(), func.min(Vouch.expires_at)).where(
        Vouch.truster_id == member_id, Vouch.strength.is_not(None), _in_force()
    )
    if besides is not None:
        query = query.where(Vouch.trustee_id != besides)
    used = {row[0]: row[1:] for row in db.session.execute(query.group_by(Vouch.strength))}
    return VouchBudget(
        tuple(Ration(one, getattr(limits, one.value), *used.get(one.value, (0, None))) for one in Strength),
        known,
    )


def panel(viewer_id: MemberId | None, member_id: MemberId) -> Panel | None:
    """What the profile of `member_id` shows of vouches to the viewer; None when there is no such member.

    Who does not want to be named as a link counts, but is not listed to others.
    """
    received = list(_rows(Vouch.trustee_id == member_id, Vouch.truster_id, viewer_id))
    given = list(_rows(Vouch.truster_id == member_id, Vouch.trustee_id, viewer_id))
    mine = db.session.get(Vouch, (viewer_id, member_id)) if viewer_id else None
    if mine is not None and mine.expires_at is not None and mine.expires_at <= clock.now():
        mine = None
    people = {member_id, viewer_id or member_id}
    people |= {row.truster_id for row in received} | {row.trustee_id for row in given}
    faces = cards(people)
    if member_id not in faces:
        return None
    counts = db.session.execute(
        select(
            _count(Vouch.trustee_id == member_id),
            _count(Vouch.truster_id == member_id),
        )
    ).one()
    hides_own = faces[member_id].discreet and viewer_id != member_id
    return Panel(
        member=faces[member_id],
        own=viewer_id == member_id,
        may_vouch=viewer_id is not None and viewer_id != member_id,
        mine=_view(mine, faces) if mine else None,
        received=tuple(_view(row, faces) for row in received),
        given=() if hides_own else tuple(_view(row, faces) for row in given),
        received_count=counts[0],
        given_count=counts[1],
    )


def _rows(
    which: ColumnElement[bool], other: InstrumentedAttribute[MemberId], viewer_id: MemberId | None
) -> list[Vouch]:
    query = select(Vouch).join(Member, Member.id == other).where(which, _in_force(), visible_owner(other, viewer_id))
    if viewer_id is None:
        query = query.where(Member.discreet.is_(False))
    else:
        query = query.where(or_(Member.discreet.is_(False), Member.id == viewer_id))
    return list(db.session.scalars(query.order_by(Vouch.created_at.desc()).limit(SHOWN)))


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    query = select(func.count()).select_from(Vouch).where(which, _in_force())
    return query.scalar_subquery()


def _view(row: Vouch, faces: dict[MemberId, MemberCard]) -> VouchView:
    return VouchView(
        truster=faces[row.truster_id],
        trustee=faces[row.trustee_id],
        weight=row.weight,
        strength=Strength(row.strength) if row.strength else None,
        reason=row.reason,
        topic=row.topic,
        expires_at=row.expires_at,
        created_at=row.created_at,
    )


def mutual_vouches() -> list[tuple[MemberId, MemberId]]:
    """Every pair of members who vouch for each other."""
    back = aliased(Vouch)
    now = clock.now()
    query = (
        select(Vouch.truster_id, Vouch.trustee_id)
        .join(back, (back.truster_id == Vouch.trustee_id) & (back.trustee_id == Vouch.truster_id))
        .where(Vouch.truster_id < Vouch.trustee_id, _in_force())
        .where(or_(back.expires_at.is_(None), back.expires_at > now))
    )
    return [(row.truster_id, row.trustee_id) for row in db.session.execute(query)]


def vouches_for(ids: Sequence[MemberId]) -> list[tuple[MemberId, MemberId, float]]:
    """Every vouch in force for one of these members: truster, trustee, weight."""
    found: list[tuple[MemberId, MemberId, float]] = []
    for start in range(0, len(ids), _CHUNK):
        query = select(Vouch.truster_id, Vouch.trustee_id, Vouch.weight).where(
            Vouch.trustee_id.in_(ids[start : start + _CHUNK]), _in_force()
        )
        found += [(row.truster_id, row.trustee_id, row.weight) for row in db.session.execute(query)]
    return found


def vouches_among(pairs: Iterable[tuple[MemberId, MemberId]]) -> dict[tuple[MemberId, MemberId], Given]:
    """The vouches in force between these pairs of truster and trustee; in one statement."""
    wanted = sorted(pairs)
    if not wanted:
        return {}
    query = select(Vouch.truster_id, Vouch.trustee_id, Vouch.weight, Vouch.strength, Vouch.reason, Vouch.topic).where(
        tuple_(Vouch.truster_id, Vouch.trustee_id).in_(wanted), _in_force()
    )
    return {
        (row.truster_id, row.trustee_id): Given(row.weight, row.strength, row.reason, row.topic)
        for row in db.session.execute(query)
    }
