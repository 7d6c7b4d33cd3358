"""Giving a vouch and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.ids import MemberId
from app.people.accounts.queries import hold, is_active, require_active
from app.people.blocks.queries import is_blocked_between
from app.platform.database import db, unit_of_work
from app.platform.limits import check_rate
from app.platform.markup import clean_line, clean_text
from app.platform.vocabulary.reading import vocabulary
from app.trust.vouches.events import VouchGiven, VouchWithdrawn
from app.trust.vouches.models import Distrust, Vouch
from app.trust.vouches.queries import budget_of
from app.trust.vouches.rules import fits_expiry, in_force, strength_of
from app.trust.vouches.values import REASON_LENGTH, TOPIC_LENGTH, Strength, VouchTerms

RATION = "200/hour"


def vouch(
    actor: MemberId,
    member_id: MemberId,
    strength: str | Strength,
    reason: str | None = None,
    topic: str | None = None,
    expires_at: datetime | None = None,
) -> None:
    """`actor` puts their name to `member_id`; a second time changes the first."""
    terms = _tidy(VouchTerms(str(strength), reason, topic, expires_at))
    vouch_with(actor, member_id, lambda _now: terms)


def vouch_with(actor: MemberId, member_id: MemberId, wanted: Callable[[VouchTerms | None], VouchTerms]) -> None:
    """Vouch for a member; `wanted` gets the vouch that stands, held until the commit."""
    if actor == member_id:
        raise Invalid("You can’t vouch for yourself.", code="self_vouch")
    now = clock.now()
    check_rate(f"vouch:{actor}", RATION)
    with unit_of_work() as unit:
        require_active(actor)
        # One change at a time per truster; must not shut out rows that point at the member.
        hold(actor)
        if not is_active(member_id):
            raise NotFound("This member doesn’t exist.")
        if is_blocked_between(actor, member_id):
            raise Forbidden("You can’t vouch for each other, because one of you has blocked the other.", code="blocked")
        row = db.session.get(Vouch, (actor, member_id), populate_existing=True)
        stands = row if row is not None and in_force(row.expires_at, now) else None
        terms = _tidy(wanted(_terms(stands) if stands else None))
        degree = Strength(terms.strength)
        if stands is None or stands.strength != degree:
            _require_budget(actor, member_id, degree)
        if row is None:
            row = Vouch(truster_id=actor, trustee_id=member_id, weight=degree.weight, created_at=now)
            db.session.add(row)
        row.weight, row.strength = degree.weight, degree.value
        row.reason, row.topic, row.expires_at = terms.reason, terms.topic, terms.expires_at
        _forget_distrust(actor, member_id)
        unit.record(VouchGiven(truster_id=actor, trustee_id=member_id, weight=degree.weight))


def withdraw(actor: MemberId, member_id: MemberId) -> None:
    """`actor` takes the vouch for `member_id` back."""
    with unit_of_work() as unit:
        mine = delete(Vouch).where(Vouch.truster_id == actor, Vouch.trustee_id == member_id)
        if db.session.scalar(mine.returning(Vouch.trustee_id)) is None:
            raise NotFound("You don’t vouch for this member.", code="no_vouch")
        unit.record(VouchWithdrawn(truster_id=actor, trustee_id=member_id))


def _terms(row: Vouch) -> VouchTerms:
    return VouchTerms(row.strength or "", row.reason, row.topic, row.expires_at)


def _tidy(terms: VouchTerms) -> VouchTerms:
    """As it is kept; raises `Invalid`."""
    degree = strength_of(terms.strength)
    if degree is None:
        raise Invalid("Choose how well you know them.", code="bad_strength")
    if not fits_expiry(terms.expires_at, clock.now()):
        raise Invalid("Choose an end date in the future, at most 10 years away.", code="bad_expiry")
    reason = clean_text(terms.reason or "", REASON_LENGTH) or None
    topic = vocabulary().canonical(clean_line(terms.topic or "", TOPIC_LENGTH)) or None
    return VouchTerms(degree.value, reason, topic, terms.expires_at)


def _require_budget(actor: MemberId, member_id: MemberId, degree: Strength) -> None:
    """Counted behind the lock on the truster's row, so that parallel vouches cannot exceed it."""
    ration = budget_of(actor, besides=member_id).of(degree)
    if not ration.left:
        raise Conflict(
            "You’ve used all %(num)s of your vouches of this strength. Withdraw one or choose another strength. You "
            "get more as trusted people vouch for you.",
            code="vouch_budget",
            num=ration.used,
        )


def _forget_distrust(actor: MemberId, member_id: MemberId) -> None:
    db.session.execute(delete(Distrust).where(Distrust.truster_id == actor, Distrust.trustee_id == member_id))
