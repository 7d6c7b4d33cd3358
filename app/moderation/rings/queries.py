"""Reads of rings; for moderators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import ScalarSelect, func, select

from app.community.items.models import Item
from app.community.recommendations.models import Recommendation
from app.kernel.clock import clock
from app.kernel.errors import NotFound
from app.kernel.ids import MemberId, RingId
from app.kernel.later import Later
from app.kernel.viewer import Viewer
from app.moderation.rings.models import RingFinding, RingMember
from app.moderation.rings.rules import mutual_pairs, picture
from app.moderation.rings.values import (
    Figures,
    RingCard,
    RingDetail,
    RingMemberView,
    RingStatus,
    Shared,
)
from app.people.accounts.models import Member
from app.people.accounts.queries import require_role, visible
from app.people.accounts.values import MODERATOR
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.database import db
from app.trust.vouches.queries import mutual_vouches, vouches_for

if TYPE_CHECKING:
    import networkx as nx

    from graph import Id
    from graph import rings as finding
else:
    nx, finding = Later("networkx"), Later("graph.rings")  # a job of the night and one page of moderators

SHOWN = 50
FACES = 5
SHARED = 6  # things that most of them recommend

_LOOKED_UP_AT_ONCE = 1000


def open_rings(viewer: Viewer) -> ScalarSelect[int] | None:
    """The moderators' number."""
    if not viewer.is_a(MODERATOR):
        return None
    query = select(func.count(RingFinding.id)).where(RingFinding.status == RingStatus.OPEN)
    return query.scalar_subquery()


def rings(actor: MemberId, *, decided: bool = False) -> list[RingCard]:
    """Open findings, the most suspicious first; or the latest decided ones."""
    require_role(actor, MODERATOR)
    query = select(RingFinding).limit(SHOWN)
    if decided:
        query = query.where(RingFinding.status != RingStatus.OPEN).order_by(
            RingFinding.decided_at.desc(), RingFinding.id
        )
    else:
        query = query.where(RingFinding.status == RingStatus.OPEN).order_by(
            RingFinding.suspicion.desc(), RingFinding.id
        )
    rows = list(db.session.scalars(query))
    inside = members_of(row.id for row in rows)
    faces = cards({one for ids in inside.values() for one in ids[:FACES]})
    return [
        _card(row, [faces[one] for one in inside[row.id][:FACES] if one in faces], len(inside[row.id])) for row in rows
    ]


def get_ring(actor: MemberId, ring_id: RingId) -> RingDetail:
    """One finding with its evidence; raises `NotFound`."""
    require_role(actor, MODERATOR)
    row = db.session.get(RingFinding, ring_id)
    if row is None:
        raise NotFound("This ring doesn’t exist.")
    ids = members_of([ring_id])[ring_id]
    faces = cards(ids)
    found = db.session.execute(
        select(Member.id, Member.joined_at, Member.suspended_until)
        .where(Member.id.in_(ids), Member.active)
        .order_by(Member.joined_at, Member.id)
    ).all()
    now = clock.now()
    members = tuple(
        RingMemberView(faces[one.id], one.joined_at, one.suspended_until is not None and one.suspended_until > now)
        for one in found
    )
    return RingDetail(
        card=_card(row, [one.member for one in members[:FACES]], len(members)),
        members=members,
        shared=_shared(ids),
        picture=picture([one.member for one in members], row.edges),
        mutual_pairs=mutual_pairs(row.edges),
    )


def members_of(ring_ids: Iterable[RingId]) -> dict[RingId, list[MemberId]]:
    """Who belongs to these rings; one statement."""
    found: dict[RingId, list[MemberId]] = defaultdict(list)
    query = (
        select(RingMember.ring_id, RingMember.member_id)
        .where(RingMember.ring_id.in_(list(ring_ids)))
        .order_by(RingMember.member_id)
    )
    for row in db.session.execute(query):
        found[row.ring_id].append(row.member_id)
    return found


def _shared(ids: list[MemberId]) -> tuple[Shared, ...]:
    count = func.count().label("endorsers")
    query = (
        select(Item.id, Item.title, count)
        .join(Recommendation, Recommendation.item_id == Item.id)
        .where(Recommendation.member_id.in_(ids), Recommendation.removed_at.is_(None))
        .where(Item.removed_at.is_(None))
        .group_by(Item.id, Item.title)
        .having(count >= 2)
        .order_by(count.desc(), Item.id)
        .limit(SHARED)
    )
    return tuple(Shared(row.title, f"/items/{row.id}", row.endorsers) for row in db.session.execute(query))


def _card(row: RingFinding, faces: list[MemberCard], size: int) -> RingCard:
    return RingCard(
        id=row.id,
        status=RingStatus(row.status),
        figures=Figures(row.density, row.closed, row.joined_within, row.alike, row.suspicion, row.outsiders),
        faces=tuple(faces),
        size=size,
        found_at=row.found_at,
        seen_at=row.seen_at,
    )


def look() -> list[finding.Ring]:
    """The rings among the vouches in force, most suspicious first.

    Only members with enough mutual vouches come into question, so the whole graph is never held.
    """
    mutual: nx.Graph[Any] = nx.Graph()
    mutual.add_edges_from(mutual_vouches())
    present = _present(set(nx.k_core(mutual, finding.SMALLEST - 1)) if mutual else set())
    if not present:
        return []
    graph: nx.DiGraph[Any] = nx.DiGraph()
    graph.add_weighted_edges_from(vouches_for(sorted(present)))
    # Who is away takes no part, as in the trust graph.
    there = _present(set(graph))
    graph.remove_nodes_from([one for one in graph if one not in there])
    joined: dict[Id, float] = {}
    joined.update(present.items())
    return finding.find(graph, joined, _endorsed(present))


def _present(members: set[MemberId]) -> dict[MemberId, float]:
    """Those of them who take part now, with the time they joined."""
    found: dict[MemberId, float] = {}
    ids = sorted(members)
    for start in range(0, len(ids), _LOOKED_UP_AT_ONCE):
        some = Member.id.in_(ids[start : start + _LOOKED_UP_AT_ONCE])
        for row in db.session.execute(select(Member.id, Member.joined_at).where(some, visible())):
            found[row.id] = row.joined_at.timestamp()
    return found


def _endorsed(members: dict[MemberId, float]) -> dict[Id, set[str]]:
    found: dict[Id, set[str]] = defaultdict(set)
    ids = sorted(members)
    for start in range(0, len(ids), _LOOKED_UP_AT_ONCE):
        query = select(Recommendation.member_id, Recommendation.item_id).where(
            Recommendation.member_id.in_(ids[start : start + _LOOKED_UP_AT_ONCE]),
            Recommendation.removed_at.is_(None),
        )
        for row in db.session.execute(query):
            found[row.member_id].add(row.item_id)
    return found
