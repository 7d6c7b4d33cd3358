"""How a record is told."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

BUCKET_LABELS = {
    "new": _l("New"),
    "good": _l("Reliable"),
    "mixed": _l("Mostly reliable"),
    "poor": _l("Often unreliable"),
}
CREDIT_LABELS = {
    "no_deposit": _l("No deposit"),
    "pay_after_receipt": _l("Pay after you have it"),
    "higher_limit": _l("Higher limit for promised payments"),
}
