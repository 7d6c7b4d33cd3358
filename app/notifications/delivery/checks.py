"""What `kinmarket check` says of deliveries."""

from __future__ import annotations

from app.notifications.delivery.queries import all_parked


def run() -> list[str]:
    """A line for each that was given up."""
    return [
        f"{row.channel} about “{row.kind}” for member {row.member_id} was given up after {row.tries} tries: {row.error}"
        for row in all_parked()
    ]


CHECKS = {"deliveries": run}
