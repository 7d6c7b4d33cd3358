"""Choosing terms, and how they are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from app.market.terms.values import PERCENTS
from app.web.edits import EditForm

STEPS_LABELS = {"1": _l("People I trust"), "2": _l("Up to 2 steps from me"), "3": _l("Up to 3 steps from me")}
WAYS_LABELS = {
    "0": _l("No"),
    "2": _l("Yes, through 2 separate friends"),
    "3": _l("Yes, through 3 separate friends"),
    "4": _l("Yes, through 4 separate friends"),
    "5": _l("Yes, through 5 separate friends"),
}
BEYOND_LABELS = {
    "nothing": _l("Nothing more"),
    "deposit": _l("A deposit before we meet"),
    "prepay": _l("The whole price before we meet"),
}


class TermsForm(EditForm):
    """For all that the member sells."""

    steps = SelectField(
        _l("Who can meet and pay then?"),
        choices=[SelectChoice(*one) for one in STEPS_LABELS.items()],
        coerce=int,
        description=_l("Steps are counted from you: your friends are 1 step away, their friends 2."),
    )
    ways = SelectField(
        _l("Also people you know through several friends?"),
        choices=[SelectChoice(*one) for one in WAYS_LABELS.items()],
        coerce=int,
    )
    beyond = RadioField(
        _l("What do you ask of everyone else?"), choices=[SelectChoice(*one) for one in BEYOND_LABELS.items()]
    )
    percent = SelectField(_l("Deposit"), choices=[SelectChoice(str(one), f"{one} %") for one in PERCENTS], coerce=int)
    verified = BooleanField(_l("People I’m not connected to need a confirmed email address"))
