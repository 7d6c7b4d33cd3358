"""Categories over JSON."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.discovery.categories.schemas import Category
from app.platform.vocabulary.reading import category_name, vocabulary
from app.web.operations import operation
from app.web.schemas import Page

api = APIBlueprint("api_categories", __name__, url_prefix="/api/v1", tag="Search")


@api.get("/categories")
@operation(
    "The categories and topics of listings, items, questions, vouches and interests",
    about="In the order of menus, each behind its `parent`. Wherever a category or topic is taken, a key, a name in "
    "any language and a synonym are read as the key; answers have keys. Topics and the categories of items may be "
    "other words too.",
    answers=Page[Category],
)
def list_categories() -> ResponseReturnValue:
    return {
        "items": [
            {
                "key": one.key,
                "parent": one.parent_key,
                "name": category_name(one.key),
                "names": dict(one.names),
                "synonyms": list(one.synonyms),
                "retired": one.retired,
            }
            for one in vocabulary().entries.values()
        ],
        "next": None,
    }
