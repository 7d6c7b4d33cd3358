"""The form of a coupon."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import get_timezone
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from app.kernel.money import MAX_TYPED_LENGTH, Money
from app.market.listings.values import CURRENCIES
from app.merchants.coupons.values import MAX_CODE_LENGTH, MAX_USES, CouponDraft, Worth

_DECIMAL = {"inputmode": "decimal"}


def _times(label: Any) -> IntegerField:
    message = _l("Enter a whole number from 1.")
    return IntegerField(
        label,
        validators=[Optional(), NumberRange(min=1, max=MAX_USES, message=message)],
        render_kw={"inputmode": "numeric"},
    )


class CouponForm(FlaskForm):
    """A code and what it takes off: the same code again changes it."""

    code = StringField(
        _l("Code"),
        description=_l("Letters, digits and hyphens, for example SPRING-10."),
        validators=[DataRequired(message=_l("Enter a code.")), Length(max=MAX_CODE_LENGTH)],
        render_kw={"autocapitalize": "characters", "autocomplete": "off"},
    )
    percent = IntegerField(
        _l("Percent off"),
        validators=[Optional(), NumberRange(min=1, max=100, message=_l("Enter a percentage from 1 to 100."))],
        render_kw={"inputmode": "numeric"},
    )
    amount = StringField(_l("Or amount off"), validators=[Length(max=MAX_TYPED_LENGTH)], render_kw=_DECIMAL)
    minimum = StringField(_l("For orders from"), validators=[Length(max=MAX_TYPED_LENGTH)], render_kw=_DECIMAL)
    currency = SelectField(_l("Currency"), choices=list(CURRENCIES))
    uses_most = _times(_l("How often in all"))
    each_most = _times(_l("How often per person"))
    valid_from = DateField(_l("Valid from"), validators=[Optional()])
    valid_until = DateField(_l("Last day"), validators=[Optional()])

    def draft(self) -> CouponDraft:
        """What was typed; raises `Invalid`."""
        currency = self.currency.data
        amount, minimum = (self.amount.data or "").strip(), (self.minimum.data or "").strip()
        last = self.valid_until.data
        return CouponDraft(
            code=self.code.data or "",
            worth=Worth(
                minimum=Money.parse(minimum, currency) if minimum else Money(0, currency),
                percent=self.percent.data,
                amount=Money.parse(amount, currency) if amount else None,
            ),
            uses_most=self.uses_most.data,
            each_most=self.each_most.data,
            valid_from=_midnight(self.valid_from.data),
            valid_until=_midnight(last + timedelta(days=1)) if last else None,
        )


def _midnight(day: date | None) -> datetime | None:
    """The beginning of the day where the merchant is."""
    return datetime.combine(day, time(), get_timezone() or UTC) if day else None
