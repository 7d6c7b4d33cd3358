"""Rules that make their builders late match and build like Werkzeug's own."""

from __future__ import annotations

import pytest
from werkzeug.routing import BuildError, Map, Rule

from app.web.routing import LazyRule

RULES = ("/", "/items/<item_id>", "/m/<handle>/<int:page>", "/media/<ident>/<name>.webp")
ASKED = (
    ("/", {}),
    ("/items/<item_id>", {"item_id": "a b ü"}),
    ("/items/<item_id>", {"item_id": "1", "sort": "new"}),
    ("/m/<handle>/<int:page>", {"handle": "ana", "page": 3}),
    ("/media/<ident>/<name>.webp", {"ident": "x", "name": "card"}),
)


def adapter(kind: type[Rule]):
    return Map([kind(rule, endpoint=rule) for rule in RULES]).bind("example.org")


@pytest.mark.parametrize(("endpoint", "values"), ASKED)
def test_addresses_are_those_of_werkzeug(endpoint: str, values: dict[str, object]) -> None:
    late, early = adapter(LazyRule), adapter(Rule)
    assert late.build(endpoint, values) == late.build(endpoint, values) == early.build(endpoint, values)
    path = early.build(endpoint, {key: value for key, value in values.items() if key != "sort"})
    assert late.match(path) == early.match(path)


def test_a_missing_value_is_told() -> None:
    with pytest.raises(BuildError):
        adapter(LazyRule).build("/items/<item_id>", {})
