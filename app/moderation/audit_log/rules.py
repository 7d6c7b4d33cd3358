"""The chain that shows when a line of the log was changed or taken out."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from app.kernel.ids import MemberId, ReportId

BEGINNING = "0" * 64


def link(
    previous: str,
    *,
    actor_id: MemberId,
    decision: str,
    subject: str,
    author_id: MemberId | None,
    report_id: ReportId | None,
    reason: str,
    at: datetime,
) -> str:
    """SHA-256 over the line and the digest of the line before."""
    content = [
        previous,
        actor_id,
        decision,
        subject,
        author_id,
        report_id,
        reason,
        at.astimezone(UTC).isoformat(timespec="microseconds"),
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
