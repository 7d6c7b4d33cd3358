"""The digest of a line depends on all that stands in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from app.moderation.audit_log.rules import BEGINNING, link

LINE: dict[str, Any] = {
    "actor_id": 1,
    "decision": "remove",
    "subject": "listing:x",
    "author_id": 2,
    "report_id": "r",
    "reason": "A scam.",
    "at": datetime(2026, 6, 1, 12, tzinfo=UTC),
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("actor_id", 3),
        ("decision", "dismiss"),
        ("subject", "listing:y"),
        ("author_id", None),
        ("report_id", None),
        ("reason", "A scam!"),
        ("at", datetime(2026, 6, 1, 12, 0, 1, tzinfo=UTC)),
    ],
)
def test_every_field_counts(field: str, value: object) -> None:
    assert link(BEGINNING, **LINE) != link(BEGINNING, **{**LINE, field: value})


def test_the_line_before_counts() -> None:
    assert link(BEGINNING, **LINE) != link("1" * 64, **LINE)


def test_the_zone_of_the_database_does_not_count() -> None:
    elsewhere = LINE["at"].astimezone(timezone(timedelta(hours=5)))
    assert link(BEGINNING, **LINE) == link(BEGINNING, **{**LINE, "at": elsewhere})
