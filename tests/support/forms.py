"""Forms of a page, read as a browser reads them: what stands in them, and where they go."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """One form: `data()` is what a browser would send when nothing is changed."""

    action: str
    method: str
    attributes: dict[str, str]
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)  # names of what stands in it before anybody types

    def data(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            found.setdefault(name, []).append(value)
        return found

    def value(self, name: str) -> str | None:
        return next((value for one, value in self.fields if one == name), None)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[PageForm] = []
        self.open: PageForm | None = None
        self.area: str | None = None
        self.choice: str | None = None
        self.chosen: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = PageForm(given.get("action", ""), given.get("method", "get").lower(), given)
            self.forms.append(self.open)
        if self.open is None:
            return
        name = given.get("name", "")
        if name:
            self.open.names.add(name)
        if tag == "input" and name:
            self.read_input(self.open, name, given)
        elif tag == "textarea":
            self.area, self.text = name, ""
        elif tag == "select":
            self.choice = name
        elif tag == "option" and self.choice and "selected" in given:
            self.open.shown.add(self.choice)
            if "value" in given:
                self.open.fields.append((self.choice, given["value"]))
            else:
                self.chosen = self.choice

    def read_input(self, form: PageForm, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in {"submit", "file", "button"} or (kind in {"checkbox", "radio"} and "checked" not in given):
            return
        value = given.get("value", "on" if kind == "checkbox" else "")
        form.fields.append((name, value))
        if kind != "hidden" and value:
            form.shown.add(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.choice = None
        elif tag == "textarea" and self.area is not None:
            if self.open is not None:
                # A newline right after the tag is no part of the text.
                self.open.fields.append((self.area, self.text.removeprefix("\n")))
                if self.text.strip():
                    self.open.shown.add(self.area)
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.text += data
        if self.chosen is not None and self.open is not None:
            # An option without a value says its text.
            self.open.fields.append((self.chosen, data.strip()))
            self.chosen = None


def forms_of(page: str) -> list[PageForm]:
    """All forms of the page, in their order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
