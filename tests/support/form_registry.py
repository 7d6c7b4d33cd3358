"""Every form of the pages, once: what the tests of forms need to know of each.

A new route that takes a form is entered here, and nowhere else: what its form makes, what it edits, or that
it sets something and may be sent twice. Read by the tests of forms that are sent twice, of two tabs, of words that
stay, and by the table of access (`good`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from app.community.comments.models import Comment
from app.community.item_merges.models import ItemMerge
from app.community.items.models import Item
from app.community.purchases.models import PurchaseEvidence
from app.community.questions.models import Question
from app.community.recommendations.models import Recommendation
from app.discovery.saved_searches.models import SavedSearch
from app.market.cases.models import CaseStep, OrderCase
from app.market.listings.models import Listing
from app.market.offers.models import Offer
from app.market.orders.models import Order
from app.marketing.testimonials.models import Testimonial
from app.merchants.stores.models import Product, Store
from app.messaging.conversations.models import Conversation, Message
from app.moderation.reports.models import Report
from app.people.accounts.models import ApiToken, Member
from app.trust.vouches.models import Vouch

PNG: Final = "a picture"  # stands for an uploaded file
REASON: Final = "Looked at it"
Values = dict[str, Any]


@dataclass(frozen=True)
class Making:
    """A page with a form, what is typed into it, and what it makes; names in braces are things of the test."""

    page: str
    model: type[Any]
    typed: dict[str, Any] = field(default_factory=dict)
    to: str | None = None
    as_: str = "ana"
    number: str = "once"


@dataclass(frozen=True)
class Editing:
    """Where the form stands, and for each unit of fields what two people put there; None: a box is unticked."""

    page: str
    units: list[tuple[Values, Values]]
    to: str = ""


@dataclass(frozen=True)
class Form:
    """One route. `sets`: sent twice it ends where sent once it ends; it chooses, ends or asks for something.

    `good`: what the thing's owner is let through with, by the names of the access town. `by_script`: no page has
    such a form, a script or a mail program sends it.
    """

    makes: Making | None = None
    edits: Editing | None = None
    sets: bool = False
    good: Mapping[str, str] | None = None
    by_script: bool = False


SETS: Final = Form(sets=True)
_TERMS: Final = {"steps": "2", "ways": "3", "beyond": "prepay", "percent": "30"}

FORMS: Final[dict[str, Form]] = {
    "/answers/<answer_id>/edit": Form(
        edits=Editing("/answers/{answer}/edit", [({"text": "Ask at the mill"}, {"text": "Ask at the inn"})]),
        good={"text": "Ask at the mill"},
    ),
    "/answers/<answer_id>/remove": SETS,
    "/asks/<ask_id>/answers": Form(
        makes=Making(
            "/asks/{ask}",
            Recommendation,
            {"title": "A mender nobody knows", "confirmed": "1", "kind": "service", "disclosure": "none"},
            to="/asks/{ask}/answers",
        ),
        good={"item": "{other_item}", "text": "It is the best there is", "disclosure": "none"},
    ),
    "/asks/<ask_id>/close": SETS,
    "/asks/<ask_id>/edit": Form(
        edits=Editing(
            "/asks/{ask}/edit",
            [
                ({"text": "Who mends old kettles?"}, {"text": "Who mends new kettles?"}),
                ({"topic": "zithers"}, {"topic": "gondolas"}),
                ({"place": "Riga"}, {"place": "Lund"}),
            ],
        ),
        good={"text": "Who knows a good baker?", "reach": "1"},
    ),
    "/asks/<ask_id>/remove": SETS,
    "/asks/<ask_id>/thanks": Form(sets=True, good={"answer": "{answer}"}),
    "/asks/<ask_id>/widen": SETS,  # one step a day
    "/asks/new": Form(makes=Making("/asks/new", Question, {"text": "Who mends kettles?", "reach": "2"})),
    "/cases/<case_id>/<action>": Form(
        makes=Making("/cases/{case}", CaseStep, {"text": "It was whole"}, to="/cases/{case}/say"),
        good={"text": "It was whole"},
    ),
    "/cart/checkout": Form(sets=True, good={"way-ro_merchant-EUR": "meet-in_person"}),
    "/cart/coupons": Form(sets=True, good={"store": "{their_store}", "code": "BREAD"}),
    "/cart/lines": Form(sets=True, good={"kind": "product_variant", "thing": "{bread}", "quantity": "2"}),
    "/comments/<comment_id>/remove": SETS,
    "/confirm/<token>": SETS,
    "/feed/<choice>/<kind>/<ident>": SETS,
    "/feed/checklist/dismiss": SETS,
    "/feed/take-back": SETS,
    **{f"/introductions/<introduction_id>/{verb}": SETS for verb in ("hold", "pass", "thank")},
    **{f"/guarantees/<guarantee_id>/{verb}": SETS for verb in ("accept", "decline")},
    "/introductions/to/<handle>": Form(sets=True, good={"note": "I would like to meet you"}),
    **dict.fromkeys(("/comments/<comment_id>/remove", "/confirm/<token>", "/feed/<choice>/<kind>/<ident>"), SETS),
    **dict.fromkeys(("/feed/checklist/dismiss", "/feed/take-back"), SETS),
    "/items/<item_id>/double": Form(
        makes=Making("/items/{item}/double", ItemMerge, {"item": "{twin}", "why": "the same"}),
        good={"item": "{other_item}"},
    ),
    "/items/<item_id>/recommend": Form(
        makes=Making(
            "/items/{twin}/recommend", Recommendation, {"stance": "recommend", "text": "Good", "disclosure": "none"}
        ),
        edits=Editing(
            "/items/{item}/recommend",
            [
                ({"stance": "neutral"}, {"stance": "avoid"}),
                ({"text": "It leaks"}, {"text": "It leaks\r\na little"}),
                ({"rating": "2"}, {"rating": "1"}),
                ({"disclosure": "gifted"}, {"disclosure": "paid"}),
            ],
        ),
        good={"stance": "recommend", "text": "It is the best there is", "disclosure": "none"},
    ),
    "/items/new": Form(makes=Making("/items/new", Item, {"title": "Quite new", "kind": "product", "confirmed": "1"})),
    **dict.fromkeys(("/language", "/login", "/logout", "/m/<handle>/block", "/m/<handle>/unblock"), SETS),
    "/market/<listing_id>/edit": Form(
        edits=Editing(
            "/market/{listing}/edit",
            [
                ({"title": "A brass lamp"}, {"title": "A lamp of brass"}),
                ({"description": "From 1950"}, {"description": "From 1960\r\nor so"}),
                ({"category": "art"}, {"category": "tools"}),
                ({"condition": "fair"}, {"condition": "new"}),
                ({"price": "15"}, {"price": "140", "currency": "SEK"}),
                ({"place": "Riga"}, {"place": "Lund"}),
            ],
        ),
        good={
            "kind": "sale",
            "title": "Two mugs",
            "condition": "good",
            "price": "5",
            "currency": "EUR",
            "category": "other",
            "photo": "{spare_photo}",
        },
    ),
    "/bookings/<booking_id>/<any(move, agree, decline, no_show):verb>": SETS,
    "/market/<listing_id>/times": Form(
        sets=True,
        good={
            "first": f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%dT%H:%M}",
            "minutes": "60",
            "in_a_row": "1",
            "weeks": "1",
            "place": "At mine",
            "cancel_hours": "24",
        },
    ),
    "/market/<listing_id>/times/<slot_id>": Form(sets=True, good={"payment": "in_person"}),
    "/market/<listing_id>/times/<slot_id>/close": SETS,
    "/market/<listing_id>/buy": Form(
        makes=Making("/market/{offer}/buy", Order, {"way": "meet-in_person"}), good={"way": "meet-in_person"}
    ),
    "/market/<listing_id>/offer": Form(
        makes=Making("/market/{haggled}/offer", Offer, {"amount": "1", "way": "meet-in_person"}),
        good={"amount": "1", "way": "meet-in_person"},
    ),
    "/market/<listing_id>/offer-terms": Form(sets=True, good={"accept_from": "1"}),
    "/market/<listing_id>/reserve": Form(sets=True, good={"buyer": "bo"}),
    "/market/<listing_id>/unsold": SETS,
    "/market/<listing_id>/remove": SETS,
    "/market/<listing_id>/pin": Form(sets=True, good={"keep": "1"}),
    "/market/<listing_id>/save": Form(sets=True, good={"keep": "1"}),
    "/market/<listing_id>/sold": SETS,
    "/market/new": Form(
        makes=Making(
            "/market/new",
            Listing,
            {"kind": "give", "title": "A kettle", "category": "kitchen", "condition": "good", "place": "Graz"},
        )
    ),
    "/messages/<conversation_id>": Form(
        makes=Making("/messages/{chat}", Message, {"body": "Hello"}, to="/messages/{chat}", number="client_id"),
        good={"body": "Hello all", "client_id": "client-9"},
    ),
    "/messages/<conversation_id>/<any(accept, decline, block):answer>": SETS,
    "/messages/<conversation_id>/edit/<message_id>": Form(
        edits=Editing("/messages/{talk}/edit/{message}", [({"body": "Hello everybody"}, {"body": "Hello\r\nto you"})]),
        good={"body": "On Sunday"},
    ),
    "/messages/<conversation_id>/leave": SETS,
    "/messages/<conversation_id>/mute": Form(sets=True, good={"muted": "1"}),
    "/messages/<conversation_id>/people": Form(sets=True, good={"handle": "wanda"}),
    "/messages/<conversation_id>/people/<handle>/remove": SETS,
    "/messages/<conversation_id>/photos": Form(
        sets=True, good={"photos": PNG}
    ),  # pictures without a message go after a while
    "/messages/<conversation_id>/react/<message_id>": Form(sets=True, good={"emoji": "👍"}),
    "/messages/<conversation_id>/remove/<message_id>": SETS,
    "/messages/<conversation_id>/rename": Form(
        edits=Editing(
            "/messages/{room}/people",
            [({"title": "Drinkers of tea"}, {"title": "Tea & friends"})],
            to="/messages/{room}/rename",
        ),
        good={"title": "All of us"},
    ),
    "/messages/group": Form(makes=Making("/messages/group", Conversation, {"title": "Tea", "handles": "@bo @cem"})),
    "/messages/new": SETS,  # one conversation for each pair, and for each pair and listing
    "/moderation/held/<message_id>/drop": Form(sets=True, good={"reason": REASON}),
    "/moderation/held/<message_id>/release": Form(sets=True, good={"reason": REASON}),
    "/moderation/order-cases/<case_id>/<any(claim, say, decide):action>": Form(
        sets=True, good={"way": "money", "amount": "1", "text": REASON}
    ),
    "/moderation/members/<handle>/reinstate": Form(sets=True, good={"reason": REASON}),
    "/moderation/merges/<merge_id>": Form(sets=True, good={"reason": REASON, "decision": "merge"}),
    "/moderation/reports/<report_id>": Form(sets=True, good={"reason": REASON, "decision": "dismiss"}),
    "/moderation/reports/<report_id>/undo": Form(sets=True, good={"reason": REASON}),
    "/moderation/rings/<ring_id>": Form(sets=True, good={"reason": REASON, "decision": "dismiss"}),
    **dict.fromkeys(("/moderation/rings/look", "/money/house/payouts", "/notifications/read"), SETS),
    "/offers/<offer_id>/<any(accept, counter, decline, withdraw):verb>": Form(
        sets=True, good={"bid": "1", "amount": "2"}
    ),
    **dict.fromkeys(("/operator/deliveries/<ident>", "/operator/deliveries/jobs/<ident>"), SETS),
    "/orders/<order_id>/<action>": SETS,
    "/orders/<order_id>/case": Form(
        makes=Making("/orders/{parcel}/case", OrderCase, {"text": "It is cracked", "want": "refund"}),
        good={"text": "It is cracked", "want": "refund"},
    ),
    "/orders/<order_id>/guarantor": Form(sets=True, good={"handle": "bert", "amount": "1"}),
    "/orders/<order_id>/code": SETS,
    "/orders/<order_id>/review": Form(sets=True, good={"stars": "5"}),
    "/orders/<order_id>/scan": SETS,  # whatever is sent again is told that it is done
    "/reviews/<review_id>/answer": Form(sets=True, good={"text": "I am sorry"}),
    "/reviews/<review_id>/done": SETS,
    "/reviews/<review_id>/offer": Form(sets=True, good={"remedy": "refund", "offer": "Half of it"}),
    "/reviews/<review_id>/update": Form(sets=True, good={"stars": "5"}),
    **dict.fromkeys(("/people/<handle>/mute", "/people/<handle>/not-now", "/people/<handle>/unmute"), SETS),
    **dict.fromkeys(("/people/wish", "/purchases/<evidence_id>/confirm", "/purchases/<evidence_id>/decline"), SETS),
    **dict.fromkeys(("/quotes/<testimonial_id>/agree", "/quotes/<testimonial_id>/decline"), SETS),
    "/quotes/<testimonial_id>/withdraw": SETS,
    "/recommend/<kind>/<subject_id>": Form(
        makes=Making("/recommend/store/{other_store}", Recommendation, {"stance": "neutral", "disclosure": "none"}),
        edits=Editing(
            "/recommend/listing/{offer}",
            [({"stance": "neutral"}, {"stance": "avoid"}), ({"text": "Fair"}, {"text": "Dear"})],
        ),
        good={"stance": "recommend", "text": "It is the best there is", "disclosure": "none"},
    ),
    "/recommendations/<recommendation_id>/comments": Form(
        makes=Making("/recommendations/{said}", Comment, {"text": "Mine too"}, to="/recommendations/{said}/comments"),
        good={"text": "Well said"},
    ),
    "/recommendations/<recommendation_id>/helpful": Form(sets=True, good={"helpful": "1"}),
    "/recommendations/<recommendation_id>/remove": SETS,
    "/recommendations/<recommendation_id>/save": Form(sets=True, good={"keep": "1"}),
    "/register": Form(
        makes=Making(
            "/register",
            Member,
            {"handle": "newcomer", "name": "New", "email": "new@example.org", "password": "quite long enough 7"},
            as_="",
        )
    ),
    "/report/<kind>/<subject_id>": Form(
        makes=Making("/report/recommendation/{said}", Report, {"reason": "spam", "text": "again and again"}),
        good={"reason": "scam", "text": "Not theirs"},
    ),
    "/reset": SETS,
    "/reset/<token>": Form(
        sets=True, good={"password": "a quite new passphrase", "password_confirm": "a quite new passphrase"}
    ),
    "/rooms/<room_id>/join": SETS,
    "/rooms/new": Form(makes=Making("/rooms/new", Conversation, {"title": "Graz", "about": "Mur", "place": "Graz"})),
    "/s/<slug>/advocate": Form(sets=True, good={"consent": "1"}),
    "/s/<slug>/advocate/leave": SETS,
    "/searches": Form(makes=Making("/search?q=kettle&what=listings", SavedSearch, {}, to="/searches")),
    "/searches/<saved_id>/cadence": Form(
        edits=Editing("/searches", [({"cadence": "daily"}, {"cadence": "weekly"})], to="/searches/{search}/cadence"),
        good={"cadence": "daily"},
    ),
    **dict.fromkeys(("/searches/<saved_id>/remove", "/settings/account/confirm", "/settings/account/email"), SETS),
    **dict.fromkeys(("/settings/account/email/<token>", "/settings/account/sign-out-everywhere"), SETS),
    "/settings/account/signin-link": SETS,
    "/settings/account/token": Form(
        makes=Making(
            "/settings/account", ApiToken, {"password": "a long enough passphrase"}, to="/settings/account/token"
        )
    ),
    "/settings/account/tokens/revoke": SETS,
    "/settings/terms": Form(edits=Editing("/settings/terms", [({"percent": "30"}, {"percent": "50"})]), good=_TERMS),
    "/settings/bank": Form(sets=True, good={"holder": "Olli Olsen", "iban": "DE89370400440532013000"}),
    "/settings/bank/delete": SETS,
    "/settings/chat": Form(edits=Editing("/settings/chat", [({"shown": None}, {})])),
    "/settings/feed": Form(edits=Editing("/settings/feed", [({"personal": None}, {})])),
    "/settings/invite/renew": SETS,
    "/settings/notifications": Form(
        edits=Editing(
            "/settings/notifications",
            [
                ({"vouch.email": "daily"}, {"vouch.email": "weekly"}),
                ({"message.page": "off"}, {}),
                ({"timezone": "Europe/Riga"}, {"timezone": "Europe/Stockholm"}),
                ({"quiet": "1", "quiet_from": "21:00"}, {"quiet": "1", "quiet_from": "23:00"}),
            ],
            to="/settings/notifications",
        )
    ),
    "/settings/notifications/devices": Form(sets=True, by_script=True),
    "/settings/notifications/devices/<ident>/remove": SETS,
    "/settings/notifications/devices/gone": Form(sets=True, by_script=True),
    **dict.fromkeys(("/settings/password", "/settings/privacy/delete"), SETS),
    "/settings/profile": Form(
        edits=Editing(
            "/settings/profile",
            [
                ({"name": "Ana O."}, {"name": "Ana P."}),
                ({"place": "Riga"}, {"place": "Lund"}),
                ({"bio": "I knit."}, {"bio": "I swim."}),
                ({"discreet": "y"}, {}),
            ],
            to="/settings/profile",
        )
    ),
    "/signin/<code>": SETS,
    "/store": Form(
        makes=Making("/store", Store, {"name": "Pots", "slug": "pots"}, to="/store", as_="mira"),
        edits=Editing(
            "/store",
            [({"name": "Ana's lamps"}, {"name": "Lamps by Ana"}), ({"about": "Lamps"}, {"about": "Lights"})],
            to="/store",
        ),
    ),
    "/store/products": Form(
        makes=Making(
            "/store", Product, {"item": "{twin}", "price": "5", "currency": "EUR"}, to="/store/products", as_="otto"
        )
    ),
    # Named by their options, ways to send by their names, taxes by category and day: the same again changes nothing.
    "/store/coupons": Form(sets=True, good={"code": "SPRING", "percent": "10", "currency": "EUR"}),
    "/store/coupons/<coupon_id>/end": SETS,
    "/store/products/<item_id>": Form(sets=True, good={"price": "5", "currency": "EUR", "stock": "3"}),
    "/store/products/<item_id>/remove": SETS,
    "/store/purchases": Form(
        makes=Making(
            "/store/purchases", PurchaseEvidence, {"handle": "ana", "item": "{item}"}, to="/store/purchases", as_="otto"
        )
    ),
    "/store/purchases/<evidence_id>/withdraw": SETS,
    "/store/quotes": Form(
        makes=Making("/store/quotes", Testimonial, {"use": "our window"}, to="/store/quotes", as_="otto")
    ),
    "/store/shipping": Form(sets=True, good={"name": "Letter", "price": "2", "currency": "EUR"}),
    "/store/shipping/<option_id>/remove": SETS,
    "/store/taxes": Form(sets=True, good={"rate": "19", "valid_from": "2026-01-01"}),
    "/store/taxes/remove": Form(sets=True, good={"category": "", "valid_from": "2026-01-01"}),
    **dict.fromkeys(("/store/variants/<variant_id>/remove", "/trust/reputation/begin"), SETS),
    **dict.fromkeys(("/trust/reputation/compute", "/trust/reputation/seeds"), SETS),
    **dict.fromkeys(("/trust/reputation/seeds/<handle>/drop", "/unsubscribe/<token>", "/verify"), SETS),
    "/vouch/<handle>": Form(
        makes=Making("/vouch/dee", Vouch, {"strength": "trust", "reason": "friend"}, to="/vouch/dee"),
        edits=Editing(
            "/vouch/bo",
            [
                ({"strength": "acquainted"}, {"strength": "trust_fully"}),
                ({"reason": "We were at school"}, {"reason": "We worked together"}),
                ({"topic": "kettles"}, {"topic": "tea"}),
                ({"until": "2027-01-01"}, {"until": "2027-02-01"}),
            ],
            to="/vouch/bo",
        ),
        good={"strength": "trust", "reason": "A neighbour of mine"},
    ),
    "/vouch/<handle>/withdraw": SETS,
    "/webhooks/stripe": Form(sets=True, by_script=True),
}

MAKING: Final = {route: one.makes for route, one in FORMS.items() if one.makes}
EDITING: Final = {route: one.edits for route, one in FORMS.items() if one.edits}
