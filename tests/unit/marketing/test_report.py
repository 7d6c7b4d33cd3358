"""What a merchant may see of advocates who did not agree to be seen."""

from __future__ import annotations

import pytest

from app.kernel.errors import Invalid
from app.marketing.advocates.rules import is_robot, report_of
from app.marketing.advocates.values import Tally
from app.merchants.stores.rules import check_slug
from app.people.profiles.values import MemberCard

ANA = MemberCard(1, "ana", "Ana", None, 1)


def test_fewer_than_five_unnamed_are_in_no_figure() -> None:
    rows = [(1, True, Tally(3, 1, 0)), *((n, False, Tally(10, 10, 10)) for n in range(2, 6))]
    report = report_of(rows, {1: ANA})
    assert [row.member.handle for row in report.named] == ["ana"]
    assert report.unnamed == 4
    assert report.unnamed_tally is None
    # A total with them in it would tell on them by subtraction.
    assert report.total == Tally(3, 1, 0)


def test_five_unnamed_are_one_sum() -> None:
    rows = [(1, True, Tally(3, 1, 0)), *((n, False, Tally(1, 0, 2)) for n in range(2, 7))]
    report = report_of(rows, {1: ANA})
    assert report.unnamed_tally == Tally(5, 0, 10)
    assert report.total == Tally(8, 1, 10)


def test_the_best_named_stands_first() -> None:
    bo = MemberCard(2, "bo", "Bo", None, 2)
    report = report_of([(1, True, Tally(9, 0)), (2, True, Tally(1, 1))], {1: ANA, 2: bo})
    assert [row.member.handle for row in report.named] == ["bo", "ana"]


@pytest.mark.parametrize(
    ("agent", "robot"),
    [
        ("", True),
        ("Googlebot/2.1", True),
        ("WhatsApp/2.23 preview", True),
        ("curl/8.1", True),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", False),
    ],
)
def test_robots_by_their_own_word(agent: str, robot: bool) -> None:
    assert is_robot(agent) is robot


@pytest.mark.parametrize("slug", ["", "-a", "a-", "a b", "ä", "a/b", "a" * 41, "a..b"])
def test_an_address_that_would_not_last_is_refused(slug: str) -> None:
    with pytest.raises(Invalid):
        check_slug(slug)


def test_an_address_is_in_small_letters() -> None:
    assert check_slug(" Bean-Bar ") == "bean-bar"
