"""One decorator describes an operation of the API whole, and holds it to that description.

Who calls is asked first, then the query and the body are read, then the view answers; its answer
is checked against its schema on the way out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Final

import structlog
from apiflask.scaffold import APIScaffold
from apiflask.schema_adapters import registry
from apiflask.schema_adapters.pydantic import PydanticAdapter
from flask import Request, current_app
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.kernel.errors import Invalid
from app.web.api import body, caller
from app.web.schemas import Answer, Body, Otherwise, Problem, Query, Upload

log = structlog.get_logger()

View = Callable[..., Any]
SECURITY: Final = "token"
PROBLEM_TYPE: Final = "application/problem+json"
# In the schema of a body that may be left out.
OPTIONAL: Final = "x-optional"
_REFS: Final = "#/components/schemas/{model}"
# Only for its decorators, which know no application.
_scaffold: Final = APIScaffold()


def operation(
    summary: str,
    *,
    answers: type[Answer] | None,
    status: int = 200,
    takes: type[Body | Upload] | None = None,
    query: type[Query] | None = None,
    also: Mapping[int, str] | None = None,
    refuses: Sequence[int | tuple[int, type[Problem]]] = (),
    about: str | None = None,
) -> Callable[[View], View]:
    """Describe a view: `answers` with `status` (or `also` others), `takes` a body and a `query`, `refuses`.

    What any operation may refuse (401, 404 for an id, 422 and so on) is added by `api_document`.
    The view is given `body` and `query`, where it has them.
    """

    def describe(view: View) -> View:
        if answers is not None:
            view = _scaffold.output(answers, status)(view)
        if takes is not None:
            place = "files" if issubclass(takes, Upload) else "json"
            view = _scaffold.input(takes, location=place, arg_name="body")(view)
        if query is not None:
            view = _scaffold.input(query, location="query", arg_name="query")(view)
        view = _for_callers(view)
        responses = _responses(answers, status, also or {}, refuses)
        return _scaffold.doc(summary=summary, description=about, security=SECURITY, responses=responses)(view)

    return describe


def _for_callers(view: View) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        caller()
        return view(*args, **kwargs)

    return guarded


def _responses(
    answers: type[Answer] | None,
    status: int,
    also: Mapping[int, str],
    refuses: Sequence[int | tuple[int, type[Problem]]],
) -> dict[int, Any]:
    found: dict[int, Any] = {}
    if answers is None:
        found[status] = {"description": "Done; there is nothing to say."}
    for code, description in also.items():
        found[code] = {"description": description}
        if answers is not None and code < 300:
            found[code]["content"] = {"application/json": {"schema": {"$ref": _REFS.format(model=name_of(answers))}}}
    for one in refuses:
        code, kind = one if isinstance(one, tuple) else (one, Problem)
        found[code] = problem_response(code, kind)
    return found


def problem_response(status: int, kind: type[Problem] = Problem) -> dict[str, Any]:
    """An error, as the document has it."""
    schema = {"$ref": _REFS.format(model=name_of(kind))} if kind is Problem else _inline(kind)
    return {"description": MEANINGS[status], "content": {PROBLEM_TYPE: {"schema": schema}}}


MEANINGS: Final = {
    401: "No token came along, or one that is not known.",
    403: "The caller may not do this.",
    404: "There is no such thing, or the caller may not know of it.",
    409: "The thing has changed, exists already, or the Idempotency-Key was used for something else.",
    413: "More was sent than is taken.",
    422: "What was sent cannot be taken as it is.",
    429: "Too many in a short time; `Retry-After` says when to come again.",
    503: "The data cannot be reached just now; `Retry-After` says when to come again.",
}


def name_of(schema: type[BaseModel]) -> str:
    """How the document names a schema: `Page[Comment]` is a `CommentPage`.

    >>> name_of(Problem)
    'Problem'
    """
    return re.sub(r"^(\w+)\[(\w+)\]$", r"\2\1", schema.__name__)


def _inline(schema: type[BaseModel]) -> dict[str, Any]:
    found = schema.model_json_schema(ref_template=_REFS)
    found.pop("$defs", None)
    return found


class KinAdapter(PydanticAdapter):
    """How APIFlask reads and writes by our schemas: refusals are ours, and nothing is added to an answer."""

    def validate_input(self, request: Request, location: str, **_more: Any) -> BaseModel:
        """Read one place of the request; raises `Invalid`."""
        try:
            return self.model_class.model_validate(_READERS[location](request, self.model_class))
        except ValidationError as problem:
            raise _refusal(self.model_class, problem.errors()[0]) from problem

    def serialize_output(self, data: Any, many: bool = False) -> Any:
        """Check an answer; what the view has left out stays out.

        Tests fail by one that its schema does not know; whoever asks in earnest had rather have it.
        """
        try:
            found = self.model_class.model_validate(data)
        except ValidationError as problem:
            if current_app.testing:
                raise
            log.error("answer_beyond_schema", schema=name_of(self.model_class), errors=problem.error_count())
            return data
        return found.model_dump(mode="json", by_alias=True, exclude_unset=True)

    def get_openapi_schema(self, **kwargs: Any) -> dict[str, Any]:
        """Give the schema with plain names; `api_document` puts nested ones in their place."""
        found = self.model_class.model_json_schema(ref_template=_REFS)
        if getattr(self.model_class, "MAY_BE_MISSING", False):
            found[OPTIONAL] = True
        return found


def _json(request: Request, model: type[BaseModel]) -> Any:
    if getattr(model, "MAY_BE_MISSING", False):
        found = request.get_json(silent=True)
        return found if isinstance(found, dict) else {}
    return body()


def _files(request: Request, _model: type[BaseModel]) -> dict[str, Any]:
    """Texts and files by their fields; `files` has all files, whatever their fields are called."""
    texts = {name: request.form.getlist(name) for name in request.form}
    files = {name: [file for file in request.files.getlist(name) if file.filename] for name in request.files}
    return {**texts, **files, "files": [file for its in files.values() for file in its]}


_READERS: Final[Mapping[str, Callable[[Request, type[BaseModel]], Any]]] = {
    "json": _json,
    "query": lambda request, _model: request.args.to_dict(),
    "files": _files,
}


def _refusal(model: type[BaseModel], error: ErrorDetails) -> Invalid:
    """The first thing that is wrong, in the words and with the code that callers know."""
    name = str(error["loc"][0]) if error["loc"] else ""
    fields = {field.alias or key: field for key, field in model.model_fields.items()}
    known = fields[name].metadata if name in fields else ()
    for one in known:
        if isinstance(one, Otherwise):
            return Invalid(one.message_id, code=one.code, name=name)
    if error["type"] == "missing" or (len(error["loc"]) == 1 and error["input"] in (None, "")):
        return Invalid("“%(name)s” is missing", code="missing_field", name=name)
    if error["type"] == "string_type":
        return Invalid("“%(name)s” must be a text", code="bad_field", name=name)
    return Invalid("“%(name)s” has an invalid value", code="bad_field", name=name)


registry.register("pydantic", KinAdapter)
