"""Looking for rings, and what moderators decide about one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.ids import MemberId, RingId, new_id
from app.kernel.subjects import Subject
from app.moderation.audit_log.service import required_reason, write_line
from app.moderation.audit_log.values import Action
from app.moderation.reports.service import file_report
from app.moderation.reports.values import Reason
from app.moderation.rings.events import RingDecided, RingFound
from app.moderation.rings.models import RingFinding, RingMember
from app.moderation.rings.queries import look, members_of
from app.moderation.rings.rules import NOBODY, WORTH_A_LOOK, same_ring
from app.moderation.rings.values import RingStatus
from app.people.accounts.models import Member
from app.people.accounts.queries import require_role
from app.people.accounts.values import MODERATOR
from app.platform.database import db, rows_changed, unit_of_work

if TYPE_CHECKING:
    from graph.rings import Ring

MAX_REPORTED = 20


def find_rings() -> int:
    """Look at all vouches anew; answers how many rings are open. The night's job.

    What was found before is known again: an open finding gets new figures, a decided one stays
    decided, and what is a ring no more goes from the list.
    """
    rings = [one for one in look() if one.suspicion >= WORTH_A_LOOK]
    with unit_of_work() as unit:
        rows = {row.id: row for row in db.session.scalars(select(RingFinding)) if row.status != RingStatus.GONE}
        known = members_of(rows)
        now = clock.now()
        seen: set[str] = set()
        for ring in rings:
            ids = [MemberId(int(one)) for one in ring.members]
            ring_id = same_ring(ids, {one: who for one, who in known.items() if one not in seen})
            if ring_id is None:
                ring_id = RingId(new_id())
                rows[ring_id] = RingFinding(id=ring_id, status=RingStatus.OPEN.value, found_at=now)
                _draw(rows[ring_id], ring)
                db.session.add(rows[ring_id])
                unit.record(RingFound(ring_id=ring_id, members=len(ids)))
            seen.add(ring_id)
            rows[ring_id].seen_at = now
            if rows[ring_id].status == RingStatus.OPEN:
                _draw(rows[ring_id], ring)
                db.session.flush()
                _enter(ring_id, ids)
        for ring_id, row in rows.items():
            if row.status == RingStatus.OPEN and ring_id not in seen:
                row.status, row.decided_at = RingStatus.GONE.value, now
        return sum(row.status == RingStatus.OPEN for row in rows.values())


def dismiss(actor: MemberId, ring_id: RingId, reason: str) -> None:
    """Nothing is wrong with these members: a family, a club."""
    reason = required_reason(reason)
    with unit_of_work() as unit:
        require_role(actor, MODERATOR)
        _close(ring_id, RingStatus.DISMISSED)
        _log(actor, Action.DISMISS, ring_id, reason)
        unit.record(RingDecided(ring_id=ring_id, moderator_id=actor, status=RingStatus.DISMISSED.value))


def report_members(actor: MemberId, ring_id: RingId, handles: Sequence[str], reason: str) -> None:
    """Open a report on each of these members of the ring; all or none."""
    reason = required_reason(reason)
    wanted = list(dict.fromkeys(handles))
    if not wanted:
        raise Invalid("Choose who to report.", code="nobody_chosen")
    if len(wanted) > MAX_REPORTED:
        raise Invalid("Choose up to %(num)s people.", code="too_many_members", num=MAX_REPORTED)
    with unit_of_work() as unit:
        require_role(actor, MODERATOR)
        inside = select(Member.handle).join(RingMember, RingMember.member_id == Member.id)
        there = set(db.session.scalars(inside.where(RingMember.ring_id == ring_id)))
        if not there.issuperset(wanted):
            raise NotFound("Not everyone you chose belongs to this ring.")
        _close(ring_id, RingStatus.REPORTED)
        for handle in wanted:
            file_report(actor, Subject("member", handle), Reason.FAKE.value, reason)
        _log(actor, Action.REPORT, ring_id, reason)
        unit.record(RingDecided(ring_id=ring_id, moderator_id=actor, status=RingStatus.REPORTED.value))


def _draw(row: RingFinding, ring: Ring) -> None:
    inside = set(ring.members)
    edges: list[list[float]] = [
        [int(a), int(b), round(float(weight), 3)]
        for a, b, weight in ring.graph.edges(data="weight", default=1.0)
        if a in inside and b in inside
    ]
    outside = Counter(int(b) for a, b in ring.graph.edges if a not in inside and b in inside)
    row.density, row.closed, row.suspicion = ring.density, ring.closed, ring.suspicion
    row.joined_within, row.alike = ring.joined_within, ring.alike
    row.outsiders = len(set(ring.graph) - inside)
    row.seen_at = clock.now()
    edges += [[NOBODY, who, count] for who, count in sorted(outside.items())]
    row.edges = edges


def _enter(ring_id: RingId, ids: Sequence[MemberId]) -> None:
    db.session.execute(delete(RingMember).where(RingMember.ring_id == ring_id))
    db.session.add_all(RingMember(ring_id=ring_id, member_id=one) for one in ids)
    db.session.flush()


def _close(ring_id: RingId, status: RingStatus) -> None:
    closed = db.session.execute(
        update(RingFinding)
        .where(RingFinding.id == ring_id, RingFinding.status == RingStatus.OPEN)
        .values(status=status.value, decided_at=clock.now())
    )
    if not rows_changed(closed):
        if db.session.get(RingFinding, ring_id) is None:
            raise NotFound("This ring doesn’t exist.")
        raise Conflict("This ring was already decided.", code="decided")


def _log(actor: MemberId, decision: Action, ring_id: RingId, reason: str) -> None:
    write_line(actor, decision, Subject("ring", ring_id), author_id=None, report_id=None, reason=reason)
