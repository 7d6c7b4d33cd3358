"""A new item."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.community.items.values import (
    LONGEST_CATEGORY,
    LONGEST_DESCRIPTION,
    LONGEST_TITLE,
    ItemKind,
)

KINDS: dict[str, Any] = {
    ItemKind.PRODUCT: _l("Product"),
    ItemKind.PLACE: _l("Place"),
    ItemKind.SERVICE: _l("Service"),
}


class ItemForm(FlaskForm):
    """What it is; what one thinks of it comes on its page."""

    title = StringField(
        _l("What is it?"), validators=[DataRequired(), Length(max=LONGEST_TITLE)]
    )
    kind = SelectField(_l("Kind"), choices=list(KINDS.items()))
    category = StringField(_l("Category"), validators=[Length(max=LONGEST_CATEGORY)])
    description = TextAreaField(_l("Description"), validators=[Length(max=LONGEST_DESCRIPTION)])
    photo = FileField(_l("Photo"), render_kw={"accept": "image/jpeg,image/png,image/webp"})
