"""The form that orders something, and how stages and actions are called in the reader's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.kernel.errors import Invalid
from app.market.orders.values import CARD_WAY_TEXTS, MAX_ADDRESS_LENGTH, WAY_TEXTS, Given
from app.platform.formats import reader_zone

STAGE_LABELS = {
    "placed": _l("Waiting for the seller"),
    "confirmed": _l("Confirmed"),
    "handed_over": _l("Handed over"),
    "shipped": _l("Shipped"),
    "received": _l("Received"),
    "completed": _l("Completed"),
    "cancelled": _l("Cancelled"),
}
DELIVERY_LABELS = {"meet": _l("Meet in person"), "ship": _l("Shipping")}
PAYMENT_LABELS = {
    "in_person": _l("Pay in person"),
    "bank_transfer": _l("Bank transfer"),
    "card": _l("Card"),
}
MONEY_LABELS = {
    "none": _l("Not paid yet"),
    # Translators: the buyer says that the money is on its way
    "promised": _l("Buyer says it’s paid"),
    "part": _l("Paid in part"),
    "full": _l("Paid in full"),
    "over": _l("Paid too much"),
}
# What the order waits for: of the reader, and of the other person.
NEXT_MINE = {
    "confirm": _l("Confirm the order"),
    "pay": _l("Pay by bank transfer"),
    "mark_paid": _l("Check that the money has arrived"),
    "propose": _l("Suggest a time and place"),
    "agree": _l("Answer the suggested time"),
    "hand_over": _l("Hand it over"),
    "ship": _l("Send the parcel"),
    "receive": _l("Say when you have it"),
    "complete": _l("Say if all is well"),
    "pay_by_card": _l("Pay by card"),
}
# Translators: %(name)s is the other person
NEXT_THEIRS = {
    "confirm": _l("%(name)s confirms the order"),
    "pay": _l("%(name)s pays by bank transfer"),
    "mark_paid": _l("%(name)s checks that the money has arrived"),
    "propose": _l("%(name)s suggests a time and place"),
    "agree": _l("%(name)s answers the suggested time"),
    "hand_over": _l("%(name)s hands it over"),
    "ship": _l("%(name)s sends the parcel"),
    "receive": _l("%(name)s says when it has arrived"),
    "complete": _l("%(name)s says if all is well"),
    "pay_by_card": _l("%(name)s pays by card"),
}
# One line of the history: what was done, by whom.
STEP_LABELS = {
    "confirm": _l("Confirmed"),
    "pay": _l("Buyer says it’s paid"),
    "mark_paid": _l("Payment received"),
    "propose": _l("Time and place suggested"),
    "agree": _l("Time and place agreed"),
    "hand_over": _l("Handed over"),
    "ship": _l("Shipped"),
    "receive": _l("Received"),
    "complete": _l("Completed"),
    # Translators: one of the two has written a review
    "review": _l("Reviewed"),
    "cancel": _l("Cancelled"),
    "mark_refunded": _l("Refund received"),
    "expire": _l("Cancelled: the time ran out"),
    "finish": _l("Completed automatically"),
    "settle": _l("Completed by a decision"),
    "mark_paid_by_provider": _l("Paid by card"),
    # Translators: a bank has reversed a card payment, so the order was called off
    "cancel_by_provider": _l("Cancelled: the bank took the payment back"),
}
# What a press on a button has done.
DONE = {
    "confirm": _l("Order confirmed."),
    "pay": _l("Thanks. The seller confirms when the money has arrived."),
    "mark_paid": _l("Payment confirmed."),
    "propose": _l("Suggestion sent."),
    "agree": _l("Time and place agreed."),
    "hand_over": _l("Code correct. The item is handed over."),
    "ship": _l("Marked as shipped."),
    "receive": _l("Marked as received."),
    "complete": _l("Order completed."),
    "cancel": _l("Order cancelled."),
    "mark_refunded": _l("Thanks. The refund is confirmed."),
}
LABELS: dict[str, dict[str, Any]] = {
    "stage": STAGE_LABELS,
    "delivery": DELIVERY_LABELS,
    "payment": PAYMENT_LABELS,
    "order_money": MONEY_LABELS,
    "order_step": STEP_LABELS,
}
# The ways that go together, as one choice: delivery and payment.
WAYS = {way: _l(text) for way, text in WAY_TEXTS.items()}
CARD_WAYS = {way: _l(text) for way, text in CARD_WAY_TEXTS.items()}


class BuyForm(FlaskForm):
    """How the thing is to come and how it is paid."""

    way = RadioField(
        _l("Delivery and payment"),
        [InputRequired(message=_l("Choose how you get it and how you pay."))],
        choices=[SelectChoice(way, label) for way, label in WAYS.items()],
        default="meet-in_person",
    )
    address = TextAreaField(
        _l("Address"),
        [Length(max=MAX_ADDRESS_LENGTH)],
        description=_l("Only needed for shipping. Only the seller sees it."),
        render_kw={"autocomplete": "street-address", "rows": 3},
    )

    def offer_cards(self) -> None:
        """Where a provider takes them."""
        self.way.choices = [SelectChoice(way, label) for way, label in (WAYS | CARD_WAYS).items()]

    @property
    def delivery(self) -> str:
        return str(self.way.data).partition("-")[0]

    @property
    def payment(self) -> str:
        return str(self.way.data).partition("-")[2]


def read_given(sent: Any) -> Given:
    """What came along with an action, from a page's form."""
    return Given(
        reason=sent.get("reason", ""),
        code=sent.get("code", ""),
        carrier=sent.get("carrier", ""),
        tracking=sent.get("tracking", ""),
        at=_moment(sent.get("at", "")),
        place=sent.get("place", ""),
    )


def _moment(typed: str) -> datetime | None:
    """A day and a time in the reader's zone."""
    if not typed:
        return None
    try:
        found = datetime.fromisoformat(typed)
    except ValueError as problem:
        raise Invalid("Choose a day and a time.", code="bad_time") from problem
    return found.replace(tzinfo=reader_zone()) if found.tzinfo is None else found
