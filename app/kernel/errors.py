"""The one family of errors that a use case may raise."""

from __future__ import annotations

from typing import ClassVar


class DomainError(Exception):
    """A refusal that the person who asked can understand.

    `code` is stable and part of the API; `status` is the HTTP status it maps to.
    """

    code: ClassVar[str] = "domain_error"
    status: ClassVar[int] = 400

    def __init__(
        self, message: str, *, code: str | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.error_code = code or self.code
        self.retry_after = retry_after


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
