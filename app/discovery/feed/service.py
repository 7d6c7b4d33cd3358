"""What members tell the feed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import delete, select

from app.community.items.models import Item
from app.community.recommendations.models import Recommendation
from app.discovery.feed.models import FeedChoice, FeedPreference
from app.discovery.feed.rules import choice_target
from app.discovery.feed.values import CHECKLIST, DISMISSED, LISTING, MAX_TOPICS, MODES, RECOMMENDATION, Choice
from app.kernel.clock import clock
from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import MemberId
from app.market.listings.models import Listing
from app.people.accounts.queries import hold, require_active
from app.platform.database import db, unit_of_work
from app.platform.sql import insert_into
from app.platform.vocabulary.reading import vocabulary


def choose(actor: MemberId, choice: str, kind: str, ident: str) -> str:
    """Hide an entry, see less like it, or less of its author's taste; gives the choice's target.

    Raises `Invalid` for what cannot be chosen and `NotFound` for an unknown entry. Choosing twice
    changes nothing.
    """
    if choice not in set(Choice):
        raise Invalid("This can’t be hidden.", code="bad_choice")
    with unit_of_work():
        require_active(actor)
        author_id, category = _entry(kind, ident)
        target = choice_target(Choice(choice), kind, ident, author_id, category)
        if target is None:
            raise Invalid("This has no category. Hide it instead.", code="bad_choice")
        if choice == Choice.TASTE and author_id == actor:
            raise Invalid("This is your own.", code="own_self")
        row = {"member_id": actor, "choice": choice, "target": target, "created_at": clock.now()}
        db.session.execute(insert_into(FeedChoice).values(row).on_conflict_do_nothing())
    return target


def take_back(actor: MemberId, choice: str, target: str) -> None:
    """As if it had not been chosen; again changes nothing."""
    with unit_of_work():
        require_active(actor)
        db.session.execute(
            delete(FeedChoice).where(
                FeedChoice.member_id == actor,
                FeedChoice.choice == choice,
                FeedChoice.target == target,
            )
        )


def dismiss_checklist(actor: MemberId) -> None:
    """The first steps are not shown again; a second time changes nothing."""
    with unit_of_work():
        require_active(actor)
        row = {"member_id": actor, "choice": CHECKLIST, "target": DISMISSED, "created_at": clock.now()}
        db.session.execute(insert_into(FeedChoice).values(row).on_conflict_do_nothing())


def remember_mode(actor: MemberId, mode: str) -> None:
    """What `/` shows next time."""
    if mode not in MODES:
        raise Invalid("mode is “circle” or “explore”", code="bad_mode")
    _set(actor, mode=mode)


def personalise(actor: MemberId, wanted: bool | Callable[[bool], bool]) -> None:
    """On, or truly off: then everybody sees the same, newest first.

    A function gets what holds now, held until the commit.
    """
    with unit_of_work():
        hold(actor)
        if callable(wanted):
            now = db.session.scalar(select(FeedPreference.personal).where(FeedPreference.member_id == actor))
            wanted = wanted(now is not False)
        _set(actor, personal=wanted)


def choose_topics(actor: MemberId, topics: Iterable[str] | Callable[[Sequence[str]], Iterable[str]]) -> None:
    """What the member would like to hear of; replaces what was chosen before.

    A function gets what is chosen now, held until the commit.
    """
    with unit_of_work():
        hold(actor)
        if callable(topics):
            now = db.session.scalar(select(FeedPreference.topics).where(FeedPreference.member_id == actor))
            topics = topics(now or [])
        _set(actor, topics=_tidy(topics))


def _tidy(topics: Iterable[str]) -> list[str]:
    tidy = list(dict.fromkeys(vocabulary().canonical(one.strip()[:60]) for one in topics if one.strip()))
    if len(tidy) > MAX_TOPICS:
        raise Invalid("Choose up to %(number)s topics.", code="too_many_topics", number=MAX_TOPICS)
    return tidy


def _set(actor: MemberId, **values: Any) -> None:
    with unit_of_work():
        require_active(actor)
        row = {"member_id": actor, "topics": [], **values, "updated_at": clock.now()}
        changed = {**values, "updated_at": row["updated_at"]}
        db.session.execute(
            insert_into(FeedPreference)
            .values(row)
            .on_conflict_do_update(index_elements=[FeedPreference.member_id], set_=changed)
        )


def _entry(kind: str, ident: str) -> tuple[MemberId, str]:
    """Who is behind an entry, and its category."""
    if kind == RECOMMENDATION:
        query = (
            select(Recommendation.member_id, Item.category)
            .join(Item, Item.id == Recommendation.item_id)
            .where(Recommendation.id == ident)
        )
    elif kind == LISTING:
        query = select(Listing.seller_id, Listing.category).where(Listing.id == ident)
    else:
        raise Invalid("This can’t be hidden.", code="bad_choice")
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("This no longer exists.")
    return row[0], row[1] or ""
