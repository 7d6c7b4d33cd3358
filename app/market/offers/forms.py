"""The form that makes an offer, and how states are called in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.market.offers.values import MAX_NOTE_LENGTH
from app.market.orders.values import CARD_WAY_TEXTS, MAX_ADDRESS_LENGTH, WAY_TEXTS

STATE_LABELS = {
    "open": _l("Open"),
    "accepted": _l("Accepted"),
    "declined": _l("Declined"),
    "withdrawn": _l("Withdrawn"),
    "expired": _l("Expired"),
}
# Why an offer ended that nobody has answered.
WHY_LABELS = {
    "time": _l("Nobody answered in time"),
    "sold": _l("The item was sold"),
    "removed": _l("The listing was removed"),
    "blocked": _l("You can’t message each other any more"),
    "left": _l("The other person left"),
}
# What has become of one amount among several.
FATE_LABELS = {
    **STATE_LABELS,
    # Translators: an offer that the other person has answered with another amount
    "countered": _l("Answered with another amount"),
}
# The ways that go together, as one choice: delivery and payment.
WAYS = {way: _l(text) for way, text in WAY_TEXTS.items()}
CARD_WAYS = {way: _l(text) for way, text in CARD_WAY_TEXTS.items()}
LABELS: dict[str, dict[str, Any]] = {
    "offer_state": STATE_LABELS,
    "offer_why": WHY_LABELS,
    "offer_fate": FATE_LABELS,
    "offer_way": WAYS | CARD_WAYS,
}
# What a press on a button has done.
DONE = {
    "accept": _l("Accepted. It’s ordered."),
    "counter": _l("Counter-offer sent."),
    "decline": _l("Declined."),
    "withdraw": _l("Withdrawn."),
}


class OfferForm(FlaskForm):
    """How much, for what, and how it should come."""

    amount = StringField(
        _l("Your offer"),
        [InputRequired(message=_l("Enter an amount."))],
        render_kw={"inputmode": "decimal", "autocomplete": "off", "maxlength": "40"},
    )
    also = SelectMultipleField(
        _l("Add more items"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), choices=()
    )
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
    note = TextAreaField(
        _l("Message"), [Length(max=MAX_NOTE_LENGTH)], render_kw={"rows": 2, "maxlength": MAX_NOTE_LENGTH}
    )

    def with_choices(self, also: dict[str, str], *, cards: bool) -> OfferForm:
        """The form with what else the seller offers, and with cards where a provider takes them."""
        if cards:
            self.way.choices = [SelectChoice(way, label) for way, label in (WAYS | CARD_WAYS).items()]
        self.also.choices = [SelectChoice(ident, title) for ident, title in also.items()]
        return self

    @property
    def delivery(self) -> str:
        return str(self.way.data).partition("-")[0]

    @property
    def payment(self) -> str:
        return str(self.way.data).partition("-")[2]


def labeller(labels: dict[str, Any]) -> Callable[[str], str]:
    """A filter for templates."""
    return lambda code: labels.get(code, code)
