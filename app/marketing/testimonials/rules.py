"""Which answer may follow which."""

from __future__ import annotations

from datetime import datetime

from app.marketing.testimonials.values import QuoteStatus

# An author may change their mind in either direction, at any time.
_BEFORE = {
    QuoteStatus.AGREED: {QuoteStatus.ASKED, QuoteStatus.DECLINED, QuoteStatus.WITHDRAWN, QuoteStatus.AGREED},
    QuoteStatus.DECLINED: {QuoteStatus.ASKED},
    QuoteStatus.WITHDRAWN: {QuoteStatus.AGREED},
}


def may_follow(answer: QuoteStatus) -> set[QuoteStatus]:
    """The states in which this answer can be given."""
    return _BEFORE[answer]


def is_changed(status: str, answered_at: datetime | None, said_at: datetime) -> bool:
    """Whether the words are others than those that the author agreed to."""
    return status == QuoteStatus.AGREED and answered_at is not None and said_at > answered_at
