"""A small town in which no page is empty: four people who vouch, sell, say, write and report, and Olli's things."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from flask import Flask
from sqlalchemy import select

from app.community.comments.service import add_comment
from app.community.item_merges.service import propose_merge
from app.community.items.service import add_item
from app.community.questions.answering import answer_question, thank_for
from app.community.questions.service import publish_question
from app.community.questions.values import QuestionDraft
from app.community.recommendations.service import recommend, save_recommendation
from app.discovery.saved_searches.service import look_for, save_search
from app.discovery.search.values import Wanted
from app.kernel.subjects import Subject
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.marketing.confirmations.service import record_sale
from app.marketing.testimonials.service import ask_to_quote
from app.merchants.stores.service import add_product, open_store
from app.messaging.conversations.service import send_message, start_conversation
from app.moderation.reports.service import file_report
from app.moderation.rings.models import RingMember
from app.moderation.rings.service import find_rings
from app.platform.database import db
from app.trust.reputation.service import compute_nightly, name_seed
from app.trust.vouches.service import vouch
from tests.support.access_town import build_access_town
from tests.support.page_inventory import PageEntry
from tests.support.page_town import PageTown
from tests.support.people import MemberFactory


@dataclass(frozen=True)
class Community:
    """Where there is something to look at."""

    item: str
    listing: str
    conversation: str
    report: str
    ask: str
    said: str
    ring: str


def build_community(member: MemberFactory) -> Community:
    """Four people who vouch, sell, say, write and report: no page is empty."""
    ana, bo = member("ana"), member("bo", name="Bo " + "Wolfeschlegelsteinhausen" * 2)
    cem, mo = member("cem", role="merchant", name="林美玲"), member("mo", role="moderator")
    vouch(ana, bo, "trust_fully", reason="My neighbour for years.")
    vouch(bo, cem, "trust", reason="Pays at once.", topic="coffee")
    vouch(mo, ana, "trust")
    item = add_item(cem, kind="product", title="Hario V60", category="Kitchen", description="A cone.")
    said = recommend(bo, item, "recommend", text="The **ceramic** keeps the heat.", rating=4)
    recommend(bo, item, "recommend", text="The **ceramic** keeps the heat for long.", rating=5)
    add_comment(ana, said, "Which size?")
    save_recommendation(ana, said, keep=True)
    recommend(cem, item, "neutral", text="Mine broke.", disclosure="gifted")
    draft = ListingDraft(kind="sale", title="Lamp", condition="good", price=Decimal(18), place="Lund")
    listing = publish_listing(cem, draft)
    publish_listing(ana, draft)
    conversation, _ = start_conversation(ana, [cem], listing)
    send_message(ana, conversation, "one", "Is it still there?")
    send_message(cem, conversation, "two", "It is.")
    store = open_store(cem, name="Stilla", slug="stilla", about="Beans.")
    add_product(cem, store, item, 1800, "EUR")
    ask_to_quote(cem, said, "Our window")
    record_sale(cem, bo, item)
    report = file_report(ana, Subject("listing", listing), "scam", "The picture is from elsewhere.")
    ask = publish_question(
        ana, QuestionDraft(text="Which dripper? " + "滤杯" * 30, topic="Coffee", place="Lund", reach=3)
    )
    thank_for(ana, ask, answer_question(bo, ask, item))
    name_seed(member("op", role="operator"), ana)
    compute_nightly()
    for a, b in permutations([member(f"ring{one}", name="指环" * 9) for one in range(4)], 2):
        vouch(a, b, "acquainted")
    find_rings()
    ring = db.session.execute(select(RingMember.ring_id).limit(1)).scalar_one()
    propose_merge(ana, add_item(bo, kind="product", title="Hario V60, white"), item, "The same cone.")
    save_search(ana, Wanted(q="lamp", near="Lund", hops=2))
    look_for("listing", listing)
    db.session.remove()
    return Community(item, listing, conversation, report, ask, said, ring)


def build_full_town(app: Flask) -> PageTown:
    """Olli's things beside those of the four, and somebody new with a long name of two directions."""
    member = MemberFactory(app)
    community = build_community(member)
    member("newcomer", name="阿布扎比·عبد الرحمن " + "Wolfeschlegelsteinhausen")
    listing = str(community.listing)
    best = {
        "listing_id": listing,
        "kind": "listing",
        "subject_id": listing,
        "item_id": community.item,
        "recommendation_id": community.said,
        "ask_id": community.ask,
        "conversation_id": community.conversation,
        "report_id": community.report,
        "ring_id": community.ring,
        "handle": "cem",
        "slug": "stilla",
    }
    people = {"member": "ana", "newcomer": "newcomer", "merchant": "cem", "moderator": "mo", "operator": "op"}
    people |= {"bo": "bo", "wanda": "wanda"}
    return PageTown(build_access_town(app), best, people)


# By sheet: states that only they have made.
ALSO: dict[str, tuple[PageEntry, ...]] = {
    "joining": (PageEntry("/messages", "wanda"), PageEntry("/notifications", "wanda"), PageEntry("/circle", "wanda")),
    "feed": (PageEntry("/search", state="misspelt", query="q=lmap&distance=2&near=Lund"),),
    "recommendations": (PageEntry("/asks", state="mine", query="whose=mine"), PageEntry("/asks/<ask_id>", "bo")),
    "merchants": (PageEntry("/quotes", "bo"), PageEntry("/purchases", "bo")),
}
