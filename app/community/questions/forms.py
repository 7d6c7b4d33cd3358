"""Asking and answering."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from app.community.questions.values import (
    CIRCLE,
    EVERYBODY,
    MAX_ANSWER_LENGTH,
    MAX_PLACE_LENGTH,
    MAX_TEXT_LENGTH,
    MAX_TOPIC_LENGTH,
    QuestionDraft,
)
from app.kernel.errors import Invalid
from app.web.categories import TopicField
from app.web.edits import EditForm

REACHES: dict[int, Any] = {
    1: _l("People I trust directly"),
    2: _l("Friends of friends"),
    3: _l("Up to 3 steps away"),
    EVERYBODY: _l("Everyone"),
}


class QuestionForm(EditForm):
    """A question, and how far it may go."""

    text = TextAreaField(
        _l("What are you looking for?"),
        validators=[DataRequired(message=_l("Write what you are looking for.")), Length(max=MAX_TEXT_LENGTH)],
        render_kw={"placeholder": _l("Who knows a good bike repair near Lund?"), "rows": 3},
    )
    topic = TopicField(_l("Topic"), validators=[Length(max=MAX_TOPIC_LENGTH)])
    place = StringField(_l("Place"), validators=[Length(max=MAX_PLACE_LENGTH)])
    reach = RadioField(
        _l("Who can see it?"),
        choices=[SelectChoice(*one) for one in REACHES.items()],
        coerce=int,
        default=EVERYBODY - 1,
        description=_l(
            "Your circle sees it first. Each day without an answer, it reaches people one step further away."
        ),
    )

    def draft(self) -> QuestionDraft:
        """What the form says, for the service to judge."""
        return QuestionDraft(
            text=self.text.data or "",
            topic=self.topic.data or "",
            place=self.place.data or "",
            reach=self.reach.data or CIRCLE,
        )

    def merged(self, now: QuestionDraft) -> QuestionDraft:
        """What was changed here, and the rest as it is now."""
        self.merge_with(QuestionForm(formdata=None, obj=now))
        return self.draft()


class AnswerForm(EditForm):
    """An answer's own words."""

    text = TextAreaField(_l("Your answer"), validators=[Length(max=MAX_ANSWER_LENGTH)], render_kw={"rows": 5})

    def merged(self, now: str) -> str:
        """What was changed here, else as it is now."""
        self.merge_with(AnswerForm(formdata=None, text=now))
        return self.text.data or ""


def reach_of(value: object) -> int:
    """1, 2, 3 or "everybody" of the API; raises `Invalid`."""
    if value == "everybody":
        return EVERYBODY
    if isinstance(value, int) and not isinstance(value, bool) and CIRCLE <= value < EVERYBODY:
        return value
    raise Invalid("“reach” must be 1, 2, 3 or “everybody”", code="bad_reach")
