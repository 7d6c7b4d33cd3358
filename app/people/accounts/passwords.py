"""How a password is read: one way at every door, whatever keyboard it was typed on.

“ß”, “é” or a Hangul syllable come composed from one system and in parts from another. What is stored
is the hash of one form of it; older hashes may be of what was typed, so those readings are tried too.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from typing import Any, Final, Literal

from flask import current_app
from flask_security import PasswordUtil
from flask_security.utils import hash_password, verify_password

from app.kernel.errors import Conflict, Invalid
from app.people.accounts.values import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH
from app.platform.wording import worded

_FORM: Final = "NFKD"
_OLDER: Final[tuple[Literal["NFC", "NFD"], ...]] = ("NFC", "NFD")
_MAX_HASHED: Final = 4096  # letters; the hashing library takes no more


def hash_of(typed: str) -> str:
    """What is stored of a new password; raises `Invalid` when it cannot be one."""
    return str(hash_password(checked(typed)))


def checked(typed: str) -> str:
    """The form that is hashed; raises `Invalid`. Letters count as people see them."""
    length = len(unicodedata.normalize("NFC", typed))
    if length < MIN_PASSWORD_LENGTH:
        raise Invalid(
            "Use at least %(count)s characters for your password.", code="bad_password", count=MIN_PASSWORD_LENGTH
        )
    if length > MAX_PASSWORD_LENGTH:
        raise Invalid(
            "Use at most %(count)s characters for your password.", code="bad_password", count=MAX_PASSWORD_LENGTH
        )
    form = unicodedata.normalize(_FORM, typed)
    if not _can_be_hashed(form):
        raise Invalid("Use only letters, digits and symbols in your password.", code="bad_password")
    return form


def readings(typed: str) -> list[str]:
    """What may have been hashed of it, the form of today first; one only for plain letters."""
    forms = [unicodedata.normalize(_FORM, typed), typed, *(unicodedata.normalize(form, typed) for form in _OLDER)]
    return [one for one in dict.fromkeys(forms) if _can_be_hashed(one)]


def reading_that_opens(hashed: str | None, typed: object) -> str | None:
    """Which of the readings the hash is of; None when the password is wrong."""
    if not hashed or not isinstance(typed, str):
        return None
    return next((one for one in readings(typed) if verify_password(one, hashed)), None)


def renew_hash(member: Any, reading: str) -> None:
    """The password was right in this form: keep the hash of today's form, made as hashes are made today."""
    form = unicodedata.normalize(_FORM, reading)
    if form == reading and not needs_renewal(member.password):
        return
    member.password = hash_password(form)
    with suppress(Conflict):  # somebody else has renewed or changed it meanwhile
        current_app.extensions["security"].datastore.put(member)


def needs_renewal(hashed: str) -> bool:
    """Whether it was made with less work than hashes are made with now."""
    return bool(current_app.extensions["security"].pwd_context.needs_update(hashed))


def take_as_long(typed: object) -> None:
    """Where there is no hash to compare with: the time that a wrong password takes, less one try."""
    for one in readings(typed)[1:] if isinstance(typed, str) else ():
        hash_password(one)


class Passwords(PasswordUtil):
    """Reads passwords for the forms of Flask-Security: as typed where one is compared, our form where one is set."""

    def normalize(self, password: str) -> str:
        return password

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        try:
            return None, checked(password)
        except Invalid as problem:
            return [worded(problem)], password


def _can_be_hashed(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False  # a lone half of a letter, which only JSON can bring
    return 0 < len(text) <= _MAX_HASHED and "\x00" not in text
