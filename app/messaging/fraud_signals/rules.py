"""Reads a message as a careful friend would: which signs of fraud are there. No network, no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.kernel.later import Later
from app.kernel.look_alikes import drawn_in_latin, mixes_alphabets
from app.messaging.fraud_signals import phrases
from app.messaging.fraud_signals.values import HOLD_STRANGER, HOLD_TRUSTED, WEIGHTS, FraudSignal, Verdict

if TYPE_CHECKING:
    import phonenumbers
else:
    phonenumbers = Later("phonenumbers")  # only a message with many digits asks for it

_LINK = re.compile(r"(?<![a-z0-9_@])(?:(?:https?:)?//|www\.)[^\s<>\"'`{}|\\^\[\])]+", re.IGNORECASE)
# A bare name only with an ending that is no word: “see you at 8.to be sure” is none.
_BARE = re.compile(
    r"(?<![\w@/.-])(?:[\w-]{2,}\.)+(?:com|net|org|info|biz|xyz|top|shop|site|online|ru|cn|io|co|app|link|click)"
    r"(?:/[^\s<>\"']*)?(?![\w.-]*@)",
    re.IGNORECASE,
)
_DRESSED = re.compile(r"\[([^\]]{3,200})\]\(\s*<?(https?://[^)\s>]+)", re.IGNORECASE)
_DIGITS = re.compile(r"(?:\d[\s().-]?){7,}")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,4})?\b")
_WALLET = re.compile(
    r"\b(?:bc1[a-z0-9]{25,60}|[13][a-km-zA-HJ-NP-Z1-9]{26,34}|0x[0-9a-fA-F]{40}|T[1-9A-HJ-NP-Za-km-z]{33})\b"
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_SPACES = re.compile(r"[\W_]+")
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})
_SIMILAR = str.maketrans({"0": "o", "1": "l", "3": "e", "5": "s", "i": "l", "|": "l"})
_GAP = r"(?: \S+){0,4} "


def read(text: str, own_hosts: Iterable[str]) -> frozenset[FraudSignal]:
    """The signs in a message; links to this site are none."""
    found: set[FraudSignal] = set()
    own = frozenset(host.lower() for host in own_hosts)
    addresses = _LINK.findall(text) + _BARE.findall(text)
    for address in addresses:
        found |= _of_link(address, own)
    for shown, target in _DRESSED.findall(text):
        if _disguised(shown, target):
            found.add(FraudSignal.DISGUISED)
    folded = _folded(text)
    for sign, pattern in _patterns():
        if pattern.search(folded):
            found.add(sign)
    if _WALLET.search(text) or _has_iban(text):
        found.add(FraudSignal.ACCOUNT)
    if _DIGITS.search(text) and _has_phone(text):
        found.add(FraudSignal.PHONE)
    if not text.isascii() and any(mixes_alphabets(word) for word in _WORD.findall(text)):
        found.add(FraudSignal.MIXED_LETTERS)
    return frozenset(found)


def judge(signs: Iterable[FraudSignal], *, stranger: bool) -> Verdict:
    """What the signs weigh, coming from a stranger or from somebody the reader trusts."""
    seen = sorted(set(signs), key=list(FraudSignal).index)
    score = sum(WEIGHTS[sign][0 if stranger else 1] for sign in seen)
    shown = tuple(sign for sign in seen if WEIGHTS[sign][0 if stranger else 1])
    return Verdict(shown, score, score >= (HOLD_STRANGER if stranger else HOLD_TRUSTED))


def _of_link(address: str, own: frozenset[str]) -> set[FraudSignal]:
    host = _host(address)
    if not host or host in own:
        return set()
    if host in phrases.SHORTENERS:
        return {FraudSignal.SHORT_LINK}
    if _looks_like(host, own):
        return {FraudSignal.LOOKALIKE}
    return {FraudSignal.LINK}


def _host(address: str) -> str:
    if "//" not in address:
        address = f"//{address}"
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.lower().rstrip(".").removeprefix("www.")


def _looks_like(host: str, own: frozenset[str]) -> bool:
    """Whether a host wears the name of another: drawn alike, in front of a foreign name, one letter off."""
    shown = _decoded(host)
    known = {*phrases.KNOWN_HOSTS, *(one for one in own if "." in one and not one.replace(".", "").isdigit())}
    if host in known or any(host.endswith(f".{one}") for one in known):
        return False
    if any(mixes_alphabets(label) for label in shown.split(".")):
        return True
    skeleton = _skeleton(shown)
    for one in known:
        name = one.split(".")[0]
        bone = _skeleton(one)
        if skeleton in {bone, f"{_skeleton(name)}.{shown.rsplit('.', 1)[-1]}"} and shown != one:
            # Another country's branch of a shop has its plain name: amazon.de, vinted.fr.
            if shown.split(".")[0] != name:
                return True
            continue
        if len(name) >= 5 and re.search(rf"(?:^|[.-]){re.escape(name)}[.-]", shown.rsplit(".", 1)[0] + "."):
            labels = shown.split(".")
            if name not in labels[-2:-1] and name not in labels[-3:-2]:
                return True
            if name in labels[:-2] and labels[-2] not in {"co", "com", name}:
                return True
        if len(name) >= 6 and _one_off(shown.split(".")[-2] if "." in shown else shown, name):
            return True
    return False


def _decoded(host: str) -> str:
    labels = []
    for label in host.split("."):
        try:
            labels.append(label[4:].encode().decode("punycode") if label.startswith("xn--") else label)
        except UnicodeError:
            labels.append(label)
    return ".".join(labels)


@lru_cache(maxsize=1024)
def _skeleton(text: str) -> str:
    """Letters that are drawn alike become one: “раypa1” and “paypal” are the same."""
    return drawn_in_latin(text).translate(_SIMILAR).replace("rn", "m").replace("vv", "w")


def _one_off(word: str, name: str) -> bool:
    """One letter doubled, left out or two swapped; not another word of the same length."""
    if word == name or abs(len(word) - len(name)) > 1 or word[:1] != name[:1]:
        return False
    if len(word) == len(name):
        apart = [place for place, (one, other) in enumerate(zip(word, name, strict=True)) if one != other]
        return len(apart) == 2 and apart[1] == apart[0] + 1 and word[apart[0]] == name[apart[1]]
    longer, shorter = (word, name) if len(word) > len(name) else (name, word)
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(1, len(longer)))


def _disguised(shown: str, target: str) -> bool:
    """A link whose words name another place than it leads to."""
    named = _LINK.findall(shown) + _BARE.findall(shown)
    return bool(named) and _host(named[0]) != _host(target)


def _has_phone(text: str) -> bool:
    """A number that rings somewhere; without a country in front it is taken as a Swedish or German one."""
    return any(
        next(iter(phonenumbers.PhoneNumberMatcher(text[:2000], region, max_tries=20)), None) is not None
        for region in (None, "SE", "DE")
    )


def _has_iban(text: str) -> bool:
    for found in _IBAN.findall(text):
        plain = found.replace(" ", "")
        number = "".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])
        if len(plain) >= 15 and int(number) % 97 == 1:
            return True
    return False


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_PLAIN)
    return f" {_SPACES.sub(' ', plain)} "


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[FraudSignal, re.Pattern[str]], ...]:
    lists = (
        (FraudSignal.UNTRACEABLE, phrases.UNTRACEABLE),
        (FraudSignal.PAY_OUTSIDE, phrases.PAY_OUTSIDE),
        (FraudSignal.SECRET, phrases.SECRET),
        (FraudSignal.ELSEWHERE, phrases.ELSEWHERE),
    )
    return tuple((sign, re.compile("|".join(map(_pattern, lines.split("\n")[1:-1])))) for sign, lines in lists)


def _pattern(phrase: str) -> str:
    plain = re.escape(phrase).replace(r"\ \*\ ", _GAP).replace(r"\ ", " ")
    return f" {plain} " if phrase.isascii() else plain
