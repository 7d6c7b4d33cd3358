"""The specification says of every operation what it takes, what it gives and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.web.api_document import PREFIX, operations
from app.web.operations import PROBLEM_TYPE

JSON = "application/json"
BODIES = {JSON, "multipart/form-data"}
# The address says all there is to say.
TAKES_NOTHING = {
    "POST /asks/{ask_id}/widen",
    "POST /conversations/{conversation_id}/{answer}",
    "POST /purchases/{evidence_id}/confirm",
    "POST /purchases/{evidence_id}/decline",
    "POST /quotes/{testimonial_id}/agree",
    "POST /quotes/{testimonial_id}/decline",
    "POST /quotes/{testimonial_id}/withdraw",
    "POST /reviews/{review_id}/recovery/done",
    "POST /rooms/{room_id}/join",
    "PUT /listings/{listing_id}/pin",
    "PUT /messages/{message_id}/reactions/{emoji}",
    "PUT /mutes/{handle}",
    "PUT /recommendations/{recommendation_id}/helpful",
    "PUT /recommendations/{recommendation_id}/saved",
}


@pytest.fixture
def spec(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.spec  # type: ignore[attr-defined]
    return found


def named(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, method, call in operations(spec):
        yield f"{method.upper()} {path.removeprefix(PREFIX)}", call


def faults(name: str, call: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    """What the specification leaves open."""
    method = name.split(maxsplit=1)[0]
    if not call.get("summary"):
        yield "has no summary"
    if call.get("security") != [{"token": []}]:
        yield "does not say that it wants a token"
    if method in {"POST", "PUT", "PATCH"} and (name in TAKES_NOTHING) == ("requestBody" in call):
        yield "has no schema of its body"
    for kind, content in call.get("requestBody", {}).get("content", {}).items():
        if kind not in BODIES or not _described(content, schemas):
            yield f"has a body of {kind} without a schema"
    yield from answer_faults(call["responses"], schemas)


def answer_faults(responses: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    if not any(status.startswith("2") for status in responses):
        yield "never succeeds"
    if not {"401", "422", "429", "503"} <= responses.keys():
        yield "has undocumented errors"
    for status, response in responses.items():
        content = response.get("content", {})
        if not response.get("description"):
            yield f"does not say what {status} means"
        if status >= "400":
            if set(content) != {PROBLEM_TYPE} or not _described(content[PROBLEM_TYPE], schemas):
                yield f"has {status} as something else than a problem"
        elif _has_words(status) and (set(content) != {JSON} or not _described(content[JSON], schemas)):
            yield f"has no schema of its answer {status}"


def _has_words(status: str) -> bool:
    return status.startswith("2") and status != "204"


def _described(content: dict[str, Any], schemas: dict[str, Any]) -> bool:
    schema = content.get("schema", {})
    found = schemas.get(schema["$ref"].rpartition("/")[2], {}) if "$ref" in schema else schema
    return bool(found.get("properties"))


def test_every_operation_is_described(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    found = {name: [*faults(name, call, schemas)] for name, call in named(spec)}
    assert len(found) >= 85
    assert not {name: its for name, its in found.items() if its}


def test_every_route_of_the_api_is_in_the_specification(app: Flask, spec: dict[str, Any]) -> None:
    routes = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX) and rule.endpoint not in {"openapi.spec", "api_docs"}
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert len(routes) == len([*operations(spec)])


def test_every_reference_leads_somewhere(spec: dict[str, Any]) -> None:
    def references(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            if "$ref" in part:
                yield part["$ref"]
            for one in part.values():
                yield from references(one)
        elif isinstance(part, list):
            for one in part:
                yield from references(one)

    known = {f"#/components/{kind}/{name}" for kind, its in spec["components"].items() for name in its}
    assert set(references(spec)) <= known


def test_two_schemas_never_share_a_name(spec: dict[str, Any]) -> None:
    """APIFlask would put a number behind the second one's."""
    assert not [name for name in spec["components"]["schemas"] if name[-1].isdigit()]


def test_whoever_may_repeat_a_call_is_told_how(spec: dict[str, Any]) -> None:
    key = {"$ref": "#/components/parameters/IdempotencyKey"}
    for name, call in named(spec):
        assert (key in call["parameters"]) == name.startswith("POST "), name
        assert not name.startswith("POST ") or "409" in call["responses"], name
    described = spec["components"]["parameters"]["IdempotencyKey"]
    assert (described["in"], described["name"], described["required"]) == ("header", "Idempotency-Key", False)
