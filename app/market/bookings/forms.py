"""The forms that open and book times, and the days of a calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, TypeVar

from babel.dates import format_skeleton
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.fields import DateTimeLocalField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from app.kernel.clock import clock
from app.market.bookings.values import CANCEL_HOURS, LONGEST, MOST_IN_A_ROW, MOST_WEEKS, SHORTEST, SlotPlan
from app.market.fulfilment.values import MAX_PLACE_LENGTH
from app.platform.formats import day_of, reader_zone

DAYS = 7
LENGTHS = (15, 30, 45, 60, 90, 120, 180, 240, 480)
CANCEL_LABELS = {
    "0": _l("Until it begins"),
    "2": _l("Until 2 hours before"),
    "12": _l("Until 12 hours before"),
    "24": _l("Until 24 hours before"),
    "48": _l("Until 2 days before"),
    "72": _l("Until 3 days before"),
}
DONE = {
    "move": _l("Suggestion sent. It moves when the other side agrees."),
    "agree": _l("Moved to the new time."),
    "decline": _l("It stays at the time you agreed."),
    "no_show": _l("Noted."),
}


class Timed(Protocol):
    """Whatever has its place on a day."""

    @property
    def starts_at(self) -> datetime: ...


T = TypeVar("T", bound=Timed)


class OpenForm(FlaskForm):
    """What a seller opens."""

    first = DateTimeLocalField(
        _l("First appointment"),
        [InputRequired(message=_l("Choose a day and a time."))],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    minutes = IntegerField(
        _l("Minutes each"),
        [InputRequired(message=_l("Enter the length in minutes.")), NumberRange(SHORTEST, LONGEST)],
        default=60,
        render_kw={"inputmode": "numeric"},
    )
    in_a_row = IntegerField(
        _l("How many in a row"),
        [InputRequired(message=_l("Enter a number.")), NumberRange(1, MOST_IN_A_ROW)],
        default=1,
        render_kw={"inputmode": "numeric"},
    )
    weeks = IntegerField(
        _l("How many weeks"),
        [InputRequired(message=_l("Enter a number.")), NumberRange(1, MOST_WEEKS)],
        default=1,
        description=_l("1: only this once. Up to 12: the same day and time each week."),
        render_kw={"inputmode": "numeric"},
    )
    cancel_hours = SelectField(
        _l("Buyers can cancel"),
        choices=[SelectChoice(str(hours), CANCEL_LABELS[str(hours)]) for hours in CANCEL_HOURS],
        default="24",
    )
    place = StringField(
        _l("Where"),
        [InputRequired(message=_l("Enter where it takes place.")), Length(max=MAX_PLACE_LENGTH)],
        description=_l("Only whoever books sees it."),
    )

    def plan(self) -> SlotPlan:
        """What the form says, by the seller's own clock."""
        return SlotPlan(
            first=self.first.data.replace(tzinfo=reader_zone()),
            minutes=self.minutes.data,
            in_a_row=self.in_a_row.data,
            weeks=self.weeks.data,
            cancel_hours=int(self.cancel_hours.data),
            place=self.place.data or "",
        )


class BookForm(FlaskForm):
    """How it is paid."""

    payment = RadioField(
        _l("Payment"),
        [InputRequired(message=_l("Choose how you pay."))],
        choices=[
            SelectChoice("in_person", _l("Pay when you meet")),
            SelectChoice("bank_transfer", _l("Pay by bank transfer first")),
        ],
        default="in_person",
    )


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of the reader from `first` on; `since` and `before` are the same as moments."""

    first: date

    @property
    def since(self) -> datetime:
        return _midnight(self.first)

    @property
    def before(self) -> datetime:
        return _midnight(self.first + timedelta(days=DAYS))

    @property
    def earlier(self) -> date:
        return self.first - timedelta(days=DAYS)

    @property
    def later(self) -> date:
        return self.first + timedelta(days=DAYS)

    def days(self, items: Sequence[T]) -> list[tuple[str, list[T]]]:
        """Each day with what is on it, in the reader's language."""
        locale = get_locale() or "en"
        every = [self.first + timedelta(days=number) for number in range(DAYS)]
        return [
            (format_skeleton("MMMEd", day, locale=locale), [one for one in items if day_of(one.starts_at) == day])
            for day in every
        ]


def read_week(asked: Mapping[str, str], *, past: bool = False) -> Week:
    """From the day in the address, else from today; what nobody means is today."""
    today = day_of(clock.now())
    try:
        day = date.fromisoformat(asked.get("from", ""))
    except ValueError:
        return Week(today)
    earliest, latest = today - timedelta(days=366), today + timedelta(days=366)
    if not earliest <= day <= latest or (day < today and not past):
        return Week(today)
    return Week(day)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=reader_zone()).astimezone(UTC)
