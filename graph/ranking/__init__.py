"""What is shown first.

`endorsement_rank` orders what people say of one thing, `support` says what
they weigh together, and `TasteModel` finds things for a viewer. All weights
stand in `graph.ranking.constants`. The taste model, which needs scipy, is
loaded when it is first named.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from graph.ranking.constants import (
    ACQUAINTED,
    APART,
    CO_TRUSTERS,
    DAY,
    EVERYBODY,
    FADES,
    FADING_DAYS,
    FEED_HALF_LIFE_DAYS,
    FEED_LESS,
    FEED_OTHER_TASTE,
    FEED_SAME_AUTHOR,
    FEED_STRANGER,
    FEED_SUGGESTED,
    FEED_TOPIC,
    FEED_TRUST_ROOT,
    FEW,
    HEARD_SHARE,
    KNOWN,
    PRIOR_SPEAKERS,
    SIGN,
    STANCE,
    STRANGER,
    TASTE,
    TRUST,
    VERIFIED,
    WELL_KNOWN,
    Mixture,
)
from graph.ranking.endorsements import (
    Rank,
    Word,
    endorsement_rank,
    endorsement_weight,
    freshness,
    support,
)
from graph.ranking.heard import hearing

if TYPE_CHECKING:
    from graph.ranking.suggestions import Suggestion, TasteModel, mixture_for

__all__ = [
    "ACQUAINTED",
    "APART",
    "CO_TRUSTERS",
    "DAY",
    "EVERYBODY",
    "FADES",
    "FADING_DAYS",
    "FEED_HALF_LIFE_DAYS",
    "FEED_LESS",
    "FEED_OTHER_TASTE",
    "FEED_SAME_AUTHOR",
    "FEED_STRANGER",
    "FEED_SUGGESTED",
    "FEED_TOPIC",
    "FEED_TRUST_ROOT",
    "FEW",
    "HEARD_SHARE",
    "KNOWN",
    "PRIOR_SPEAKERS",
    "SIGN",
    "STANCE",
    "STRANGER",
    "TASTE",
    "TRUST",
    "VERIFIED",
    "WELL_KNOWN",
    "Mixture",
    "Rank",
    "Suggestion",
    "TasteModel",
    "Word",
    "endorsement_rank",
    "endorsement_weight",
    "freshness",
    "hearing",
    "mixture_for",
    "support",
]

_LATER = {"Suggestion", "TasteModel", "mixture_for"}


if not TYPE_CHECKING:  # so that a name that is nowhere is found by the type checker

    def __getattr__(name: str) -> Any:
        """What needs scipy, loaded when it is first named."""
        if name in _LATER:
            return getattr(import_module("graph.ranking.suggestions"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
