"""The form that opens a case, and how its states and actions are called in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.kernel.ids import PhotoId
from app.kernel.money import MAX_TYPED_LENGTH
from app.market.cases.values import MAX_TEXT_LENGTH, CaseWant, Given

STATE_LABELS = {
    "open": _l("Waiting for an answer"),
    "talk": _l("Looking for a solution"),
    "friend_asked": _l("Waiting for agreement on a friend"),
    "friend_named": _l("A friend was asked"),
    "friend": _l("A friend decides"),
    "moderator": _l("A moderator decides"),
    "return": _l("Item goes back"),
    "returning": _l("On its way back"),
    "replace": _l("Replacement to be sent"),
    "replacing": _l("Replacement on its way"),
    "decided": _l("Settled"),
    "withdrawn": _l("Withdrawn"),
}
WANT_LABELS = {
    "refund": _l("A full refund"),
    "part": _l("Part of the money"),
    "return": _l("Item goes back, money comes back"),
    "replacement": _l("A replacement"),
    "delivery": _l("The item, as ordered"),
    "keep": _l("The payment stays as it is"),
}
WAY_LABELS = {
    "money": _l("Split the money"),
    "return": _l("Item goes back for a refund"),
    "replace": _l("Seller sends a replacement"),
    "go_on": _l("Order continues, the payment counts as received"),
}
# What it waits for: of the reader, and of the other person.
NEXT_MINE = {
    "open": _l("Answer the complaint"),
    "talk": _l("Agree on a solution"),
    "friend_asked": _l("Say if this friend may decide"),
    "friend_named": _l("Say if you’ll help"),
    "friend": _l("Decide"),
    "return": _l("Send the item back"),
    "returning": _l("Say when it is back"),
    "replace": _l("Send the replacement"),
    "replacing": _l("Say when the replacement is there"),
}
# Translators: %(name)s is the other person
NEXT_THEIRS = {
    "open": _l("%(name)s answers the complaint"),
    "talk": _l("%(name)s answers the proposal"),
    "friend_asked": _l("%(name)s says if this friend may decide"),
    "friend_named": _l("%(name)s says if they’ll help"),
    "friend": _l("%(name)s decides"),
    "moderator": _l("A moderator decides"),
    "return": _l("%(name)s sends the item back"),
    "returning": _l("%(name)s says when it is back"),
    "replace": _l("%(name)s sends the replacement"),
    "replacing": _l("%(name)s says when the replacement is there"),
}
# What happens when the time has run out.
THEN_LABELS = {
    "open": _l("Without an answer it ends as proposed by whoever opened it."),
    "talk": _l("Without a solution a moderator decides."),
    "friend_asked": _l("Without an answer a moderator decides."),
    "friend_named": _l("Without an answer a moderator decides."),
    "friend": _l("Without a decision a moderator decides."),
    "return": _l("If it isn’t sent back by then, nothing is refunded."),
    "returning": _l("Without an answer it counts as back, and the money is refunded."),
    "replace": _l("If nothing is sent by then, the money is refunded."),
    "replacing": _l("Without an answer it counts as received."),
}
# One line of the history. Translators: %(name)s is who did it
STEP_LABELS = {
    "open": _l("%(name)s reported a problem"),
    "answer": _l("%(name)s answered"),
    "say": _l("%(name)s wrote"),
    "propose": _l("%(name)s made a proposal"),
    "accept": _l("%(name)s accepted the proposal"),
    "ask_friend": _l("%(name)s suggested a friend to decide"),
    "agree_friend": _l("%(name)s agreed to ask the friend"),
    "refuse_friend": _l("%(name)s wants a moderator instead"),
    "ask_moderator": _l("%(name)s asked a moderator to decide"),
    "take_on": _l("%(name)s helps to settle it"),
    "step_back": _l("%(name)s can’t help"),
    "decide": _l("%(name)s decided"),
    "withdraw": _l("%(name)s withdrew the complaint"),
    "send_back": _l("%(name)s sent the item back"),
    "got_back": _l("%(name)s has the item back"),
    "send_new": _l("%(name)s sent a replacement"),
    "got_new": _l("%(name)s has the replacement"),
}
TIME_RAN_OUT = _l("The time ran out")
A_MODERATOR = _l("A moderator")
# What a press on a button has done.
DONE = {
    "answer": _l("Answer sent."),
    "say": _l("Sent."),
    "propose": _l("Proposal sent."),
    "accept": _l("Agreed."),
    "ask_friend": _l("Suggested. The other side has to agree."),
    "agree_friend": _l("Agreed. We’ve asked your friend."),
    "refuse_friend": _l("A moderator will decide."),
    "ask_moderator": _l("A moderator will decide."),
    "take_on": _l("Thank you. Both know that you help."),
    "step_back": _l("Thanks for letting us know. A moderator will decide."),
    "decide": _l("Decided. We’ve told both."),
    "withdraw": _l("Complaint withdrawn. The order continues."),
    "send_back": _l("Marked as sent back."),
    "got_back": _l("Thanks. The money is refunded."),
    "send_new": _l("Marked as sent."),
    "got_new": _l("Thanks. The complaint is settled."),
}
LABELS: dict[str, dict[str, Any]] = {
    "case_state": STATE_LABELS,
    "case_want": WANT_LABELS,
    "case_way": WAY_LABELS,
    "case_then": THEN_LABELS,
}


class OpenCaseForm(FlaskForm):
    """What is wrong, and what would put it right."""

    text = TextAreaField(
        _l("What happened?"),
        [InputRequired(message=_l("Describe what happened.")), Length(max=MAX_TEXT_LENGTH)],
        description=_l(
            "What did you expect, and what is different? Only the two of you see this, and whoever decides."
        ),
        render_kw={"rows": 5},
    )
    photos = MultipleFileField(_l("Photos"), description=_l("Up to 6 photos. We remove location data."))
    want = RadioField(_l("What would put it right?"), [InputRequired(message=_l("Choose what would put it right."))])
    amount = StringField(
        _l("Amount"),
        [Optional(), Length(max=MAX_TYPED_LENGTH)],
        description=_l("Only for part of the money: how much the buyer gets back."),
        render_kw={"inputmode": "decimal"},
    )

    def offer(self, wants: Sequence[CaseWant]) -> None:
        """What can be wished for at this point."""
        self.want.choices = [SelectChoice(one.value, WANT_LABELS[one.value]) for one in wants]


def read_given(sent: Any, photo_ids: Sequence[PhotoId] = ()) -> Given:
    """What came along with an action, from a page's form."""
    names = ("text", "way", "amount", "quantity", "friend", "carrier", "tracking")
    return Given(photo_ids=tuple(photo_ids), **{name: sent.get(name, "") for name in names})
