"""Decisions about words, on plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.community.recommendations import rules
from app.kernel.errors import Invalid
from app.marketing.testimonials.rules import is_changed, may_follow
from app.marketing.testimonials.values import QuoteStatus

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_only_who_is_tied_must_name_what_they_get() -> None:
    assert rules.must_disclose("none", tied=True)
    assert not rules.must_disclose("none", tied=False)
    assert not rules.must_disclose("gifted", tied=True)
    assert not rules.must_disclose("paid", tied=True)


@pytest.mark.parametrize(("rating", "fits"), [(None, True), (1, True), (5, True), (0.9, False), (float("inf"), False)])
def test_a_rating_lies_on_the_scale(rating: float | None, fits: bool) -> None:
    assert rules.rating_fits(rating) is fits


def test_five_photos_and_no_more() -> None:
    rules.check_photo_count(5)
    with pytest.raises(Invalid):
        rules.check_photo_count(6)


def test_consent_holds_for_the_words_that_were_agreed_to() -> None:
    later = NOON + timedelta(seconds=1)
    assert not is_changed("agreed", NOON, NOON)
    assert is_changed("agreed", NOON, later)
    assert not is_changed("withdrawn", NOON, later)
    assert not is_changed("asked", None, later)


def test_an_author_may_change_their_mind_but_a_store_may_not_ask_again() -> None:
    assert QuoteStatus.WITHDRAWN in may_follow(QuoteStatus.AGREED)
    assert may_follow(QuoteStatus.DECLINED) == {QuoteStatus.ASKED}
    assert may_follow(QuoteStatus.WITHDRAWN) == {QuoteStatus.AGREED}
