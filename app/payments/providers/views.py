"""Where the provider tells us what has happened."""

from __future__ import annotations

from typing import Final

import structlog
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.kernel.errors import Conflict, DomainError, Unauthenticated
from app.payments.providers import service
from app.web.headers import csrf

pages = Blueprint("providers", __name__)
log = structlog.get_logger()

MOST_BYTES: Final = 256 * 1024


@pages.post("/webhooks/stripe")
@csrf.exempt
def stripe_webhook() -> ResponseReturnValue:
    """Answers in a word, for a machine; anything but 200 is sent again."""
    if (request.content_length or 0) > MOST_BYTES:
        log.warning("provider_event_refused", code="too_large")
        return {"code": "too_large"}, 413
    try:
        outcome = service.hear(request.get_data(), request.headers.get("Stripe-Signature", ""))
    except Unauthenticated as problem:
        log.warning("provider_event_refused", code=problem.error_code)
        return {"code": problem.error_code}, 400
    except Conflict as problem:
        return {"code": problem.error_code}, 409
    except DomainError as problem:
        return {"code": problem.error_code}, 200
    return {"outcome": outcome}
