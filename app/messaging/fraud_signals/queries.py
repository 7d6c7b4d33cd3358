"""The signs of a message, for other rooms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from flask import current_app

from app.messaging.fraud_signals import rules
from app.messaging.fraud_signals.values import FraudSignal, Verdict
from app.platform.settings import Settings


def fraud_signals_in(text: str) -> frozenset[FraudSignal]:
    """What the rules see in a text; links to this site are no sign."""
    return rules.read(text, own_hosts())


def judge(signs: Iterable[FraudSignal], *, stranger: bool) -> Verdict:
    """What they weigh together."""
    return rules.judge(signs, stranger=stranger)


def own_hosts() -> frozenset[str]:
    """Under which names this site is known."""
    settings: Settings = current_app.config["KIN"]
    return _hosts(tuple(settings.origins))


@lru_cache(maxsize=16)
def _hosts(origins: Sequence[str]) -> frozenset[str]:
    return frozenset(host for origin in origins if (host := urlsplit(origin).hostname))
