"""What a member has told the feed, and what it must know of the reader beside: one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, String, bindparam, cast, func, literal, null, select, type_coerce, union_all

from app.community.items.models import Item
from app.community.recommendations.models import Recommendation
from app.discovery.feed.models import FeedChoice, FeedPreference
from app.discovery.feed.values import CHECKLIST, MODES, RECOMMENDATION, Choice, Wishes
from app.discovery.people_suggestions.models import MutedMember
from app.kernel.ids import ItemId, MemberId
from app.people.accounts.models import Member
from app.people.blocks.models import Block
from app.platform.database import db
from app.platform.prepared import Prepared
from app.platform.vocabulary.reading import vocabulary
from app.trust.vouches.models import Vouch

MAX_LIKED = 200  # own recommendations that the taste is read from, the latest
MAX_CHOICES = 1000
_PREFERENCE, _CHOICE, _UNSEEN, _LIKED, _HIDDEN, _STEPS = "preference", "choice", "unseen", "liked", "hidden", "steps"
_R, _I = Recommendation, Item


def wishes_of(viewer_id: MemberId | None) -> Wishes:
    """Settings, choices, blocks and liked items of a member, in one statement; a visitor has none."""
    if viewer_id is None:
        return Wishes(personal=False)
    rows = _wishes_for(db.engine.dialect.name).rows(viewer=viewer_id)
    of: dict[str, list[Any]] = {}
    for row in rows:
        of.setdefault(row.what, []).append(row)
    mode, personal, topics = MODES[0], True, ()
    for row in of.get(_PREFERENCE, []):
        mode, personal = row.a, row.b == "1"
        topics = tuple(json.loads(row.c))
    chosen: dict[str, set[str]] = {str(one): set() for one in Choice}
    for row in of.get(_CHOICE, []):
        chosen.get(row.a, set()).add(row.b)
    return Wishes(
        mode=mode,
        personal=personal,
        topics=_with_narrower(topics),
        ticked=topics,
        hidden=frozenset(chosen[Choice.HIDE]),
        hidden_items=frozenset(ItemId(row.a) for row in of.get(_HIDDEN, [])),
        less=_with_narrower(chosen[Choice.LESS]),
        other_taste=frozenset(MemberId(int(one)) for one in chosen[Choice.TASTE] if one.isdigit()),
        unseen=frozenset(MemberId(int(row.a)) for row in of.get(_UNSEEN, [])),
        liked={row.a: row.b for row in of.get(_LIKED, [])},
        chosen=_PREFERENCE in of,
        photo=any(row.a for row in of.get(_STEPS, [])),
        vouches=any(row.b for row in of.get(_STEPS, [])),
        dismissed=any(row.a == CHECKLIST for row in of.get(_CHOICE, [])),
    )


def _with_narrower(words: Iterable[str]) -> frozenset[str]:
    known = vocabulary()
    return frozenset(below for one in words for below in known.narrower(one))


@lru_cache(maxsize=2)
def _wishes_for(dialect: str) -> Prepared:
    viewer = bindparam("viewer", type_=Integer())
    nothing = cast(null(), String)
    topics = type_coerce(FeedPreference.topics, String) if dialect == "sqlite" else cast(FeedPreference.topics, String)
    personal = cast(cast(FeedPreference.personal, Integer), String)
    liked = (
        select(_R.item_id, _I.title)
        .join(_I, _I.id == _R.item_id)
        .where(_R.member_id == viewer, _R.stance == "recommend", _R.removed_at.is_(None))
        .order_by(_R.updated_at.desc())
        .limit(MAX_LIKED)
        .subquery()
    )
    choices = (
        select(FeedChoice.choice, FeedChoice.target)
        .where(FeedChoice.member_id == viewer)
        .order_by(FeedChoice.created_at.desc())
        .limit(MAX_CHOICES)
        .subquery()
    )
    vouched = select(Vouch.trustee_id).where(Vouch.truster_id == viewer).limit(1).scalar_subquery()
    every = union_all(
        select(
            literal(_PREFERENCE).label("what"),
            FeedPreference.mode.label("a"),
            personal.label("b"),
            topics.label("c"),
        ).where(FeedPreference.member_id == viewer),
        select(literal(_CHOICE), choices.c.choice, choices.c.target, nothing),
        select(literal(_UNSEEN), cast(Block.blocked_id, String), nothing, nothing).where(Block.blocker_id == viewer),
        select(literal(_UNSEEN), cast(Block.blocker_id, String), nothing, nothing).where(Block.blocked_id == viewer),
        select(literal(_UNSEEN), cast(MutedMember.muted_id, String), nothing, nothing).where(
            MutedMember.member_id == viewer
        ),
        select(literal(_LIKED), liked.c.item_id, liked.c.title, nothing),
        select(literal(_STEPS), Member.avatar_id, cast(vouched, String), nothing).where(Member.id == viewer),
        select(literal(_HIDDEN), _R.item_id, nothing, nothing)
        .select_from(choices)
        .join(_R, _R.id == func.substr(choices.c.target, len(RECOMMENDATION) + 2))
        .where(choices.c.choice == Choice.HIDE.value, choices.c.target.startswith(f"{RECOMMENDATION}:")),
    )
    return Prepared(every)
