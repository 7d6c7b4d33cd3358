"""Whom to vouch for, whom two people both trust, and the circle as a picture."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence

from flask import current_app
from flask_babel import get_locale
from sqlalchemy import func, select

from app.discovery.people_suggestions.models import MutedMember, PutOffMember, SuggestionWish
from app.discovery.people_suggestions.rules import join
from app.discovery.people_suggestions.values import (
    DRAWN,
    NOT_NOW,
    SUGGESTED,
    Dot,
    Friends,
    PeopleToMeet,
    Picture,
    Suggestion,
)
from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.people.accounts.models import Member
from app.people.accounts.queries import visible
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.collation import sort_key
from app.platform.database import db
from app.trust.circle import queries as circles
from app.trust.circle.discretion import FITTING
from app.trust.circle.values import Meeting

_LOOKED_AT = 80  # of those whom the viewer might meet, the best first
_FACES = 6


def muted_by(viewer_id: MemberId) -> set[MemberId]:
    """Whose things the viewer does not want in the feed."""
    mine = select(MutedMember.muted_id).where(MutedMember.member_id == viewer_id)
    return set(db.session.scalars(mine))


def is_muted(viewer_id: MemberId, member_id: MemberId) -> bool:
    return db.session.get(MutedMember, (viewer_id, member_id)) is not None


def muted_faces(viewer_id: MemberId) -> list[MemberCard]:
    """Show whom the viewer has muted, with their faces, by name."""
    locale = str(get_locale() or "en")
    return sorted(cards(muted_by(viewer_id)).values(), key=lambda one: sort_key(one.name, locale))


def may_be_suggested(member_id: MemberId) -> bool:
    """The member's own wish, else whether they go by their name."""
    allowed = func.coalesce(SuggestionWish.allowed, Member.discreet.is_(False))
    query = select(allowed).select_from(Member).outerjoin(SuggestionWish, SuggestionWish.member_id == Member.id)
    return bool(db.session.scalar(query.where(Member.id == member_id)))


def suggestions(viewer_id: MemberId, *, limit: int = SUGGESTED) -> list[Suggestion]:
    """People within reach of the circle whom the viewer does not trust directly yet, best first; two statements."""
    return _told(viewer_id, _met(viewer_id)[:limit])


def people_to_meet(viewer_id: MemberId) -> PeopleToMeet:
    """Suggest people to meet, those who vouch for the viewer apart; two statements."""
    met = _met(viewer_id)
    vouching = [one for one in met if one.vouches][:SUGGESTED]
    found = _told(viewer_id, vouching + [one for one in met if not one.vouches][:SUGGESTED])
    return PeopleToMeet(tuple(one for one in found if one.vouches), tuple(one for one in found if not one.vouches))


def _met(viewer_id: MemberId) -> list[Meeting]:
    """Who may be suggested, in the order of the trust graph."""
    met = circles.people_to_meet(viewer_id, _LOOKED_AT)
    willing = _willing(viewer_id, [one.member_id for one in met])
    return [one for one in met if one.member_id in willing]


def _told(viewer_id: MemberId, met: Sequence[Meeting]) -> list[Suggestion]:
    """With their faces and ways; to whom no way can be told is left out."""
    circle = circles.circle_of(viewer_id)
    ids = [one.member_id for one in met]
    trails, ways = circles.trails(viewer_id, ids, circle), circles.ways_to_each(viewer_id, ids)
    return [
        Suggestion(target, trails[one.member_id], ways.get(one.member_id, 1), one.vouches)
        for one in met
        if one.member_id in trails and (target := trails[one.member_id].target) is not None
    ]


def _willing(viewer_id: MemberId, ids: Iterable[MemberId]) -> set[MemberId]:
    """Who of them may be suggested to this viewer; who is blocked is in nobody's circle."""
    put_off = select(PutOffMember.other_id).where(
        PutOffMember.member_id == viewer_id, PutOffMember.created_at > clock.now() - NOT_NOW
    )
    muted = select(MutedMember.muted_id).where(MutedMember.member_id == viewer_id)
    query = (
        select(Member.id)
        .outerjoin(SuggestionWish, SuggestionWish.member_id == Member.id)
        .where(
            Member.id.in_(list(ids)),
            visible(),
            func.coalesce(SuggestionWish.allowed, Member.discreet.is_(False)),
            Member.id.not_in(put_off),
            Member.id.not_in(muted),
        )
    )
    return set(db.session.scalars(query))


def friends_in_common(viewer_id: MemberId | None, member_id: MemberId) -> Friends | None:
    """Whom both trust; None when there is nothing to say. One statement."""
    if viewer_id is None or viewer_id == member_id:
        return None
    known = circles.trusted_by([viewer_id, member_id])
    both = known[viewer_id].keys() & known[member_id].keys()
    if not both:
        return None
    faces = cards([*both, member_id])
    if member_id in faces and faces[member_id].discreet:
        # Whom a discreet member trusts is told to nobody; of few people a number tells it too.
        return Friends((), 0, len(both)) if len(both) >= FITTING and len(known[viewer_id]) > len(both) else None
    circle = circles.circle_of(viewer_id)
    named = [one for one in both if one in faces and not faces[one].discreet]
    named.sort(key=lambda one: (-circle.score(one), one))
    shown = tuple(faces[one] for one in named[:_FACES])
    masked = len(both) - len(named)
    if masked < FITTING or masked == len(circle.discretion.of & known[viewer_id].keys()):
        masked = 0
    return Friends(shown, len(named) - len(shown), masked) if named or masked else None


def picture(viewer_id: MemberId, *, most: int = DRAWN) -> Picture:
    """The viewer, the people who carry most weight, and who of them trusts whom; two statements."""
    circle = circles.circle_of(viewer_id)
    ids = [viewer_id, *circle.ids[:most]]
    faces, muted = cards(ids), muted_by(viewer_id)
    ids = [one for one in ids if one in faces]
    masked = {one for one in ids if faces[one].discreet and one != viewer_id}
    # In the order of trust a masked one could be found by counting: they come last, in no order.
    ids = [one for one in ids if one not in masked] + sorted(masked, key=lambda one: _shuffle(viewer_id, one))
    dots = tuple(_dot(one, circle.distance(one) or 0, circle.score(one), faces, masked, muted) for one in ids)
    return Picture(dots, join(ids, circles.trusted_by(ids), masked, least=FITTING), len(circle))


def _dot(
    member_id: MemberId,
    hops: int,
    score: float,
    faces: Mapping[MemberId, MemberCard],
    masked: set[MemberId],
    muted: set[MemberId],
) -> Dot:
    if member_id in masked:
        return Dot(None, hops, 0.0)
    return Dot(faces[member_id], hops, score, member_id in muted)


def _shuffle(viewer_id: MemberId, member_id: MemberId) -> bytes:
    """Make an order that is alike at each look, and that nobody could compute."""
    key = str(current_app.secret_key).encode()
    return hmac.digest(key, f"picture:{viewer_id}:{member_id}".encode(), hashlib.sha256)
