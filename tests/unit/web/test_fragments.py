"""What is drawn once is drawn anew for whatever is shown differently, and never grows past its bound."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, render_template_string
from jinja2 import DictLoader

from app.web.fragments import Fragments, init_fragments


def test_the_same_key_is_drawn_once() -> None:
    drawn: list[int] = []
    fragments = Fragments()

    def draw() -> str:
        drawn.append(1)
        return "<b>x</b>"

    assert [str(fragments.get(("a", 1), draw)) for _time in range(3)] == ["<b>x</b>"] * 3
    assert len(drawn) == 1


def test_what_is_kept_stays_within_its_bound_and_the_oldest_go_first() -> None:
    fragments = Fragments(most_letters=10_000)
    for number in range(1000):
        fragments.get(number, lambda: "x" * 100)
    assert 0 < len(fragments) < 30
    drawn: list[int] = []

    def again(number: int) -> Callable[[], str]:
        return lambda: str(drawn.append(number) or number)

    fragments.get(999, again(999))
    fragments.get(0, again(0))
    assert drawn == [0]


@pytest.fixture
def pages() -> tuple[Flask, dict[str, str]]:
    app, spoken = Flask("pages"), {"language": "en"}
    init_fragments(app, lambda: spoken["language"])
    card = "{% keep thing.title, thing.price %}{{ thing.title }} {{ thing.price }}{% endkeep %}"
    macros = f"{{% macro card(thing) %}}{card}{{% endmacro %}}"
    app.jinja_env.loader = DictLoader({"macros.html": macros})
    return app, spoken


def test_a_fragment_follows_what_it_shows_and_the_language(pages: tuple[Flask, dict[str, str]]) -> None:
    app, spoken = pages
    app.jinja_env.globals["word"] = lambda: {"en": "free", "sv": "gratis"}[spoken["language"]]
    page = "{% from 'macros.html' import card %}{{ card(thing) }} {% keep 1 %}{{ word() }}{% endkeep %}"
    with app.app_context():
        first = render_template_string(page, thing={"title": "Lamp <b>", "price": 5})
        again = render_template_string(page, thing={"title": "Lamp <b>", "price": 5})
        cheaper = render_template_string(page, thing={"title": "Lamp <b>", "price": 4})
        spoken["language"] = "sv"
        swedish = render_template_string(page, thing={"title": "Lamp <b>", "price": 4})
    assert first == again == "Lamp &lt;b&gt; 5 free"
    assert cheaper == "Lamp &lt;b&gt; 4 free"
    assert swedish == "Lamp &lt;b&gt; 4 gratis"


def test_two_places_with_the_same_key_are_two_fragments(pages: tuple[Flask, dict[str, str]]) -> None:
    app, _spoken = pages
    with app.app_context():
        assert render_template_string("{% keep 1 %}a{% endkeep %}{% keep 1 %}b{% endkeep %}") == "ab"
