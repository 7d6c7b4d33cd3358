"""Every page there is: what pictures are taken of, what axe looks at, what may not overflow.

A GET route of the access table stands either in `PAGES` or, with a reason, in `NOT_PAGES`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

GUEST, MEMBER, NEWCOMER, OWNER = "anonymous", "member", "newcomer", "owner"
MERCHANT, MODERATOR, OPERATOR = "merchant", "moderator", "operator"


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page in one state, as one kind of person sees it.

    `owner` is who owns the things that the access town has made; everybody else looks at what the town
    has best. `query` may name values as the route does, in braces. `sent_empty` sends the page's form with
    nothing filled in.
    """

    route: str
    who: str = MEMBER
    state: str = ""
    query: str = ""
    status: int = 200
    sent_empty: bool = False

    @property
    def name(self) -> str:
        """Names the picture's file."""
        route = re.sub(r"<(?:[^:<>]*:)?(\w+)>", r"\1", self.route).strip("/") or "home"
        words = [route, self.state, "" if self.who == MEMBER else self.who]
        return "-".join(re.sub(r"[^a-z0-9]+", "_", word.lower()) for word in words if word)


def fill_route(route: str, values: Mapping[str, str]) -> str:
    """The address of the thing that `values` name."""
    return re.sub(r"<(?:[^:<>]*:)?(\w+)>", lambda match: values[match[1]], route)


def all_entries() -> list[PageEntry]:
    return [entry for group in PAGES.values() for entry in group]


P = PageEntry

# By the contact sheet on which they are seen together.
PAGES: dict[str, tuple[PageEntry, ...]] = {
    "joining": (
        P("/", GUEST),
        P("/register", GUEST),
        P("/register", GUEST, "sent empty", sent_empty=True),
        P("/i/<code>", GUEST),
        P("/login", GUEST),
        P("/login", GUEST, "sent empty", sent_empty=True),
        P("/reset", GUEST),
        P("/reset/<token>", GUEST),
        P("/signin/<code>", GUEST),
        P("/confirm/<token>", GUEST),
        P("/unsubscribe/<token>", GUEST),
        P("/welcome", NEWCOMER),
        P("/", NEWCOMER),
        P("/circle", NEWCOMER),
        P("/messages", NEWCOMER),
        P("/notifications", NEWCOMER),
    ),
    "feed": (
        P("/"),
        P("/explore"),
        P("/circle"),
        P("/circle/picture"),
        P("/circle/picture/<handle>"),
        P("/people"),
        P("/m/<handle>"),
        P("/m/<handle>", GUEST),
        P("/m/<handle>", OWNER, "own"),
        P("/vouch/<handle>"),
        P("/trust/explain/<handle>"),
        P("/trust/explain", query="member={handle}&member=bo"),
        P("/notifications"),
        P("/search", state="found", query="q=kitchen"),
        P("/search", state="nothing", query="q=nothing+at+all"),
        P("/searches", OWNER),
        P("/searches/<saved_id>", OWNER),
    ),
    "market": (
        P("/market"),
        P("/market", GUEST),
        P("/market", state="filtered", query="category=kitchen&sort=price&near=Lund&max_price=900"),
        P("/market", state="nothing", query="q=nothing+at+all"),
        P("/market/<listing_id>"),
        P("/market/<listing_id>", GUEST),
        P("/market/<listing_id>", OWNER, "own"),
        P("/market/new"),
        P("/market/new", state="sent empty", sent_empty=True),
        P("/market/<listing_id>/edit", OWNER),
        P("/market/mine", OWNER),
        P("/market/saved"),
        P("/market/<listing_id>/buy"),
        P("/market/<listing_id>/times"),
        P("/market/<listing_id>/times", OWNER, "own"),
        P("/market/<listing_id>/times", OWNER, "sent empty", sent_empty=True),
        P("/market/<listing_id>/times/<slot_id>"),
        P("/bookings", OWNER),
        P("/bookings", state="none yet"),
        P("/bookings/<booking_id>", OWNER),
        P("/market/<listing_id>/offer"),
        P("/market/<listing_id>/offer", state="sent empty", sent_empty=True),
        P("/offers", OWNER),
        P("/offers", state="none yet"),
        P("/offers/<offer_id>", OWNER),
        P("/cart", OWNER),
        P("/cart", state="empty"),
        P("/cart/checkout", OWNER),
        P("/orders/groups/<group_id>", OWNER),
        P("/s/<slug>/items/<item_id>"),
        P("/s/<slug>/items/<item_id>", GUEST),
        P("/orders", OWNER),
        P("/orders", OWNER, "selling", query="role=seller"),
        P("/orders", state="none yet"),
        P("/orders/<order_id>", OWNER),
        P("/orders/<order_id>/receipt", OWNER),
        P("/orders/<order_id>/review", OWNER),
        P("/orders/<order_id>/review", OWNER, "sent empty", sent_empty=True),
        P("/reviews/<review_id>"),
        P("/reviews/how", GUEST),
        P("/settings/record"),
        P("/m/<handle>/reviews"),
        P("/m/<handle>/reviews", GUEST),
        P("/orders/<order_id>/scan", OWNER),
        P("/orders/<order_id>/scan", OWNER, "sent empty", sent_empty=True),
        P("/orders/<order_id>/case", OWNER),
        P("/orders/<order_id>/case", OWNER, "sent empty", sent_empty=True),
        P("/cases"),
        P("/cases", OWNER, "own"),
        P("/cases/<case_id>", OWNER),
        P("/report/<kind>/<subject_id>"),
    ),
    "recommendations": (
        P("/items"),
        P("/items", GUEST),
        P("/items/new"),
        P("/items/new", state="sent empty", sent_empty=True),
        P("/items/<item_id>"),
        P("/items/<item_id>", GUEST),
        P("/items/<item_id>/recommend"),
        P("/items/<item_id>/double"),
        P("/recommend/<kind>/<subject_id>"),
        P("/recommendations/<recommendation_id>"),
        P("/recommendations/<recommendation_id>", OWNER, "own"),
        P("/recommendations/<recommendation_id>/history"),
        P("/saved"),
        P("/money"),
        P("/money/house", OPERATOR),
        P("/money/house/payouts", OPERATOR),
        P("/settings/bank"),
        P("/settings/terms"),
        P("/asks"),
        P("/asks", NEWCOMER),
        P("/asks/new"),
        P("/asks/new", state="sent empty", sent_empty=True),
        P("/asks/<ask_id>"),
        P("/asks/<ask_id>", OWNER, "own"),
        P("/asks/<ask_id>/edit", OWNER),
        P("/answers/<answer_id>/edit", OWNER),
    ),
    "chat": (
        P("/messages"),
        P("/introductions"),
        P("/guarantees"),
        P("/orders/<order_id>/guarantor", OWNER),
        P("/introductions/to/<handle>"),
        P("/messages", OWNER, "own"),
        P("/messages/requests", OWNER),
        P("/messages/search", query="q=still"),
        P("/messages/<conversation_id>"),
        P("/messages/<conversation_id>", OWNER, "group"),
        P("/messages/<conversation_id>/people", OWNER),
        P("/messages/<conversation_id>/edit/<message_id>", OWNER),
        P("/messages/<conversation_id>/history/<message_id>", OWNER),
        P("/messages/group"),
        P("/rooms"),
        P("/rooms/new"),
        P("/rooms/<room_id>"),
    ),
    "settings": (
        P("/me"),
        P("/me", MERCHANT),
        P("/me", MODERATOR),
        P("/settings/profile"),
        P("/settings/account"),
        P("/settings/account/email"),
        P("/settings/account/email/<token>", OWNER),
        P("/settings/password"),
        P("/verify"),
        P("/settings/invite"),
        P("/settings/blocks"),
        P("/settings/privacy"),
        P("/settings/notifications"),
        P("/settings/chat"),
        P("/settings/feed"),
    ),
    "merchants": (
        P("/s/<slug>"),
        P("/s/<slug>", GUEST),
        P("/store", MERCHANT),
        P("/store/products/<item_id>", OWNER),
        P("/store/shipping", OWNER),
        P("/store/coupons", OWNER),
        P("/store/advocates", MERCHANT),
        P("/store/purchases", MERCHANT),
        P("/store/quotes", MERCHANT),
        P("/store", OWNER),
        P("/purchases", OWNER),
        P("/quotes", OWNER),
    ),
    "house": (
        P("/moderation", MODERATOR),
        P("/moderation/reports/<report_id>", MODERATOR),
        P("/moderation/held", MODERATOR),
        P("/moderation/order-cases", MODERATOR),
        P("/moderation/order-cases/<case_id>", MODERATOR),
        P("/moderation/log", MODERATOR),
        P("/moderation/merges", MODERATOR),
        P("/moderation/rings", MODERATOR),
        P("/moderation/rings/<ring_id>", MODERATOR),
        P("/trust/reputation", OPERATOR),
        P("/operator/deliveries", OPERATOR),
        P("/moderation", state="forbidden", status=403),
        P("/no-such-page", state="missing", status=404),
        P("/no-such-page", GUEST, "missing", status=404),
        P("/offline", GUEST),
        P("/api/v1/docs", GUEST),
    ),
}

_JSON = "JSON for the page's own scripts"
_PIECE = "a piece that a page asks for"
_MACHINES = "for machines that watch"
_FILE = "a file"
NOT_PAGES = {
    "/static/<path:filename>": _FILE,
    "/media/<photo_id>/<rendition>.webp": _FILE,
    "/manifest.webmanifest": _FILE,
    "/sw.js": _FILE,
    "/settings/privacy/export": _FILE,
    "/money/house/payouts.xml": _FILE,
    "/orders/<order_id>/label.pdf": _FILE,
    "/bookings.ics": _FILE,
    "/bookings/<booking_id>/booking.ics": _FILE,
    "/money/statement.csv": _FILE,
    "/money/statement.xml": _FILE,
    "/money/house/statement.csv": _FILE,
    "/money/house/statement.xml": _FILE,
    "/session": _JSON,
    "/once/<number>": _JSON,
    "/register/username": _JSON,
    "/circle/picture.json": _JSON,
    "/healthz": _MACHINES,
    "/readyz": _MACHINES,
    "/metrics": _MACHINES,
    "/items/suggest": _PIECE,
    "/asks/known": _PIECE,
    "/messages/<conversation_id>/names": _PIECE,
    "/categories/guess": _PIECE,
    "/messages/<conversation_id>/row/<int:seq>": _PIECE,
    "/trust/reputation/progress": _PIECE,
    "/notifications/<ident>": "leads on to what it is about",
    "/items/<item_id>/subject": "leads on to what the item stands for",
    "/r/<code>": "leads on to the store",
}
