"""The report form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.moderation.reports.values import MAX_TEXT_LENGTH, Reason

REASONS = {
    Reason.SCAM: _l("A scam, or asks for money in a strange way"),
    Reason.FORBIDDEN: _l("Forbidden or dangerous goods"),
    Reason.HARASSMENT: _l("Insults, threats or harassment"),
    Reason.FAKE: _l("Fake: not the person or thing it claims to be"),
    Reason.PAID: _l("A paid recommendation that does not say so"),
    Reason.SPAM: _l("Spam"),
    Reason.OTHER: _l("Something else"),
}


class ReportForm(FlaskForm):
    """Why, and in the member's own words."""

    reason = RadioField(
        _l("What is wrong?"),
        choices=[SelectChoice(reason.value, label) for reason, label in REASONS.items()],
        validators=[InputRequired(message=_l("Please choose a reason."))],
    )
    text = TextAreaField(
        _l("In your words"),
        description=_l("What should the moderators know? May stay empty."),
        validators=[Length(max=MAX_TEXT_LENGTH)],
        render_kw={"rows": 4},
    )
    submit = SubmitField(_l("Send report"))
