"""The form of a review, and how its parts are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import MultipleFileField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.market.reviews.values import BEST, MAX_NOTE_LENGTH, MAX_TEXT_LENGTH, Part, ReviewDraft

# Translators: what stands beside a number of stars
STAR_WORDS: Final = {
    1: _l("Bad"),
    2: _l("Poor"),
    3: _l("Okay"),
    4: _l("Good"),
    5: _l("Excellent"),
}
# Of a seller, and of a buyer, who neither describes nor packs anything.
SELLER_PARTS: Final = {
    "described": _l("As described"),
    "communication": _l("Communication"),
    "punctual": _l("On time"),
    "packaging": _l("Packaging"),
}
BUYER_PARTS: Final = {
    "communication": _l("Communication"),
    "punctual": _l("Paid and came on time"),
}
REMEDIES: Final = {
    "refund": _l("Refund a part"),
    "replacement": _l("Send a replacement"),
    "apology": _l("Apologise"),
}
_NUMBERS: Final = [SelectChoice("", "—"), *(SelectChoice(str(one), str(one)) for one in range(BEST, 0, -1))]


class ReviewForm(FlaskForm):
    """What one of the two says of the other."""

    stars = RadioField(
        _l("Overall rating"),
        [InputRequired(message=_l("Choose 1 to 5 stars."))],
        choices=[SelectChoice(str(one), words) for one, words in STAR_WORDS.items()],
    )
    described = SelectField(choices=_NUMBERS, default="")
    communication = SelectField(choices=_NUMBERS, default="")
    punctual = SelectField(choices=_NUMBERS, default="")
    packaging = SelectField(choices=_NUMBERS, default="")
    text = TextAreaField(_l("In your words"), [Length(max=MAX_TEXT_LENGTH)])
    photos = MultipleFileField(
        _l("Photos"),
        description=_l("Up to 3. We remove location data."),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )
    note = TextAreaField(
        _l("Private note to moderators"),
        [Length(max=MAX_NOTE_LENGTH)],
        description=_l("Only moderators can read this."),
        render_kw={"rows": 2},
    )

    @property
    def draft(self) -> ReviewDraft:
        return ReviewDraft(
            stars=int(self.stars.data or 0),
            text=self.text.data or "",
            parts={one.value: _number(self[one.value].data) for one in Part},
            note=self.note.data or "",
        )


def part_labels(by_buyer: bool) -> Mapping[str, Any]:
    """How the parts are called in the reader's language."""
    return SELLER_PARTS if by_buyer else BUYER_PARTS


def _number(text: str | None) -> int | None:
    return int(text) if text else None
