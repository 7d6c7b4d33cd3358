"""Where the pages of the inventory lead to something: the demo community with one thing for every page in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import permutations
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update

from tests.support.access_town import AccessTown, build_access_town
from tests.support.page_inventory import OWNER, PageEntry, fill_route
from tests.support.people import MemberFactory

DEMO_PEOPLE = {
    "member": "ana",
    "newcomer": "newcomer",
    "merchant": "stillman",
    "moderator": "maja",
    "operator": "oskar",
}


@dataclass(frozen=True, slots=True)
class PageTown:
    """Who looks at what: `best` where somebody else than Olli looks, the rest is his, of the access town."""

    made: AccessTown
    best: Mapping[str, str]
    people: Mapping[str, str]

    def handle(self, role: str) -> str:
        return self.people.get(role) or self.made.handle(role)

    def address(self, entry: PageEntry) -> str:
        values: Mapping[str, Any] = self.made.values(entry.route)
        if entry.who != OWNER and entry.route not in self.made.special:
            values = {**values, **self.best}
        return fill_route(entry.route, values) + (f"?{entry.query.format(**values)}" if entry.query else "")


def build_demo_town(app: Flask) -> PageTown:
    """Everything, within an application context."""
    from app.demo.community import fill_demo
    from app.kernel.clock import clock
    from app.market.orders.values import Stage
    from app.people.accounts.models import Member
    from app.platform.database import db, unit_of_work
    from app.platform.event_log import run_reactions
    from tests.support.orders import deal

    fill_demo(60, lambda _done, _total: None)
    best = _best(app)
    with unit_of_work():
        # The access town has a Wanda of its own.
        changed = {"handle": "wanda_s", "email": "wanda_s@example.org"}
        db.session.execute(update(Member).where(Member.handle == "wanda").values(changed))
    # Before all that is worth a look.
    made = build_access_town(app, at=clock.now() - timedelta(days=70))
    made.ids["ring_id"] = _ring(app)
    # One that can be reviewed still.
    recent = deal(made.people["olli"], made.people["cora"], Stage.COMPLETED)
    made.special["/orders/<order_id>/review"] = {"order_id": recent.order}
    made.special["/orders/<order_id>/receipt"] = {"order_id": recent.order}
    run_reactions()
    return PageTown(made, best, DEMO_PEOPLE)


def _ring(app: Flask) -> str:
    """Four who vouch for each other and whom nobody else does."""
    from app.moderation.rings.models import RingMember
    from app.moderation.rings.service import find_rings
    from app.platform.database import db
    from app.trust.vouches.service import vouch

    member = MemberFactory(app)
    for one, other in permutations([member(f"ring{number}") for number in range(4)], 2):
        vouch(one, other, "acquainted")
    find_rings()
    return str(db.session.execute(select(RingMember.ring_id).limit(1)).scalar_one())


def _best(app: Flask) -> dict[str, str]:
    """Of each kind what Ana has most to see of: most photos, most said, the longest talk."""
    from app.community.questions.models import Question, QuestionAnswer
    from app.community.recommendations.models import Recommendation
    from app.market.listings.models import Listing, ListingPhoto
    from app.messaging.conversations.models import Conversation, Participant
    from app.people.accounts.models import Member
    from app.platform.database import db
    from app.trust.circle.queries import circle_of

    def first(statement: Any) -> str:
        return str(db.session.execute(statement.limit(1)).scalar_one())

    ana = db.session.execute(select(Member.id).where(Member.handle == DEMO_PEOPLE["member"])).scalar_one()
    circle = circle_of(ana)
    known = list(circle)
    listing = first(
        select(Listing.id)
        .join(ListingPhoto, ListingPhoto.listing_id == Listing.id)
        .where(Listing.seller_id.in_(known))
        .group_by(Listing.id)
        .order_by(func.count().desc(), Listing.id.desc())
    )
    item = first(
        select(Recommendation.item_id)
        .where(Recommendation.member_id.in_(known))
        .group_by(Recommendation.item_id)
        .order_by(func.count().desc(), Recommendation.item_id)
    )
    said = select(Recommendation.id).where(Recommendation.member_id.in_(known), Recommendation.item_id == item)
    answers = select(Question.id).outerjoin(QuestionAnswer).where(Question.author_id == ana).group_by(Question.id)
    talk = select(Conversation.id).join(Participant).where(Participant.member_id == ana)
    return {
        "listing_id": listing,
        "kind": "listing",
        "subject_id": listing,
        "item_id": item,
        "recommendation_id": first(said.order_by(func.length(Recommendation.text).desc())),
        "ask_id": first(answers.order_by(func.count().desc())),
        "conversation_id": first(talk.order_by(Conversation.last_seq.desc())),
        "room_id": first(
            select(Conversation.id).where(Conversation.kind == "room").order_by(Conversation.last_at.desc())
        ),
        "handle": first(select(Member.handle).where(Member.id == known[3])),
        "slug": "stilla",
    }
