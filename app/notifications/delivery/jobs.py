"""What the clock does for deliveries."""

from __future__ import annotations

from app.notifications.delivery.post import send_due
from app.notifications.delivery.service import sweep
from app.notifications.screens.service import sweep_screens
from app.platform.jobs import periodic, steady


@steady("deliveries", seconds=1)
def deliver_due() -> None:
    """Mails, pushes and digests whose time has come; the claims keep two servers from doing one twice."""
    send_due()


@periodic("sweep_deliveries", minutes=60)
def tidy() -> None:
    """Leases and deliveries that are over."""
    sweep()
    sweep_screens()
