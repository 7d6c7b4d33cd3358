"""Forms of a merchant: variants, shipping, taxes."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.kernel.errors import Invalid
from app.kernel.money import MAX_TYPED_LENGTH
from app.market.listings.values import CURRENCIES
from app.market.stock.service import HIGHEST_TOTAL
from app.merchants.catalogue.values import MAX_OPTIONS_LENGTH, MAX_SHIPPING_NAME_LENGTH, MAX_SKU_LENGTH
from app.web.categories import CategoryField

_DECIMAL = {"inputmode": "decimal"}


class VariantForm(FlaskForm):
    """A variant is named by its options: the same options again change it."""

    options = StringField(
        _l("Variant"),
        description=_l("For example: Red, size L. Leave it empty if there is only one."),
        validators=[Length(max=MAX_OPTIONS_LENGTH)],
    )
    price = StringField(
        _l("Price"),
        validators=[DataRequired(message=_l("Enter a price.")), Length(max=MAX_TYPED_LENGTH)],
        render_kw=_DECIMAL,
    )
    currency = SelectField(_l("Currency"), choices=list(CURRENCIES))
    stock = IntegerField(
        _l("In stock"),
        description=_l("How many there are in all, those already ordered included."),
        validators=[
            InputRequired(message=_l("Enter how many there are.")),
            NumberRange(min=0, max=HIGHEST_TOTAL, message=_l("Enter a whole number, 0 or more.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    sku = StringField(
        # Translators: a merchant's own number of an article
        _l("Article number"),
        validators=[Length(max=MAX_SKU_LENGTH)],
    )


class ShippingForm(FlaskForm):
    """A way to send things: the same name again changes it."""

    name = StringField(
        _l("Name"),
        description=_l("For example: Parcel, 2–3 days."),
        validators=[DataRequired(message=_l("Enter a name.")), Length(max=MAX_SHIPPING_NAME_LENGTH)],
    )
    price = StringField(
        _l("Price"),
        validators=[DataRequired(message=_l("Enter a price.")), Length(max=MAX_TYPED_LENGTH)],
        render_kw=_DECIMAL,
    )
    free_from = StringField(_l("Free from an order of"), validators=[Length(max=MAX_TYPED_LENGTH)], render_kw=_DECIMAL)
    currency = SelectField(_l("Currency"), choices=list(CURRENCIES))


class TaxForm(FlaskForm):
    """A tax that prices include, from a day on."""

    category = CategoryField(_l("Category"), blank=_l("All others"))
    rate = StringField(
        _l("Tax in percent"),
        validators=[DataRequired(message=_l("Enter the tax rate.")), Length(max=10)],
        render_kw=_DECIMAL,
    )
    valid_from = DateField(
        _l("Valid from"),
        validators=[Optional()],
        description=_l("Leave it empty for today. Orders placed before keep their rate."),
    )


def read_rate(typed: str) -> int:
    """A percentage as hundredths of a percent; raises `Invalid`."""
    try:
        found = Decimal(typed.strip().removesuffix("%").strip().replace(",", ".")) * 100
    except InvalidOperation as problem:
        raise Invalid("Enter a tax rate from 0 to 99.99 percent.", code="bad_rate") from problem
    if not found.is_finite() or found != found.to_integral_value():
        raise Invalid("Enter a tax rate from 0 to 99.99 percent.", code="bad_rate")
    return int(found)
