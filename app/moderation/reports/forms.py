"""The report form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.moderation.reports.values import MAX_TEXT_LENGTH, Reason

REASONS = {
    Reason.SCAM: _l("Scam or suspicious request for money"),
    Reason.FORBIDDEN: _l("Forbidden or dangerous goods"),
    Reason.HARASSMENT: _l("Insults, threats or harassment"),
    Reason.FAKE: _l("Fake: not who or what it claims to be"),
    Reason.PAID: _l("Undisclosed paid recommendation"),
    Reason.SPAM: _l("Spam"),
    Reason.OTHER: _l("Something else"),
}


class ReportForm(FlaskForm):
    """Why, and in the member's own words."""

    reason = RadioField(
        _l("What is wrong?"),
        choices=[SelectChoice(reason.value, label) for reason, label in REASONS.items()],
        validators=[InputRequired(message=_l("Choose a reason."))],
    )
    text = TextAreaField(
        _l("In your words"),
        description=_l("Anything else the moderators should know? (optional)"),
        validators=[Length(max=MAX_TEXT_LENGTH)],
        render_kw={"rows": 4},
    )
    submit = SubmitField(_l("Send report"))
