"""What templates keep for everybody shows nothing but its key: no viewer, no request, no token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import nodes

# Globals that answer differently for another reader, or another request.
OF_THE_READER = {"request", "session", "g", "csrf_token", "get_flashed_messages", "chosen_zone", "new_once"}
# All that is kept is kept for each language.
OF_THE_LANGUAGE = {"locale"}
# What a page or a template makes of texts and lists of the program alone, whoever looks.
OF_THE_PROGRAM = {
    "market/listings/_filters.html": {"currencies", "distances", "kinds", "radii", "sorts"},
}
# Macros whose HTML a function keeps by all that it gives them.
GIVEN = {
    "macros/listing.html": ["thing"],
    "macros/recommendation.html": ["words", "acts"],
    "discovery/feed/_entry.html": ["why", "choices", "thing"],
}

pytestmark = pytest.mark.databases("sqlite")


def _loaded(body: list[nodes.Node]) -> set[str]:
    """Names that this part of a template takes from outside."""
    names = [name for one in body for name in _names(one)]
    stored = {name.name for name in names if name.ctx != "load"}
    return {name.name for name in names if name.ctx == "load"} - stored - {"loop", "caller"}


def _names(node: nodes.Node) -> Iterator[nodes.Name]:
    if isinstance(node, nodes.Name):
        yield node
    yield from node.find_all(nodes.Name)


def _through_macros(names: set[str], macros: dict[str, nodes.Macro], seen: frozenset[str] = frozenset()) -> set[str]:
    """The same with what the macros of the template take from outside of them."""
    found = set(names)
    for name in names & macros.keys() - seen:
        inner = _loaded(macros[name].body) - {arg.name for arg in macros[name].args}
        found |= _through_macros(inner, macros, seen | {name})
    return found - macros.keys()


def _kept(page: nodes.Template) -> Iterator[tuple[nodes.Expr, nodes.CallBlock]]:
    for block in page.find_all(nodes.CallBlock):
        call = block.call
        if isinstance(call.node, nodes.ExtensionAttribute) and call.node.name == "_keep":
            yield call.args[1], block


def _imported(page: nodes.Template) -> set[str]:
    names = {
        one if isinstance(one, str) else one[1] for found in page.find_all(nodes.FromImport) for one in found.names
    }
    return names | {found.target for found in page.find_all(nodes.Import)}


@pytest.mark.parametrize("name", GIVEN)
def test_what_functions_keep_shows_nothing_but_what_they_give(app: Flask, name: str) -> None:
    env = app.jinja_env
    page = env.parse(env.loader.get_source(env, name)[0], name)  # type: ignore[union-attr] # Flask's own
    macros = {one.name: one for one in page.find_all(nodes.Macro)}
    free = (env.globals.keys() | _imported(page)) - OF_THE_READER
    for one in GIVEN[name]:
        outside = _through_macros({one}, macros) - free
        assert not outside, f"{one} in {name} shows {outside}"


def test_what_is_kept_shows_nothing_but_its_key(app: Flask) -> None:
    env, checked = app.jinja_env, 0
    for name in env.list_templates(extensions=["html"]):
        page = env.parse(env.loader.get_source(env, name)[0], name)  # type: ignore[union-attr] # Flask's own
        macros = {one.name: one for one in page.find_all(nodes.Macro)}
        made_of = {
            one.target.name: _loaded([one.node])
            for one in page.find_all(nodes.Assign)
            if isinstance(one.target, nodes.Name)
        }
        free = (env.globals.keys() | _imported(page)) - OF_THE_READER
        free |= OF_THE_PROGRAM.get(name, set())
        for key, block in _kept(page):
            keyed = _loaded([key])
            for one in list(keyed):
                keyed |= made_of.get(one, set())
            shown = _through_macros(_loaded(block.body), macros)
            outside = shown - keyed - free - OF_THE_LANGUAGE
            assert not outside, f"{name}:{block.lineno} shows {outside}, and its key does not say so"
            checked += 1
    assert checked > 5
