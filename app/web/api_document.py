"""The specification of the JSON API, and its readable page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, cast

from apiflask import APIFlask
from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from app.platform.idempotency import MAX_KEY_LENGTH
from app.web.operations import OPTIONAL, SECURITY, name_of, problem_response
from app.web.schemas import Problem

PREFIX: Final = "/api/v1"
METHODS: Final = ("get", "post", "put", "patch", "delete")
KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again within 24 hours it gets the same answer, with another body 409 `key_used`.",
    "schema": {"type": "string", "maxLength": MAX_KEY_LENGTH},
}


def init_api(app: APIFlask) -> None:
    """Title, security scheme, the specification and the readable page."""
    app.title = "Kinmarket"
    app.version = "1"
    app.config["OPENAPI_VERSION"] = "3.1.0"
    app.config["INFO_DESCRIPTION"] = (
        "Trust, recommendations, listings and chat of one Kinmarket community. Every POST may carry an "
        "`Idempotency-Key` (at most 255 characters): sent again within 24 hours it gets the same "
        "answer, with another body 409 `key_used`. Errors are problem+json (RFC 9457) with a stable `code`."
    )
    app.config["AUTO_SERVERS"] = False
    # What may be refused is said with its true type, below.
    app.config["AUTO_VALIDATION_ERROR_RESPONSE"] = False
    app.config["AUTO_AUTH_ERROR_RESPONSE"] = False
    app.config["AUTO_404_RESPONSE"] = False
    app.servers = [{"url": app.config["KIN"].public_url}]
    app.security_schemes = {SECURITY: {"type": "http", "scheme": "bearer"}}
    app.schema_name_resolver = name_of  # type: ignore[assignment] # it takes models too, its type says otherwise
    app.spec_processor(complete)  # type: ignore[arg-type] # a text only where YAML is asked for
    app.add_url_rule(f"{PREFIX}/docs", "api_docs", _docs)


def complete(spec: dict[str, Any]) -> dict[str, Any]:
    """Add what every operation has in common, and leave out what is no operation of the API."""
    spec["paths"] = {
        path: calls for path, calls in spec["paths"].items() if path.startswith(PREFIX) and not path.endswith("/docs")
    }
    components = spec.setdefault("components", {})
    schemas: dict[str, Any] = {}
    for name, schema in components.get("schemas", {}).items():
        # A nested schema comes as `Outer.Inner`, once for each outer one.
        own = name.rpartition(".")[2]
        if schemas.setdefault(own, schema) != schema:
            raise RuntimeError(f"two schemas of the API are called {own}")
    schemas["Problem"] = Problem.model_json_schema()
    components["schemas"] = dict(sorted(schemas.items()))
    components["parameters"] = {"IdempotencyKey": KEY}
    for path, method, call in operations(spec):
        _complete(path, method, call, components["schemas"])
    return spec


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation: path, method and what the specification says of it."""
    for path, calls in spec["paths"].items():
        for method in METHODS:
            if method in calls:
                yield path, method, calls[method]


def common_refusals(path: str, method: str, *, body: bool) -> set[int]:
    """Which errors an operation may answer with whatever it does."""
    with_an_id = {404} if "{" in path or "<" in path else set()
    with_a_body = {413} if body else set()
    once = {409} if method == "post" else set()
    return {401, 422, 429, 503} | with_an_id | with_a_body | once


def _complete(path: str, method: str, call: dict[str, Any], schemas: dict[str, Any]) -> None:
    if "requestBody" in call:
        (content,) = call["requestBody"]["content"].values()
        body = schemas[content["schema"]["$ref"].rpartition("/")[2]]
        call["requestBody"]["required"] = not body.get(OPTIONAL, False)
    if method == "post":
        call["parameters"] = [*call.get("parameters", ()), {"$ref": "#/components/parameters/IdempotencyKey"}]
    responses = call["responses"]
    for status in common_refusals(path, method, body="requestBody" in call):
        responses.setdefault(str(status), problem_response(status))
    for response in responses.values():
        if not response.get("content"):
            response.pop("content", None)
    call["responses"] = dict(sorted(responses.items()))


def _docs() -> ResponseReturnValue:
    app = cast("APIFlask", current_app)
    return render_template("web/api_docs.html", spec=app.spec)
