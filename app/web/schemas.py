"""What the schemas of all rooms are made of: bases, texts, ids, pages and problems.

A schema says which types there are; what a value may be is decided, and worded, by the use case.
`Documented` values are therefore described here and refused there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from werkzeug.datastructures import FileStorage

from app.kernel.pagination import MAX_CURSOR_LENGTH, MOST, limit_of

T = TypeVar("T")


class Answer(BaseModel):
    """What the API gives back; a field that is not described is a fault of ours."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Body(BaseModel):
    """What a caller sends as JSON: nothing is taken for another type, what is not known is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, defer_build=True)

    # Whether no body at all is as good as an empty one.
    MAY_BE_MISSING: ClassVar[bool] = False

    def given(self) -> dict[str, Any]:
        """Only what was sent, for changes: what is left out stays as it is."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Query(BaseModel):
    """What stands behind the question mark."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    def given(self) -> dict[str, Any]:
        """Only what was asked for."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Upload(BaseModel):
    """What is sent as multipart/form-data; `files` holds what has a file name, under whatever field."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True, arbitrary_types_allowed=True)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """In a field's `Annotated`: how a value of another type is refused."""

    message_id: str  # in English; `%(name)s` is the field
    code: str = "bad_field"


def documented(kind: str = "string", **more: Any) -> Any:
    """Describes a value without judging it: that is the use case's."""
    return WithJsonSchema({"type": kind, **more})


def one_of(*values: str | int | Iterable[str]) -> Any:
    """Describes a text that the use case takes only when it is one of these."""
    flat = [str(one) for value in values for one in ([value] if isinstance(value, str | int) else value)]
    return documented(enum=flat)


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


def _cut(value: object) -> object:
    return value[:200] if isinstance(value, str) else value


def _only_files(value: object) -> object:
    return [one for one in value if isinstance(one, FileStorage)] if isinstance(value, list) else value


BINARY = {"type": "array", "items": {"type": "string", "format": "binary"}}
# Of uploads.
Files = Annotated[list[FileStorage], BeforeValidator(_only_files), WithJsonSchema(BINARY)]
# Of bodies: an empty text is as good as none.
Text = Annotated[str, Field(min_length=1)]
MaybeText = Annotated[str | None, BeforeValidator(_empty_is_none)]
# Of queries: words that are looked for.
Words = Annotated[str, BeforeValidator(_cut)]
# A filter that the use case reads: whatever it may be, it is a text here.
Filter = Annotated[str | None, documented()]

Handle = Annotated[str, Field(description="A member, by handle.")]
Id = Annotated[str, Field(description="A thing, by id.")]
# ISO 8601, always with its distance from UTC.
Moment = Annotated[str, documented(format="date-time")]
Amount = Annotated[str, documented(pattern=r"^-?\d+(\.\d+)?$", description="A decimal number as a text.")]
Currency = Annotated[str, documented(pattern="^[A-Z]{3}$", description="ISO 4217.")]
Score = Annotated[float, Field(ge=0, description="Of the caller's trust; 0 where no way leads.")]
# From the caller to somebody; null is a middle link that does not want to be named.
Path = list[str | None]


class Money(Answer):
    """An amount with its currency."""

    amount: Amount
    currency: Currency


class Page(Answer, Generic[T]):
    """A part of a list; `next` is the cursor of the following one, null on the last."""

    items: list[T]
    next: str | None


def _limit(value: str | int | None) -> int | None:
    return None if value in (None, "") else limit_of(value)


class Paging(Query):
    """Which part of a list: `limit` above 100 is taken as 100."""

    limit: Annotated[int | None, BeforeValidator(_limit), documented("integer", minimum=1, maximum=MOST)] = None
    cursor: Annotated[str | None, documented(maxLength=MAX_CURSOR_LENGTH)] = None

    def most(self, default: int = 30) -> int:
        """How many are asked for, or so many as the list has by itself."""
        return default if self.limit is None else self.limit


class Problem(Answer):
    """An error, as RFC 9457 has it; programs go by `code`, people read `detail`."""

    type: str
    title: str
    status: int
    detail: str
    code: Annotated[str, Field(pattern="^[a-z0-9_]+$")]
