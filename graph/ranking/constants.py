"""Every weight of the ranking, each with its reason, in one place.

`python -m graph.evaluate` measures these very weights (its row `kinmarket`);
docs/trust-graph.md has the figures that chose them.
"""

from typing import Final, NamedTuple

DAY: Final = 86_400.0

# -- what one endorsement weighs ---------------------------------------------
# How much a word counts in the order of an item's endorsements: a warning as much as a praise.
STANCE: Final = {"recommend": 1.0, "avoid": 1.0, "neutral": 0.5}
# And which way it counts in what they weigh together.
SIGN: Final = {"recommend": 1.0, "avoid": -1.0, "neutral": 0.0}
# A purchase that the house has seen. Judgement: no data set knows of it.
VERIFIED: Final = 1.5
# An old word loses at most half, the first quarter of it within about a year. Measured on
# CiaoDVD: letting it fade to nothing makes the circle's recommendations worse, not better.
FADES: Final = 0.5
FADING_DAYS: Final = 365.0
# Set apart, whatever they weigh: first what nobody paid for, then gifts, then what was paid for.
APART: Final = {"none": 0, "gifted": 1, "paid": 2}

# -- the three sides of a suggestion -------------------------------------------
TRUST, TASTE, EVERYBODY = "trust", "taste", "everybody"
RECENT_DAYS: Final = 180.0  # after so long a recommendation counts half in what is popular now
TASTE_DAYS: Final = 730.0  # and half as much in what goes with what
KERNEL_ITEMS: Final = 1500  # taste is learnt between so many items, the most recommended ones
RIDGE: Final = 50.0
# Who makes up this share of all standing is heard fully for taste and for what is popular, others
# less. A larger share finds more (0.99: half as much again) and lets a bought crowd in.
HEARD_SHARE: Final = 0.9
# A circle of few speakers says little, so what the community's vetted members say counts as so many more.
PRIOR_SPEAKERS: Final = 8.0
# What co-trusters recommend, where the caller asks for it, to who has no recommendations of their own.
CO_TRUSTERS: Final = 0.3
FEW, KNOWN = (
    1,
    5,
)  # so many recommendations of their own make a viewer known a little, and well

# -- the order of a feed: news of people, so time counts much more ----------------
# Judgement, not measured: no public data tells what people wanted to read that day.
FEED_HALF_LIFE_DAYS: Final = 5.0  # after so long an entry counts half, hyperbolically
FEED_TRUST_ROOT: Final = 0.5  # scores fall by orders of magnitude; the root keeps distant friends audible
FEED_STRANGER: Final = 0.08  # what an entry counts with nobody trusted behind it
FEED_SUGGESTED: Final = 0.8  # the best suggestion of the taste model, beside the most trusted friend's word
FEED_TOPIC: Final = 1.5  # a topic that the reader has chosen
FEED_LESS: Final = 0.25  # "less like this"
FEED_OTHER_TASTE: Final = 0.15  # "not this person's taste"
FEED_SAME_AUTHOR: Final = 0.7  # for each entry of the same person further up


class Mixture(NamedTuple):
    """How much each side counts; each is between 0 and 1 before."""

    trust: float
    taste: float
    everybody: float


# By how much is known of the viewer. What is popular lately counts for nobody: it is what a crowd can
# push, and beside a circle that is eked out by the vetted (PRIOR_SPEAKERS) it added nothing.
STRANGER: Final = Mixture(trust=1.0, taste=0.0, everybody=0.0)
ACQUAINTED: Final = Mixture(trust=1.0, taste=1.0, everybody=0.0)
WELL_KNOWN: Final = Mixture(trust=0.5, taste=1.0, everybody=0.0)
