"""Schemathesis sends what the specification allows, and what it forbids, and reads the answers by it.

What an operation does with good data is held to the same document by every other test that calls it,
see `tests.support.documented`.
"""

from __future__ import annotations

import contextvars
import copy
from collections import Counter
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from app.people.accounts.service import issue_token
from tests.support.access_town import OWNER, AccessTown, build_access_town
from tests.support.people import MemberFactory

CHECKS: Any = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
CALLERS = (OWNER, "member", "moderator", "operator")
# What takes things away comes last, so that the others find them.
ORDER = ("get", "put", "post", "patch", "delete")
# Each caller once with what is allowed, and once with what is not; the same ones in every run.
TRIES = settings(
    max_examples=len(CALLERS),
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class Callers:
    """Sends cases as one member after another, at things that are there."""

    def __init__(self, app: Flask) -> None:
        self.town: AccessTown = build_access_town(app)
        self._tokens = cycle([issue_token(self.town.people[one]) for one in CALLERS])
        self.answers: Counter[int] = Counter()

    def send(self, case: Case) -> None:
        for name in case.path_parameters or ():
            case.path_parameters[name] = self.town.ids.get(name, case.path_parameters[name])
        # The caller reads no packed answers, and says otherwise by itself.
        headers = {"Authorization": f"Bearer {next(self._tokens)}", "Accept-Encoding": "identity"}
        # A context of its own, as on a server: the test's one would keep the first caller.
        answer = contextvars.Context().run(case.call, headers=headers)
        self.answers[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS, headers=headers)


@pytest.fixture
def callers(app: Flask) -> Callers:
    return Callers(app)


def read(app: Flask, spec: dict[str, Any]) -> schemathesis.BaseSchema:
    config = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
    schema = schemathesis.openapi.from_dict(spec, config=config)
    schema.app = app
    return schema


def test_whatever_is_sent_the_answer_is_one_of_those_described(
    app: Flask, callers: Callers, subtests: pytest.Subtests
) -> None:
    found = [one.ok() for one in read(app, app.spec).get_all_operations()]  # type: ignore[attr-defined]
    for operation in sorted(found, key=lambda one: (ORDER.index(one.method), one.path)):
        wrong = [GenerationMode.NEGATIVE] if len(operation.body) + len(operation.query) else []
        for mode in (GenerationMode.POSITIVE, *wrong):
            with subtests.test(operation.label, mode=mode.value):
                _try(operation, mode, callers)
    # It has got further than the door.
    assert callers.answers[200] + callers.answers[201] + callers.answers[204] > 2 * len(found) / len(CALLERS)
    assert callers.answers[422] > len(found)
    assert not callers.answers[401]


def _try(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, callers: Callers) -> None:
    @TRIES
    @given(case=operation.as_strategy(generation_mode=mode))
    def sent(case: Case) -> None:
        callers.send(case)

    sent()


def test_an_answer_that_the_specification_does_not_know_is_noticed(app: Flask, member: MemberFactory) -> None:
    headers = {"Authorization": f"Bearer {issue_token(member('ana'))}"}

    def ask(spec: dict[str, Any]) -> None:
        read(app, spec)["/api/v1/me"]["GET"].Case().call_and_validate(checks=CHECKS, headers=headers)

    ask(app.spec)  # type: ignore[attr-defined]
    for spoil in (
        lambda call, _me: call["responses"].pop("200"),
        lambda _call, me: me["required"].append("email"),
        lambda _call, me: me["properties"]["roles"].update(type="string"),
    ):
        spec = copy.deepcopy(app.spec)  # type: ignore[attr-defined]
        spoil(spec["paths"]["/api/v1/me"]["get"], spec["components"]["schemas"]["Me"])
        with pytest.raises(FailureGroup):
            ask(spec)
