"""What a vouch form asks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.trust.vouches.values import REASON_LENGTH, TOPIC_LENGTH, Strength, VouchBudget, VouchTerms, VouchView
from app.web.categories import TopicField
from app.web.edits import EditForm

STRENGTHS = (
    SelectChoice(Strength.ACQUAINTED.value, _l("I know them")),
    SelectChoice(Strength.TRUST.value, _l("I trust them")),
    SelectChoice(Strength.TRUST_FULLY.value, _l("I trust them fully")),
)


class VouchForm(EditForm):
    """How far, why, about what, until when."""

    strength = RadioField(
        _l("How well do you know them?"),
        choices=STRENGTHS,
        validators=[InputRequired(message=_l("Choose how well you know them."))],
    )
    reason = TextAreaField(_l("Reason (visible to others)"), validators=[Optional(), Length(max=REASON_LENGTH)])
    topic = TopicField(_l("Only for a topic?"), validators=[Optional(), Length(max=TOPIC_LENGTH)])
    until = DateField(_l("Until"), validators=[Optional()])

    @property
    def expires_at(self) -> datetime | None:
        """The whole of the last day counts."""
        return end_of(self.until.data) if self.until.data else None

    def merged(self, now: VouchTerms | None) -> VouchTerms:
        """What was changed here, and the rest of the vouch that stands as it is now."""
        if now is not None:
            self.merge_with(VouchForm(formdata=None, **_fields(now)))
        return VouchTerms(self.strength.data, self.reason.data, self.topic.data, self.expires_at)


def form_for(mine: VouchView | None, budget: VouchBudget) -> VouchForm:
    """The form, filled with the vouch that stands; a new one begins with a strength that there is still one of."""
    if mine is None:
        return VouchForm(strength=budget.usual.value if budget.usual else None)
    return VouchForm(**_fields(VouchTerms(mine.strength or "", mine.reason, mine.topic, mine.expires_at)))


def _fields(terms: VouchTerms) -> dict[str, Any]:
    return {
        "strength": terms.strength or Strength.TRUST.value,
        "reason": terms.reason,
        "topic": terms.topic,
        "until": (terms.expires_at - timedelta(seconds=1)).date() if terms.expires_at else None,
    }


def end_of(day: date) -> datetime:
    """Midnight behind the day."""
    return datetime.combine(day, time(), UTC) + timedelta(days=1)
