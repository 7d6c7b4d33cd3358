"""Every POST of the API can be sent again with its `Idempotency-Key`: the same answer, and nothing is done twice."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.people.accounts.service import issue_token
from app.web.api_document import PREFIX
from tests.support.access import routes
from tests.support.access_town import OWNER, AccessTown, build_access_town

# Who may, where the owner of the thing may not.
SENDERS = {
    "/asks/<ask_id>/answers": "bert",
    "/listings/<listing_id>/offers": "bert",
    "/listings/<listing_id>/order": "bert",
    "/recommendations/<recommendation_id>/quotes": "merchant",
    "/reports": "member",
    "/slots/<slot_id>/book": "member",
}


@pytest.fixture
def town(app: Flask) -> AccessTown:
    return build_access_town(app)


def bodies(town: AccessTown) -> dict[str, dict[str, Any]]:
    """What the table of access has no body for: addresses without an id, and answers."""
    item = town.ids["other_item"]
    return {
        "/asks": {"text": "Who knows a roofer?", "reach": 2},
        "/asks/<ask_id>/answers": {"item": item, "text": "That one is fine", "disclosure": "none"},
        "/conversations": {"members": ["cora", "bert"], "title": "Two more"},
        "/items": {"title": "A very new thing", "kind": "product"},
        "/listings": {"kind": "give", "title": "A chair", "category": "home", "condition": "good"},
        "/purchases": {"member": "bibi", "item": town.ids["item_id"]},
        "/recommendations": {"item": item, "stance": "recommend", "disclosure": "none"},
        "/reports": {"subject_kind": "listing", "subject_id": town.ids["listing_id"], "reason": "scam"},
        "/rooms": {"title": "Roofers of the town", "about": "All about roofs"},
        "/saved-searches": {"q": "roofs"},
        "/vouches": {"member": "wanda", "strength": "trust"},
    }


def test_every_post_sent_again_gets_the_first_answer(app: Flask, town: AccessTown, subtests: pytest.Subtests) -> None:
    posts = sorted({rule.rule for method, rule in routes(app) if method == "POST" and rule.rule.startswith(PREFIX)})
    assert len(posts) >= 29
    for route in posts:
        with subtests.test(route):
            first, second = (send(app, town, route) for _time in range(2))
            if route.endswith("/quotes/<testimonial_id>/decline"):
                continue  # agreed to a moment ago: see the next test
            assert first.status_code < 300, first.text
            assert (second.status_code, second.text) == (first.status_code, first.text)
            assert second.headers.get("Idempotency-Replayed") == "true"


def test_a_quote_that_was_declined_is_answered_so_again(app: Flask, town: AccessTown) -> None:
    first, second = (send(app, town, f"{PREFIX}/quotes/<testimonial_id>/decline") for _time in range(2))
    assert (first.status_code, first.get_json()["status"]) == (200, "declined")
    assert (second.text, second.headers.get("Idempotency-Replayed")) == (first.text, "true")


def send(app: Flask, town: AccessTown, route: str) -> TestResponse:
    """As whom it is for, with a key that goes by the route."""
    short = route.removeprefix(PREFIX)
    (endpoint,) = (rule.endpoint for method, rule in routes(app) if (method, rule.rule) == ("POST", route))
    path = app.url_map.bind("localhost").build(endpoint, dict(town.values(route)), method="POST")
    known = bodies(town)
    more = {"json": known[short]} if short in known else town.body("POST", route)
    token = issue_token(town.people[SENDERS.get(short, OWNER)])
    head = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"once {short}"}
    return app.test_client().post(path, headers=head, **more)
