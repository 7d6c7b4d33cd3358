"""What may be pinned."""

from __future__ import annotations

import pytest

from app.kernel.errors import Conflict, Forbidden
from app.market.listings.values import Status
from app.market.pins.rules import check_pinnable


def test_one_pins_what_one_offers() -> None:
    check_pinnable(1, 1, Status.ACTIVE)


def test_nobody_pins_what_is_not_theirs() -> None:
    with pytest.raises(Forbidden):
        check_pinnable(1, 2, Status.ACTIVE)


@pytest.mark.parametrize("status", [Status.SOLD, Status.REMOVED])
def test_what_nobody_can_have_is_not_pinned(status: Status) -> None:
    with pytest.raises(Conflict):
        check_pinnable(1, 1, status)
