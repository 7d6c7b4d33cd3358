"""One existing thing for every id in an address, and a body with which its owner would be let through.

Olli owns what can be owned; the member vouches for him and he for them; the merchant, the moderator
and the operator are strangers to him.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from flask import Flask
from PIL import Image

from app.kernel.ids import MemberId
from tests.support.cart_town import fill_carts
from tests.support.case_town import settle_cases
from tests.support.form_registry import FORMS, PNG
from tests.support.handing_town import settle_bookings, settle_handing
from tests.support.people import MemberFactory
from tests.support.review_town import make_review, settle_reviews
from tests.support.terms_town import settle_terms
from tests.support.visibility_town import (
    Town,
    make_answer,
    make_ask,
    make_comment,
    make_item,
    make_listing,
    make_recommendation,
    picture,
)

# Whose role is the column; "owner" is whose thing it is.
OWNER = "owner"
ROLES = ("anonymous", "member", "merchant", "moderator", "operator", OWNER)
FRAUD = "Log in to confirm: http://paypa1.com/ and send a steam card"

Sent = dict[str, Any]


@dataclass(slots=True)
class AccessTown:
    """`ids` by the name in the route; `special` by route, where one thing of the kind is not enough."""

    people: dict[str, MemberId] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    special: dict[str, dict[str, str]] = field(default_factory=dict)
    bodies: dict[str, Sent] = field(default_factory=dict)

    def handle(self, role: str) -> str:
        return "olli" if role == OWNER else f"ro_{role}"

    def values(self, route: str) -> Mapping[str, str]:
        return {**self.ids, **self.special.get(route, {})}

    def body(self, method: str, route: str) -> dict[str, Any]:
        """For the test client: JSON under /api, a form elsewhere, with files where there are any."""
        sent = self.bodies.get(f"{method} {route}", {})
        if method == "GET":
            return {}
        if PNG in sent.values():
            return {"data": {name: (_png(), "p.png") if it == PNG else it for name, it in sent.items()}}
        return {"json": sent} if route.startswith("/api/") else {"data": sent}


def _png() -> BytesIO:
    data = BytesIO()
    Image.new("RGB", (16, 16), "teal").save(data, "PNG")
    data.seek(0)
    return data


def build_access_town(app: Flask, *, at: datetime | None = None) -> AccessTown:
    """Everything, within an application context; `at` another time than now, all but what expires."""
    from app.kernel.clock import clock
    from app.platform.event_log import run_reactions

    town = AccessTown()
    member = MemberFactory(app)
    with clock.freeze(at) if at else nullcontext():
        _settle(town, member)
    _links(app, town, member)
    settle_bookings(town)
    run_reactions()
    _bodies(town)
    return town


def _settle(town: AccessTown, member: MemberFactory) -> None:
    from app.platform.event_log import run_reactions
    from app.trust.vouches.service import vouch

    for role in ROLES[1:-1]:
        town.people[role] = member(f"ro_{role}", role=role)
    town.people["owner"] = town.people["olli"] = member("olli", role="merchant")
    town.people["mo"] = town.people["moderator"]
    for name in ("wanda", "cora", "bert", "bibi", "susan"):
        town.people[name] = member(name)
    for name in ("member", "cora", "bert", "bibi"):
        vouch(town.people[name], town.people["olli"], "trust", "known for years")
        vouch(town.people["olli"], town.people[name], "trust", "known for years")
    run_reactions()
    _things(town)
    _talk(town)
    _commerce(town)
    _desk(town)
    run_reactions()


def _things(town: AccessTown) -> None:
    from app.community.items.models import Item
    from app.community.items.service import add_item
    from app.community.questions.answering import answer_question
    from app.discovery.saved_searches.service import save_search
    from app.discovery.search.values import Wanted
    from app.messaging.groups.service import open_room
    from app.platform.database import db, unit_of_work

    others = Town(people=town.people)
    olli, cora = town.people["olli"], town.people["cora"]
    listing = make_listing(others, "standing", olli, "onemug")
    town.ids |= {
        "listing_id": listing.ident,
        "recommendation_id": make_recommendation(others, "standing", olli, "fine").ident,
        "comment_id": make_comment(others, "standing", olli, "well").ident,
        "ask_id": make_ask(others, "standing", olli, "bakers").ident,
        "room_id": open_room(cora, "Bakers of the town", "All about bread"),
        "saved_id": save_search(olli, Wanted(q="mugs")),
        "handle": "olli",
        "kind": "listing",
        "subject_id": listing.ident,
        "external_id": "ext-1",
    }
    item = make_item(others, "standing", olli, "kettle").ident
    with unit_of_work():
        db.session.get_one(Item, item).external_id = "ext-1"
    town.ids["item_id"] = item
    other = town.ids["other_item"] = add_item(olli, kind="product", title="Kettles, blue")
    town.ids["answer"] = answer_question(cora, town.ids["ask_id"], other, text="This one", disclosure="none")
    _orders(town, others)
    settle_handing(town)
    settle_cases(town)
    # Olli's own, to a question that has come to him.
    town.ids["answer_id"] = make_answer(others, "standing", olli, "flour").ident
    # Another listing's: the other one's are taken off by some of what is asked.
    shown = make_listing(others, "standing", olli, "twomugs")
    town.special["/media/<photo_id>/<rendition>.webp"] = {"photo_id": shown.photo or "", "rendition": "card"}
    town.special["/feed/<choice>/<kind>/<ident>"] = {"choice": "hide", "kind": "listing", "ident": listing.ident}
    town.ids["spare_photo"] = picture(olli)


def _orders(town: AccessTown, others: Town) -> None:
    from app.market.offers.service import counter_offer
    from app.market.orders.values import Stage
    from tests.support.offers import offer
    from tests.support.orders import deal, order

    olli, cora = town.people["olli"], town.people["cora"]
    town.ids |= {"order_id": order(cora, make_listing(others, "standing", olli, "soldmug").ident), "action": "confirm"}
    bought = order(olli, make_listing(others, "standing", cora, "theirmug").ident)
    town.special["/orders/<order_id>/code"] = {"order_id": bought}
    done = deal(olli, cora, Stage.COMPLETED)
    town.special["/orders/<order_id>/receipt"] = {"order_id": done.order}
    for route in ("/orders/<order_id>/review", "/api/v1/orders/<order_id>/review"):
        town.special[route] = {"order_id": done.order}
    town.ids["review_id"] = make_review(others, "standing", olli, "lovely").ident
    settle_terms(town, others)
    town.ids["offer_id"] = offer(cora, make_listing(others, "standing", olli, "wantedmug").ident, amount="1")
    for verb in ("accept", "counter", "decline", "withdraw", ""):
        theirs = offer(cora, make_listing(others, "standing", olli, f"{verb}mug").ident, amount="1")
        town.special[f"/api/v1/offers/<offer_id>/{verb}"] = {"offer_id": theirs}
        if verb == "withdraw":
            counter_offer(olli, theirs, "3")
    town.special["/offers/<offer_id>/<any(accept, counter, decline, withdraw):verb>"] = {
        "offer_id": theirs,
        "verb": "decline",
    }
    settle_reviews(town)


def _talk(town: AccessTown) -> None:
    from app.messaging.conversations.changes import edit_message
    from app.messaging.conversations.service import answer_request, send_message
    from app.messaging.conversations.starting import start_conversation

    olli, cora, bert = (town.people[name] for name in ("olli", "cora", "bert"))
    others = [town.people[name] for name in ("cora", "bert", "bibi", "member")]
    group, _new = start_conversation(olli, others, title="Some of us")
    said = send_message(olli, group, "client-1", "See you on Friday")
    edit_message(olli, said.id, "See you on Saturday")
    town.ids |= {"conversation_id": group, "message_id": said.id, "seq": str(said.seq), "emoji": "👍"}
    asked, _new = start_conversation(town.people["wanda"], [olli])
    send_message(town.people["wanda"], asked, "client-2", "May I ask something?")
    for route in (
        "/api/v1/conversations/<conversation_id>/<any(accept, decline):answer>",
        "/messages/<conversation_id>/<any(accept, decline, block):answer>",
    ):
        town.special[route] = {"conversation_id": asked, "answer": "accept"}
    for route in (
        "/api/v1/conversations/<conversation_id>/members/<handle>",
        "/messages/<conversation_id>/people/<handle>/remove",
    ):
        town.special[route] = {"handle": "bert"}
    pair, _new = start_conversation(cora, [bert])
    answer_request(bert, pair, accept=True)
    held = send_message(cora, pair, "client-3", FRAUD)
    for way in ("release", "drop"):
        town.special[f"/moderation/held/<message_id>/{way}"] = {"message_id": held.id}


def _commerce(town: AccessTown) -> None:
    from app.community.recommendations.service import recommend_subject
    from app.community.subject_items.queries import find_item
    from app.kernel.subjects import Subject
    from app.marketing.advocates.service import become_advocate
    from app.marketing.confirmations.service import record_sale
    from app.marketing.testimonials.service import agree, ask_to_quote
    from app.merchants.stores.service import add_product, open_store

    olli, merchant, item = town.people["olli"], town.people["merchant"], town.ids["item_id"]
    store = open_store(olli, name="Olli's mugs", slug="the-mugs", about="All about mugs")
    add_product(olli, store, item, 500, "EUR")
    theirs = open_store(merchant, name="Their bread", slug="their-bread", about="All about bread")
    add_product(merchant, theirs, town.ids["other_item"], 700, "EUR")
    bought = record_sale(merchant, olli, town.ids["other_item"])
    said = recommend_subject(olli, Subject("store", theirs), "recommend", text="The best bread")
    agreed = ask_to_quote(merchant, said, "The window")
    agree(olli, agreed)
    town.ids |= {
        "slug": "the-mugs",
        "code": become_advocate(town.people["cora"], store, consent=True).code,
        "evidence_id": record_sale(olli, town.people["bert"], item),
        "testimonial_id": ask_to_quote(merchant, said, "The door"),
    }
    town.ids |= fill_carts(town.people, town.ids)
    stand_in = find_item(Subject("store", theirs))
    assert stand_in is not None
    town.special["/items/<item_id>/subject"] = {"item_id": stand_in}
    town.special["/api/v1/recommendations/<recommendation_id>/quotes"] = {"recommendation_id": said}
    for prefix in ("", "/api/v1"):
        for answer in ("confirm", "decline"):
            town.special[f"{prefix}/purchases/<evidence_id>/{answer}"] = {"evidence_id": bought}
    for route in ("/quotes/<testimonial_id>/withdraw", "/api/v1/quotes/<testimonial_id>/withdraw"):
        town.special[route] = {"testimonial_id": agreed}


def _desk(town: AccessTown) -> None:
    from app.community.item_merges.service import propose_merge
    from app.kernel.clock import clock
    from app.kernel.ids import MemberId, ReportId, new_id
    from app.kernel.subjects import Subject
    from app.moderation.decisions.service import decide
    from app.moderation.reports.service import file_report
    from app.moderation.rings.models import RingFinding
    from app.moderation.rings.values import RingStatus
    from app.people.accounts.service import suspend
    from app.platform.database import db, unit_of_work
    from app.trust.reputation.service import name_seed

    cora, susan = town.people["cora"], town.people["susan"]
    town.ids["merge_id"] = propose_merge(cora, town.ids["other_item"], town.ids["item_id"])
    town.ids["report_id"] = file_report(MemberId(cora), Subject("listing", town.ids["listing_id"]), "scam")
    gone = make_listing(Town(people=town.people), "standing", town.people["bibi"], "gonemug").ident
    removed = file_report(MemberId(cora), Subject("listing", gone), "scam")
    decide(MemberId(town.people["moderator"]), ReportId(removed), "remove", "Not what it says")
    town.special["/moderation/reports/<report_id>/undo"] = {"report_id": removed}
    with unit_of_work():
        row = RingFinding(id=new_id(), status=RingStatus.OPEN.value, found_at=clock.now(), seen_at=clock.now())
        row.density, row.closed, row.suspicion, row.joined_within, row.alike, row.outsiders = 1.0, 1.0, 1.0, 1, 1.0, 0
        row.edges = []
        db.session.add(row)
        town.ids["ring_id"] = row.id
    suspend(town.people["moderator"], susan)
    name_seed(town.people["operator"], town.people["bert"])
    town.special["/moderation/members/<handle>/reinstate"] = {"handle": "susan"}
    town.special["/trust/reputation/seeds/<handle>/drop"] = {"handle": "bert"}


def _links(app: Flask, town: AccessTown, member: MemberFactory) -> None:
    from flask_security.recoverable import generate_reset_password_token
    from sqlalchemy import update

    from app.kernel.clock import clock
    from app.kernel.ids import NotificationId, new_id
    from app.notifications.delivery.models import DeliveryRow
    from app.notifications.delivery.queries import unsubscribe_token
    from app.notifications.devices.models import PushDevice
    from app.notifications.inbox.models import NotificationRow
    from app.people.accounts import email_change, email_confirmation
    from app.people.accounts.models import Member
    from app.people.accounts.service import signin_link
    from app.people.invites.service import invite_code
    from app.platform import job_queue
    from app.platform.database import db, unit_of_work

    olli, now = town.people["olli"], clock.now()
    newcomer = member("newie", email="new@example.org")
    with unit_of_work():
        unconfirmed = {"email": None, "unconfirmed_email": "newie@example.org", "confirmed_at": None}
        db.session.execute(update(Member).where(Member.id == newcomer).values(unconfirmed))
        # Not one of the reactions': with a server beside us, they may be at work on them still.
        told = NotificationId(new_id())
        line = NotificationRow(id=told, member_id=olli, key=f"access:{told}", kind="vouch", subject_kind="member")
        line.actor_id = town.people["cora"]
        line.subject_id = str(line.actor_id)
        db.session.add(line)
        db.session.flush()
        parked = DeliveryRow(
            id=new_id(),
            key=new_id(),
            notification_id=told,
            member_id=olli,
            channel="email",
            pace="once",
            state="parked",
            due_at=now,
        )
        device = PushDevice(
            id=new_id(),
            member_id=olli,
            endpoint="https://push.example.org/1",
            endpoint_digest="1",
            p256dh="",
            auth="",
            label="A phone",
        )
        db.session.add_all((parked, device))
        job = job_queue.add("mail_confirmation", {"member_id": newcomer})
        db.session.execute(update(job_queue.JobRow).where(job_queue.JobRow.id == job).values(state="parked"))
    wanda = db.session.get_one(Member, town.people["wanda"])
    reset = generate_reset_password_token(wanda)  # type: ignore[no-untyped-call] # Flask-Security has no types
    mine = db.session.get_one(Member, olli)
    town.special |= {
        "/notifications/<ident>": {"ident": told},
        "/operator/deliveries/<ident>": {"ident": parked.id},
        "/operator/deliveries/jobs/<ident>": {"ident": job},
        "/settings/notifications/devices/<ident>/remove": {"ident": device.id},
        "/i/<code>": {"code": invite_code(olli)},
        "/signin/<code>": {"code": signin_link(town.people["wanda"]).rsplit("/", 1)[-1]},
        "/confirm/<token>": {"token": email_confirmation._signer().dumps([newcomer, "newie@example.org"])},
        "/settings/account/email/<token>": {
            "token": email_change._signer().dumps([olli, "olli2@example.org", email_change._mark(mine)])
        },
        "/reset/<token>": {"token": reset},
        "/unsubscribe/<token>": {"token": unsubscribe_token(olli, "vouch", "email")},
        "/once/<number>": {"number": "a-number-of-no-form"},
        "/static/<path:filename>": {"filename": _built(app)},
    }


def _built(app: Flask) -> str:
    from pathlib import Path

    folder = Path(app.static_folder or "")
    return str(next(path for path in folder.rglob("*.css")).relative_to(folder))


def _bodies(town: AccessTown) -> None:
    ids = town.ids
    words = {"item": ids["other_item"], "text": "It is the best there is", "disclosure": "none"}
    api, conversation = "/api/v1", "/api/v1/conversations/<conversation_id>"
    said = "/recommendations/<recommendation_id>"
    town.bodies |= {
        f"POST {api}/orders/<order_id>/case": {"text": "It is cracked", "want": "refund"},
        f"POST {api}/cases/<case_id>/<action>": {"text": "It is cracked"},
        f"POST {api}/listings/<listing_id>/order": {"delivery": "meet", "payment": "in_person"},
        f"POST {api}/reviews/<review_id>/answer": {"text": "I am sorry"},
        f"POST {api}/reviews/<review_id>/recovery": {"remedy": "refund", "text": "Half of it"},
        f"PATCH {api}/reviews/<review_id>": {"stars": 5, "text": "All is well now"},
        f"POST {api}/orders/<order_id>/review": {"stars": 5, "text": "As new"},
        f"POST {api}/listings/<listing_id>/offers": {"amount": "1"},
        f"POST {api}/offers/<offer_id>/counter": {"amount": "3"},
        f"PATCH {api}/asks/<ask_id>": {"text": "Who knows a good baker?"},
        f"POST {api}/asks/<ask_id>/answers": words,
        f"POST {api}/asks/<ask_id>/thanks": {"answer": ids["answer"]},
        f"PATCH {api}/answers/<answer_id>": {"text": "Ask at the mill"},
        f"POST {conversation}/members": {"members": ["wanda"]},
        f"POST {conversation}/messages": {"body": "Hello all", "client_id": "client-9"},
        f"POST {conversation}/photos": {"photos": PNG},
        f"PUT {conversation}/muted": {"muted": True},
        f"PATCH {api}/messages/<message_id>": {"body": "On Sunday"},
        f"POST {api}/items/<item_id>/merge-proposals": {"into": ids["other_item"]},
        f"POST {api}/listings/<listing_id>/photos": {"photo": PNG},
        f"PATCH {api}/listings/<listing_id>": {"title": "Two mugs"},
        f"PATCH {api}{said}": {"text": "Better than ever"},
        f"POST {api}{said}/comments": {"text": "Well said"},
        f"POST {api}{said}/photos": {"photo": PNG},
        f"POST {api}{said}/quotes": {"use": "A poster"},
        f"PATCH {api}/saved-searches/<saved_id>": {"alerts": "daily"},
        **{
            f"POST {route}": {name: value.format(**ids) for name, value in form.good.items()}
            for route, form in FORMS.items()
            if form.good
        },
    }
