"""Bounds of what a request may hold, at its edge: addresses, numbers in them, JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from apiflask import APIFlask
from flask import current_app, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.routing import IntegerConverter, Map

from app.kernel.bounds import MAX_WHOLE, fits_text, read_json
from app.kernel.errors import Invalid, NotFound

View = TypeVar("View", bound=Callable[..., Any])


class BoundedInteger(IntegerConverter):
    """`<int:…>` of an address: what no column can hold is no address."""

    def __init__(self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int = MAX_WHOLE) -> None:  # noqa: A002 - the base's names
        super().__init__(map, fixed_digits, min, max)


class BoundedJSON(DefaultJSONProvider):
    """JSON of requests, within `kernel.bounds`."""

    def loads(self, s: str | bytes, **_options: Any) -> Any:
        try:
            return read_json(s)
        except Invalid as problem:
            # What Flask knows as JSON that cannot be read: a 400, or None where that is asked for.
            raise ValueError(problem.message) from problem


def init_bounds(app: APIFlask) -> None:
    """Before any route is registered."""
    app.url_map.converters["int"] = BoundedInteger
    # Also for Flask-Security, which makes a provider of its own from the class.
    app.json_provider_class = BoundedJSON
    app.json = BoundedJSON(app)
    app.before_request(_check_address)
    app.before_request(_check_kind)


def takes_json(view: View) -> View:
    """A page's route that is written to by a script, in JSON."""
    view.takes_json = True  # type: ignore[attr-defined] # a mark, read by `_check_kind`
    return view


def _check_kind() -> None:
    """A page's form would take JSON for its fields, whose values may be anything but texts."""
    if not request.is_json or request.method == "GET" or request.path.startswith("/api/"):
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and not getattr(view, "takes_json", False):
        raise UnsupportedMediaType("This address takes a form.")


def _check_address() -> None:
    if not fits_text(request.path):
        raise NotFound("there is no such address")
    for name, value in request.args.items(multi=True):
        if not fits_text(name) or not fits_text(value):
            raise Invalid("the address has a character that no text may have", code="out_of_bounds")
