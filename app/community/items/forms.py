"""A new item."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from app.community.items.values import (
    MAX_DESCRIPTION_LENGTH,
    MAX_MAKER_LENGTH,
    MAX_TITLE_LENGTH,
    ItemKind,
)
from app.web.categories import CategoryField

KINDS: dict[str, Any] = {
    ItemKind.PRODUCT: _l("Product"),
    ItemKind.PLACE: _l("Place"),
    ItemKind.SERVICE: _l("Service"),
}


class ItemForm(FlaskForm):
    """What it is; what one thinks of it comes on its page."""

    title = StringField(
        _l("What is it?"), validators=[DataRequired(message=_l("Enter a title.")), Length(max=MAX_TITLE_LENGTH)]
    )
    kind = SelectField(_l("Type"), choices=[SelectChoice(*one) for one in KINDS.items()])
    category = CategoryField(_l("Category"), blank=_l("Choose…"))
    description = TextAreaField(_l("Description"), validators=[Length(max=MAX_DESCRIPTION_LENGTH)])
    maker = StringField(_l("Brand"), validators=[Length(max=MAX_MAKER_LENGTH)])
    url = StringField(
        _l("Website"),
        validators=[Length(max=2000)],
        render_kw={"inputmode": "url", "autocapitalize": "off", "autocomplete": "off"},
        description=_l("The item’s own page. Helps us spot duplicates."),
    )
    gtin = StringField(
        _l("Barcode number"),
        validators=[Length(max=40)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
        description=_l("GTIN, EAN or UPC: 8, 12, 13 or 14 digits."),
    )
    # A photo that was sent with a form that came back: browsers do not send it again.
    photo_id = HiddenField()
    photo = FileField(_l("Photo"), render_kw={"accept": "image/jpeg,image/png,image/webp"})
