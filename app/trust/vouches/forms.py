"""What a vouch form asks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.trust.vouches.values import REASON_LENGTH, TOPIC_LENGTH, Strength, VouchView

STRENGTHS = (
    SelectChoice(Strength.ACQUAINTED.value, _l("I know them")),
    SelectChoice(Strength.TRUST.value, _l("I trust them")),
    SelectChoice(Strength.TRUST_FULLY.value, _l("I trust them fully")),
)


class VouchForm(FlaskForm):
    """How far, why, about what, until when."""

    strength = RadioField(
        _l("How well do you stand behind them?"), choices=STRENGTHS, validators=[InputRequired()]
    )
    reason = TextAreaField(
        _l("Why? Others see this"), validators=[Optional(), Length(max=REASON_LENGTH)]
    )
    topic = StringField(
        _l("Only about a topic?"), validators=[Optional(), Length(max=TOPIC_LENGTH)]
    )
    until = DateField(_l("Until"), validators=[Optional()])

    @property
    def expires_at(self) -> datetime | None:
        """The whole of the last day counts."""
        return end_of(self.until.data) if self.until.data else None


def form_for(mine: VouchView | None) -> VouchForm:
    """The form, filled with the vouch that stands."""
    if mine is None:
        return VouchForm(strength=Strength.TRUST.value)
    return VouchForm(
        strength=(mine.strength or Strength.TRUST).value,
        reason=mine.reason,
        topic=mine.topic,
        until=(mine.expires_at - timedelta(seconds=1)).date() if mine.expires_at else None,
    )


def end_of(day: date) -> datetime:
    """Midnight behind the day."""
    return datetime.combine(day, time(), UTC) + timedelta(days=1)
