"""While a title is typed: which category it speaks of."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.discovery.categories.queries.titles import category_of
from app.platform.limits import check_rate
from app.platform.vocabulary.reading import category_name
from app.web.guards import current, fragment, signed_in

pages = Blueprint("categories", __name__)
MAX_TITLE = 120


@pages.get("/categories/guess")
@signed_in
@fragment
def guess() -> ResponseReturnValue:
    """The key, and a line about it; neither where nothing is clear."""
    check_rate(f"suggest:{current().id}", "240/minute")
    key = category_of(request.args.get("title", "")[:MAX_TITLE])
    return jsonify(key=key, says=_("Looks like: %(category)s", category=category_name(key)) if key else "")
