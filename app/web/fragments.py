"""`{% keep key %} … {% endkeep %}`: HTML that is drawn once for each key and language, not once a page.

The key is all that the fragment shows, so that nothing has to be forgotten when a thing changes:
another title is another key. What depends on the viewer stands outside. The oldest go first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from flask import Flask
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

MAX_LETTERS = 8_000_000
_FEW = 300  # letters that an entry costs beside its own


class Fragments:
    """What has been drawn, by key; bounded by how much it is in all, the oldest go first."""

    def __init__(self, most_letters: int = MAX_LETTERS) -> None:
        self._most = most_letters
        self._kept: OrderedDict[Hashable, Markup] = OrderedDict()
        self._letters = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, draw: Callable[[], str]) -> Markup:
        """The fragment, drawn now if it is not there."""
        found = self._kept.get(key)
        return self._add(key, Markup(draw())) if found is None else found  # noqa: S704 - drawn by a template, or escaped

    def _add(self, key: Hashable, drawn: Markup) -> Markup:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = drawn
                self._letters += len(drawn) + _FEW
            while self._letters > self._most:
                _key, gone = self._kept.popitem(last=False)
                self._letters -= len(gone) + _FEW
        return drawn


class Keep(Extension):
    """The tag. Each place in a template has keys of its own."""

    tags = {"keep"}  # noqa: RUF012 - Jinja declares it without ClassVar

    def parse(self, parser: Parser) -> nodes.Node:
        """Read the tag up to its end."""
        line = next(parser.stream).lineno
        key = parser.parse_tuple()
        body = parser.parse_statements(("name:endkeep",), drop_needle=True)
        place = nodes.Const(f"{parser.name}:{line}:{parser.free_identifier().name}")
        call = self.call_method("_keep", [place, key])
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _keep(self, place: str, key: Hashable, caller: Callable[[], str]) -> Markup:
        language: Callable[[], str] = self.environment.fragment_language  # type: ignore[attr-defined] # as below
        fragments: Fragments = self.environment.fragments  # type: ignore[attr-defined] # of init_fragments
        return fragments.get((place, language(), key), caller)


def init_fragments(app: Flask, language: Callable[[], str]) -> None:
    """Teach the application's templates the tag; `language` says what the page is written in."""
    app.jinja_env.extend(fragments=Fragments(), fragment_language=language)
    app.jinja_env.add_extension(Keep)
