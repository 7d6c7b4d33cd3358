"""Requests as each of those on the way may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ScalarSelect, func, select

from app.kernel.clock import clock
from app.kernel.ids import IntroductionId, MemberId
from app.kernel.viewer import Viewer
from app.messaging.introductions.models import Introduction, IntroductionHop
from app.messaging.introductions.values import SHOWN, Asked, HopState, State, Waiting, Word
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.database import db
from app.trust.circle.queries import circle_of

_I, _H = Introduction, IntroductionHop


def may_ask(viewer_id: MemberId | None, target_id: MemberId) -> bool:
    """Whether friends of the viewer lead there, and the viewer does not know them already."""
    if viewer_id is None or viewer_id == target_id:
        return False
    return (circle_of(viewer_id).distance(target_id) or 0) > 1


def waiting_for(member_id: MemberId) -> list[Waiting]:
    """What waits for the member now, the oldest first."""
    query = select(_I).join(_H, (_H.introduction_id == _I.id) & (_H.place == _I.place)).where(*_turn(member_id))
    rows = list(db.session.scalars(query.order_by(_I.id).limit(SHOWN)))
    hops = _hops([row.id for row in rows])
    ids = {one.member_id for some in hops.values() for one in some} | {row.asker_id for row in rows}
    faces = cards(ids)
    return [_waiting(row, hops[row.id], faces) for row in rows]


def asked_by(member_id: MemberId) -> list[Asked]:
    """What the member has asked for, the newest first."""
    query = select(_I).where(_I.asker_id == member_id).order_by(_I.id.desc()).limit(SHOWN)
    rows = list(db.session.scalars(query))
    hops, faces = _hops([row.id for row in rows]), cards({row.target_id for row in rows})
    return [
        Asked(
            id=row.id,
            target=faces[row.target_id],
            state=State(row.state),
            note=row.note,
            at=row.created_at,
            until=row.until,
            steps=len(hops[row.id]),
            done=row.place - 1,
            conversation_id=row.conversation_id,
            thanked=row.thanked_at is not None,
        )
        for row in rows
        if row.target_id in faces
    ]


def helpers_of(introduction_id: IntroductionId) -> list[MemberId]:
    """Who has passed it on, without who it was for."""
    hops = _hops([introduction_id]).get(introduction_id, [])
    return [one.member_id for one in hops[:-1] if one.state == HopState.PASSED]


def waiting_number(viewer: Viewer) -> ScalarSelect[int]:
    """How many requests wait for the viewer."""
    mine = select(func.count()).select_from(_I).join(_H, (_H.introduction_id == _I.id) & (_H.place == _I.place))
    return mine.where(*_turn(viewer.id)).scalar_subquery()


def _turn(member_id: MemberId) -> tuple[Any, ...]:
    open_now = (_I.state == State.OPEN.value, _I.until > clock.now())
    return (_H.member_id == member_id, _H.state == HopState.WAITING.value, *open_now)


def _hops(ids: Sequence[IntroductionId]) -> dict[IntroductionId, list[IntroductionHop]]:
    found: dict[IntroductionId, list[IntroductionHop]] = {one: [] for one in ids}
    query = select(_H).where(_H.introduction_id.in_(ids)).order_by(_H.introduction_id, _H.place)
    for hop in db.session.scalars(query) if ids else ():
        found[hop.introduction_id].append(hop)
    return found


def _waiting(row: Introduction, hops: Sequence[IntroductionHop], faces: Mapping[MemberId, MemberCard]) -> Waiting:
    here = row.place - 1
    before = faces.get(row.asker_id) if here == 0 else _named(faces.get(hops[here - 1].member_id))
    last = here == len(hops) - 1
    return Waiting(
        id=row.id,
        before=before,
        after=None if last else faces.get(hops[here + 1].member_id),
        asker=faces.get(row.asker_id) if last else None,
        note=row.note,
        # Whoever does not want to be named in between is not named by their word either.
        words=tuple(Word(_named(faces.get(one.member_id)), one.word) for one in hops[:here] if one.word),
        until=row.until,
    )


def _named(face: MemberCard | None) -> MemberCard | None:
    return None if face is None or face.discreet else face
