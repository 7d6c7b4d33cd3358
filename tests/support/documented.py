"""Holds every answer of the API, in whatever test, to what the specification says of its operation."""

from __future__ import annotations

from flask import Flask, Response, json, request

from app.web.api_document import PREFIX, common_refusals
from app.web.operations import PROBLEM_TYPE
from app.web.schemas import Problem

# HTTP's own, before an operation is known: an address, a method or a host that is not here, our own faults.
OF_HTTP = {400, 405, 500}


def watch_answers(app: Flask) -> list[str]:
    """From now on, what was answered against the specification; empty as it should be."""
    faults: list[str] = []

    def look(response: Response) -> Response:
        rule = request.url_rule
        if rule is not None and rule.rule.startswith(PREFIX):
            known = getattr(app.view_functions[rule.endpoint], "_spec", {})
            if isinstance(known.get("responses"), dict):
                faults.extend(_faults(known, response))
        return response

    app.after_request(look)
    return faults


def _faults(known: dict[str, object], response: Response) -> list[str]:
    rule, status = request.url_rule, response.status_code
    described = {*common_refusals(rule.rule if rule else "", request.method.lower(), body="body" in known)}
    described |= {int(one) for one in known.get("responses") or ()}  # type: ignore[attr-defined] # a dict
    if "response" in known:
        described.add(int(known["response"]["status_code"]))  # type: ignore[index] # a dict
    name, found = f"{request.method} {rule} answered {status}", []
    if status not in described | OF_HTTP:
        found.append(f"{name}, which its specification does not know")
    if status >= 400:
        if response.content_type != PROBLEM_TYPE:
            found.append(f"{name} as {response.content_type}")
        elif not Problem.model_fields.keys() <= json.loads(response.get_data()).keys():
            found.append(f"{name} without all fields of a problem")
    return found
