"""Reviews and records of the demo: what was bought weeks ago, praised, complained of and put right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from app.kernel.clock import clock
from app.kernel.ids import MemberId, OrderId
from app.kernel.subjects import Subject
from app.market.fulfilment.queries import shown_code
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.market.orders.service import act, place_order
from app.market.orders.values import Action, Given, Placing
from app.market.reviews.afterwards import answer_review, finish_recovery, offer_recovery, update_review
from app.market.reviews.service import write_review
from app.market.reviews.values import Remedy, ReviewDraft

# What was sold, by whom to whom, what the buyer says and what the seller says.
_SOLD: Final[tuple[tuple[str, str, str, str, ReviewDraft, ReviewDraft], ...]] = (
    (
        "Bicycle pump",
        "12",
        "bo",
        "ana",
        ReviewDraft(
            stars=5, text="Just as described, and he showed me how to use it.", parts={"described": 5, "punctual": 5}
        ),
        ReviewDraft(stars=5, text="Friendly, and there before me.", parts={"punctual": 5}),
    ),
    (
        "Box of jam jars",
        "8",
        "bo",
        "dana",
        ReviewDraft(stars=4, text="All clean. We had to look for the house for a while.", parts={"communication": 3}),
        ReviewDraft(stars=5, text="Gladly again."),
    ),
    (
        "Reading lamp",
        "25",
        "bo",
        "greta",
        ReviewDraft(stars=2, text="The switch was broken.", parts={"described": 2}),
        ReviewDraft(stars=4, text="Told me at once what was wrong."),
    ),
    (
        "Winter boots, 38",
        "30",
        "ana",
        "dana",
        ReviewDraft(stars=5, text="Warm, dry and hardly worn."),
        ReviewDraft(stars=5, text="Quick and kind."),
    ),
)


def review(ids: Mapping[str, MemberId], at: datetime) -> None:
    """Whoever of these is in the demo has bought from each other, each order a week after the one before."""
    with clock.freeze(at) as held:
        for title, price, seller, buyer, said, answered in _SOLD:
            if seller in ids and buyer in ids:
                order_id = _deal(ids[seller], ids[buyer], title, price)
                ident = write_review(ids[buyer], order_id, said)
                write_review(ids[seller], order_id, answered)
                if said.stars <= 2:
                    offer_recovery(
                        ids[seller], ident, Remedy.REPLACEMENT, "I have put in a new switch, come by any time."
                    )
                    held.advance(timedelta(days=2))
                    finish_recovery(ids[seller], ident)
                    update_review(ids[buyer], ident, ReviewDraft(stars=4, text="The switch was broken. Now it works."))
                    answer_review(ids[seller], ident, "Sorry for the trouble, and thank you for your patience.")
            held.advance(timedelta(days=5))


def _deal(seller: MemberId, buyer: MemberId, title: str, price: str) -> OrderId:
    draft = ListingDraft(
        kind="sale", title=title, category="home", condition="good", price=price, currency="EUR", place="Lund"
    )
    listing = publish_listing(seller, draft)
    order_id = place_order(buyer, Placing(buyer_id=buyer, subject=Subject("listing", listing)))
    act(seller, order_id, Action.CONFIRM)
    act(buyer, order_id, Action.PROPOSE, Given(at=clock.now() + timedelta(days=1), place="Café Ariman"))
    act(seller, order_id, Action.AGREE)
    act(seller, order_id, Action.HAND_OVER, Given(code=shown_code(order_id) or ""))
    act(buyer, order_id, Action.RECEIVE)
    act(buyer, order_id, Action.COMPLETE)
    return order_id
