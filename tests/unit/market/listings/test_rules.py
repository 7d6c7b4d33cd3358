"""Which drafts become listings."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.kernel.errors import Conflict, Invalid
from app.kernel.money import Money
from app.market.listings.rules import (
    asking_price,
    check_draft,
    check_photo_count,
    check_still_open,
)
from app.market.listings.values import ListingDraft

OFFERED = ("home", "bikes", "other")


def draft(**changes: object) -> ListingDraft:
    plain = {"kind": "sale", "title": "Lamp", "category": "home", "condition": "good", "price": Decimal("18.50")}
    return ListingDraft(**{**plain, **changes})  # type: ignore[arg-type]


def test_a_sale_has_a_price_and_a_condition() -> None:
    terms = check_draft(draft(), OFFERED)
    assert terms.price == Money(1850, "EUR")
    assert terms.condition == "good"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "auction"}, "kind_not_open"),
        ({"kind": "loan"}, "bad_kind"),
        ({"title": "a"}, "title_too_short"),
        ({"title": "???"}, "title_too_short"),
        ({"category": "boats"}, "bad_category"),
        ({"currency": "XXX"}, "bad_currency"),
        ({"condition": None}, "condition_missing"),
        ({"condition": "ok"}, "bad_condition"),
        ({"price": None}, "price_missing"),
        ({"price": Decimal(0)}, "price_missing"),
        ({"price": Decimal(-1)}, "bad_price"),
        ({"price": Decimal("NaN")}, "bad_price"),
        ({"price": Decimal("Infinity")}, "bad_price"),
        ({"price": Decimal(10**9)}, "bad_price"),
        ({"price": Decimal("1.005")}, "bad_amount"),
        ({"price": Decimal("1.5"), "currency": "JPY"}, "bad_amount"),
        ({"kind": "give", "price": Decimal(5)}, "price_not_allowed"),
        ({"kind": "swap", "price": Decimal(5)}, "price_not_allowed"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_code(changes: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_draft(draft(**changes), OFFERED)
    assert refused.value.error_code == code


@pytest.mark.parametrize("kind", ["swap", "give"])
def test_swaps_and_gifts_have_no_price(kind: str) -> None:
    assert check_draft(draft(kind=kind, price=None), OFFERED).price is None


@pytest.mark.parametrize("kind", ["wanted", "service"])
def test_wanted_things_and_services_need_no_condition(kind: str) -> None:
    assert check_draft(draft(kind=kind, condition=None, price=None), OFFERED).condition is None
    assert check_draft(draft(kind=kind, condition="new"), OFFERED).condition is None


def test_ten_photos_are_enough() -> None:
    check_photo_count(10)
    with pytest.raises(Invalid):
        check_photo_count(11)


@pytest.mark.parametrize("status", ["sold", "removed"])
def test_what_is_closed_stays_closed(status: str) -> None:
    check_still_open("active")
    with pytest.raises(Conflict):
        check_still_open(status)


def test_a_search_compares_a_price_within_its_currency() -> None:
    assert asking_price("sale", Money(1850, "EUR")) == (1850, "EUR")
    assert asking_price("give", None) == (0, None), "free in any currency"
    assert asking_price("wanted", None) == (None, None)
