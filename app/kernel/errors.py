"""The one family of errors that a use case may raise."""

from __future__ import annotations

from typing import Any, ClassVar


def N_(message: str) -> str:  # noqa: N802 - the name by which Babel finds it
    """Mark a text for the catalogue where it does not stand in an error's call itself."""
    return message


class DomainError(Exception):
    """A refusal that the person who asked can understand.

    `code` is stable and part of the API; `status` is the HTTP status it maps to. `message_id` is the
    English text, with `%(name)s` for each of `params`; `platform.wording.worded` translates it for a reader.
    """

    code: ClassVar[str] = "domain_error"
    status: ClassVar[int] = 400

    def __init__(
        self, message_id: str, *, code: str | None = None, retry_after: int | None = None, **params: Any
    ) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.params = params
        self.error_code = code or self.code
        self.retry_after = retry_after

    @property
    def message(self) -> str:
        """In English, for logs and terminals."""
        return self.message_id % self.params if self.params else self.message_id

    def __str__(self) -> str:
        return self.message


class Invalid(DomainError):
    """The input cannot be taken as it is."""

    code = "invalid"
    status = 422


class Unauthenticated(DomainError):
    """Nobody is signed in, or the token is not known."""

    code = "unauthenticated"
    status = 401


class Forbidden(DomainError):
    """The actor may not do this."""

    code = "forbidden"
    status = 403


class NotFound(DomainError):
    """There is no such thing, or the actor may not know of it."""

    code = "not_found"
    status = 404


class Conflict(DomainError):
    """The thing has changed, or exists already."""

    code = "conflict"
    status = 409


class TooMany(DomainError):
    """A rate limit was met; `retry_after` is in seconds."""

    code = "too_many"
    status = 429
