"""Messages as a page shows them: with faces, cards of links, and what to look at twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.messaging.conversations.links import LinkCard, is_link_alone, unfurl
from app.messaging.conversations.rules import may_edit
from app.messaging.conversations.values import ConversationView, MessageView
from app.messaging.fraud_signals.values import WEIGHTS, FraudSignal
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.formats import day_of
from app.trust.circle.queries import circle_of


@dataclass(frozen=True, slots=True)
class Shown:
    """One message on a page."""

    message: MessageView
    mine: bool
    starts: bool  # another person begins to speak: there a face is shown
    face: MemberCard | None
    links: tuple[LinkCard, ...]
    signs: tuple[str, ...]
    seen: bool = False
    bare: bool = False  # nothing but a link that has a card
    day: date | None = None  # the first of a day says which
    editable: bool = False  # by the reader, now


def shown(reader: MemberId, view: ConversationView, messages: Sequence[MessageView]) -> list[Shown]:
    """The messages in their order; faces come in one statement at most."""
    known = {one.card.id: one.card for one in view.others}
    missing = {one.author_id for one in messages if one.author_id not in known and one.author_id != reader}
    faces = {**known, **(cards(missing) if missing else {})}
    links = unfurl(reader, messages)
    circle = circle_of(reader)
    read_by_all = min((one.read_seq for one in view.others if not one.gone), default=0) if view.in_touch else 0
    now = clock.now()
    found = []
    before: int | None = None
    day_before: date | None = None
    for one in messages:
        mine = one.author_id == reader
        day = day_of(one.at)
        found.append(
            Shown(
                message=one,
                mine=mine,
                starts=one.author_id != before or day != day_before,
                face=faces.get(one.author_id),
                links=links.get(one.id, ()),
                bare=bool(links.get(one.id)) and is_link_alone(one.body),
                signs=() if mine else _signs_for(one.signs, trusted=one.author_id in circle),
                seen=mine and view.pair and one.seq <= read_by_all,
                day=day if day != day_before else None,
                editable=mine and not view.blocked and may_edit(one.at, now),
            )
        )
        before = one.author_id if not one.card else None
        day_before = day
    return found


def _signs_for(signs: Sequence[str], *, trusted: bool) -> tuple[str, ...]:
    """From people one trusts a plain link or a telephone number is nothing to warn of."""
    return tuple(sign for sign in signs if not trusted or WEIGHTS[FraudSignal(sign)][1])
