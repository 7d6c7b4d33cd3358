"""Fields for what something is about: chosen from the vocabulary, or written where a word of one's own is welcome."""

from __future__ import annotations

from typing import Any, Final

from markupsafe import Markup
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import TextInput

from app.platform.vocabulary.reading import category_choices, category_name, vocabulary
from app.web.schemas import documented

# Of the API: what is a category, and what may be a word of the caller's own.
CATEGORY: Final = documented(description="A `key` of `GET /categories`; names and former words are read as well.")
WORD: Final = documented(description="A `key` of `GET /categories`, or any other word, which is kept as it is.")


class CategoryField(SelectField):
    """One of the categories that are offered, or the one that the thing has already; the service judges."""

    def __init__(self, label: Any = None, *, blank: Any = None, **more: Any) -> None:
        super().__init__(label, choices=self._offered, validate_choice=False, **more)
        self._blank = blank

    def _offered(self) -> list[SelectChoice]:
        found = dict(category_choices())
        if self.data and self.data not in found:
            found[self.data] = category_name(self.data)
        first = [SelectChoice("", self._blank)] if self._blank else []
        return [*first, *(SelectChoice(*one) for one in found.items())]


class _WithSuggestions(TextInput):
    """A text field that suggests the vocabulary's words."""

    def __call__(self, field: Any, **more: Any) -> Markup:
        listed = f"{field.id}-words"
        names = (name.strip() for _key, name in category_choices())
        options = Markup().join(Markup('<option value="{}">').format(name) for name in names)
        drawn: Markup = super().__call__(field, list=listed, **more)
        return drawn + Markup('<datalist id="{}">{}</datalist>').format(listed, options)


class TopicField(StringField):
    """A word of the vocabulary in the reader's language, kept as its key; or any other, kept as it is."""

    widget = _WithSuggestions()
    data: str | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """What is one of the vocabulary's words in any language becomes its key."""
        super().process_formdata(valuelist)
        if self.data:
            self.data = vocabulary().canonical(self.data)

    @property
    def shown(self) -> str:
        """As the reader calls it."""
        return category_name(self.data)

    def _value(self) -> str:
        return self.shown
