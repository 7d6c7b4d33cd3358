"""Which handles people may choose."""

from __future__ import annotations

import pytest

from app.people.accounts.rules import HandleFault, erased_handle, handle_fault, tidy_handle


@pytest.mark.parametrize("handle", ["ana", "bo", "a_1", "9lives", "u1a", "user1", "x" * 30])
def test_good_handles(handle: str) -> None:
    assert handle_fault(handle) is None


@pytest.mark.parametrize("handle", ["", "a", "x" * 31, "Ana", "ana maria", "ana-maria", "ana\n", "café", "../x"])
def test_handles_of_another_form(handle: str) -> None:
    assert handle_fault(handle) is HandleFault.FORM


@pytest.mark.parametrize("handle", ["u1", "u007", "u99999"])
def test_handles_of_imports(handle: str) -> None:
    assert handle_fault(handle) is HandleFault.IMPORTED


@pytest.mark.parametrize("handle", ["admin", "me", "moderator", "gone_5", "__"])
def test_handles_of_the_house(handle: str) -> None:
    assert handle_fault(handle) is HandleFault.RESERVED


def test_what_is_left_of_an_erased_account_cannot_be_taken() -> None:
    assert handle_fault(erased_handle(12)) is HandleFault.RESERVED


def test_people_may_write_the_at_sign_and_capitals() -> None:
    assert tidy_handle(" @Ana_1 ") == "ana_1"
