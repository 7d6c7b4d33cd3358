"""What the clock does for deliveries."""

from __future__ import annotations

from app.notifications.active_views.service import sweep_views
from app.notifications.delivery.sending import send_due
from app.notifications.delivery.service import sweep
from app.notifications.kinds.values import Channel
from app.platform.jobs import periodic, steady


@steady("mails", seconds=1)
def send_mails() -> None:
    """Mails and digests whose time has come; the claims keep two servers from doing one twice."""
    send_due(Channel.EMAIL)


@steady("pushes", seconds=1)
def send_pushes() -> None:
    """Pushes beside the mails: a mail server that hangs must not hold them up."""
    send_due(Channel.PUSH)


@periodic("sweep_deliveries", minutes=60)
def tidy() -> None:
    """Leases and deliveries that are over."""
    sweep()
    sweep_views()
