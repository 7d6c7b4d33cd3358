"""How many vouches a member may give, by their standing in the community."""

import math
from dataclasses import dataclass

from graph.arguments import real, whole

FEWEST = {"acquainted": 10, "trust": 5, "trust_fully": 2}


@dataclass(frozen=True, slots=True)
class Budget:
    """How many vouches of each strength a member may have open."""

    acquainted: int
    trust: int
    trust_fully: int


def budget(standing: float, members: int) -> Budget:
    """The vouch budget of a member whose reputation is `standing`.

    Everybody may give a few; each doubling of the standing above the
    community's mean adds as many again. So edges cannot be bought by the
    hundred from those whom nobody knows.

    >>> budget(0.0, 1000)
    Budget(acquainted=10, trust=5, trust_fully=2)
    >>> budget(0.007, 1000)
    Budget(acquainted=40, trust=20, trust_fully=8)
    """
    standing, members = real(standing, "standing"), whole(members, "members")
    factor = 1 + int(math.log2(1 + max(0.0, standing) * members))
    return Budget(**{strength: count * factor for strength, count in FEWEST.items()})
