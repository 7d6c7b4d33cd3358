"""Forms of a merchant."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.kernel.money import MAX_TYPED_LENGTH
from app.market.listings.values import CURRENCIES
from app.merchants.stores.values import MAX_ABOUT_LENGTH, MAX_NAME_LENGTH, StoreDraft
from app.web.edits import EditForm


class StoreForm(EditForm):
    """What the store says of itself."""

    name = StringField(_l("Name"), validators=[DataRequired(message=_l("Enter a name.")), Length(max=MAX_NAME_LENGTH)])
    about = TextAreaField(_l("About"), validators=[Length(max=MAX_ABOUT_LENGTH)])

    def merged(self, now: StoreDraft) -> StoreDraft:
        """What was changed here, and the rest as it is now."""
        self.merge_with(StoreForm(formdata=None, obj=now))
        return StoreDraft(name=self.name.data or "", about=self.about.data or "")


class NewStoreForm(StoreForm):
    """The address is chosen once, for links must last."""

    slug = StringField(
        _l("Web address"),
        description=_l("Lowercase letters, digits and hyphens. You can’t change it later."),
        validators=[DataRequired(message=_l("Choose a web address.")), Length(max=40)],
    )


class ProductForm(FlaskForm):
    """An item by the address of its page, and a price."""

    item = StringField(
        _l("Item"),
        description=_l("The link to its page here, or its ID."),
        validators=[DataRequired(message=_l("Paste the item’s link.")), Length(max=300)],
    )
    price = StringField(
        _l("Price"),
        validators=[DataRequired(message=_l("Enter a price.")), Length(max=MAX_TYPED_LENGTH)],
        render_kw={"inputmode": "decimal"},
    )
    currency = SelectField(_l("Currency"), choices=list(CURRENCIES))
