"""The texts of the interface use the words that everybody knows; those that once stood for them do not come back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog

from tools import translations

# Each has a known word in its place. A whole text where it begins with `^`, else any part of one; letters as they are.
ODD = (
    # Navigation, settings and notifications.
    r"^Things$", r"\b(am|be|are|aren’t) told\b", r"alerted", r"Alert me", r"^Page$", r"^Mail$",
    r"Order in the community",
    r"on every way", r"^My day$", r"small letters", r"forgotten password", r"hear of", r"tokens? counts?",
    r"counts? no longer",
    r"such mail", r"\b[Dd]igests?\b", r"[Ee]-mail", r"\b[Hh]andle\b",
    # How people are connected.
    r", direct\b", r"independent ways?\b", r"ways? that share", r"no path", r"No (way|path) leads",
    r"ways? leads?\b",
    r"carr(y|ies) weight", r"middle link", r"waits? for people", r"come to \d|come to %|come to nobody",
    r"[Aa]sked of",
    r"strongest", r"borrowed",
    # Saying what one thinks of an item.
    r"The thing, place", r"new here", r"To a friend", r"^neither$", r"advise against", r"for saying this",
    r"\bSay it\b",
    r"you said\b", r"Say what", r"also stands", r"\bstands? (on|in|at|here|among)\b", r"Here twice", r"\bDoubles?\b",
    r"thing that you added", r"person’s taste", r"has (a say|spoken)|have (a say|spoken)", r"[Ll]et it go",
    # Searching and the market.
    r"of new ones", r"\b[Kk]ept\.", r"\bfinds?$", r"^Forget\b", r"^What( or whom)?$", r"^Show$", r"[Ll]ook around",
    r"offered lately", r"pointed to", r"in which condition", r"taken is removed", r"You offer nothing",
    r"think about buying",
    r"filtered out", r"\bshel(f|ves)\b",
    # Chat.
    r"[Tt]ake (it |this message )?back", r"put it differently", r"takes? part", r"\bwhoever does",
    r"asks you something",
    r"[Ss]end .* away|sent away", r"taken back", r"not be named", r"People of your", r"hear from each other",
    # Accounts, moderators and errors.
    r"ends the old", r"^Look( at it)?$", r"identity or password", r"Retype", r"Remember Me", r"There is no such\b",
    r"any more\b.*not for you", r"\bnot for your role", r"\bmeanwhile\b", r"\bplease\b", r"\bPlease\b",
    r"at the moment",
    r"\bsomebody\b", r"\beverybody\b(?!”)", r"\banybody\b", r"Somebody|Everybody|Anybody", r"\bof good standing",
    r"\bStanding\b",
    # They say no more than the label beside them.
    r"may stay empty", r"May stay empty",
)  # fmt: skip
# What a placeholder is called is not read.
PLACEHOLDER = re.compile(r"%\(\w+\)s")
# For whoever hosts a community, on a terminal.
TERMINAL = ("app/platform/parked_events.py",)


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return translations.extracted()


def texts(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    for one in catalogue:
        for text in (one.id,) if isinstance(one.id, str) else one.id:
            if text and one.locations[0][0] not in TERMINAL:
                yield text, f"{one.locations[0][0]}:{one.locations[0][1]}"


def test_no_text_uses_a_word_that_has_a_better_one(catalogue: Catalog) -> None:
    found = [
        f"{where} {text!r} has {odd!r}"
        for text, where in texts(catalogue)
        for odd in ODD
        if re.search(odd, PLACEHOLDER.sub("…", text))
    ]
    assert not found, "\n".join(found)
