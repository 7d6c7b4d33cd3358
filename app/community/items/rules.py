"""When two things are one: numbers, addresses and titles compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from rapidfuzz import fuzz

from app.community.items.values import MAX_URL_LENGTH

# Titles at least so alike (0 to 100) are shown as "is it one of these?".
ALIKE = 72.0
_NEAR = 2
_PAIR = 2  # letters
_GTIN_LENGTHS = {8, 12, 13, 14}
_OTHER_NUMBER = 22.0  # with stems and joined words in the tokens two numbers still share much
_MAX_HOST_LENGTH = 253
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}", re.UNICODE)
_SAFE = "/:@!$&'()*+,;=~-._"

# What shops and networks put behind an address to see where a visitor came from.
_TRACKING = re.compile(
    r"utm_\w+|\w{0,3}clid|[gw]braid|_g[al]|mc_[ce]id|igsh(?:id)?|ref_?(?:src|url)?|spm|scm|srsltid"
    r"|_?hs(?:enc|mi)|oly_(?:anon|enc)_id|vero_id|mkt_tok|s_?cid|trk\w*|campaign_?id",
    re.IGNORECASE,
)


# What any question may say, whatever it is about, in English, Swedish, Danish and Chinese; as the search folds it.
_SAID = """
about advice anybody anyone anything around available bargain best better buying cheap could does find friendly
from good great have help here know knows like local looking near nearby need needs nice other people place
please really recommend recommendation reliable should small some somebody someone something somewhere still
suggest suggestions than that them there they thing things this town trust trusted used want wanted were what
when where which will with would year years your
andra basta behover billig billigt eller finns gillar hitta hjalp kanner mycket nagon nagot nara letar lita
rekommendera skulle soker till vill
anbefale bedste eller finde gerne hjaelp kende kender leder naerheden noget nogen skulle soger ville
谁知 知道 哪里 里有 有好 好的 誰知 哪裡 裡有 推薦 推荐 请问 請問
"""
_OF_ANY_QUESTION = frozenset(_SAID.split())


def is_telling(word: str) -> bool:
    """Whether a folded word of a question says what the question is about."""
    return word not in _OF_ANY_QUESTION


def is_near(shared: Iterable[tuple[str, bool]]) -> bool:
    """Whether something is what a question asks for, by the telling words that both have; and is each in its title?

    One word of the title is enough, elsewhere it takes two. A pair of letters without spaces between is half a word.
    """
    points = 0
    for word, in_title in shared:
        points += (1 if in_title else 0) if len(word) <= _PAIR else 2 if in_title else 1
    return points >= _NEAR


def gtin14(typed: str) -> str | None:
    """The number of 8, 12, 13 or 14 digits as 14; None when it is none or its check digit is wrong."""
    digits = re.sub(r"[\s\-‐-―.]", "", typed)
    if len(digits) not in _GTIN_LENGTHS or not (digits.isascii() and digits.isdigit()):
        return None
    whole = digits.zfill(14)
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(whole[:13]))
    if (weighted + int(whole[13])) % 10 or not int(whole):
        return None
    return whole


def web_address(typed: str) -> str | None:
    """An http address as it can be shown, without fragment; None when it is none."""
    text = typed.strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme.lower() not in {"http", "https"} or parts.username is not None:
        return None
    if len(host) > _MAX_HOST_LENGTH or not _HOST.fullmatch(host) or any(letter.isspace() for letter in text):
        return None
    where = host if port in {None, 80, 443} else f"{host}:{port}"
    path = _encoded(parts.path) or "/"
    query = f"?{parts.query}" if parts.query else ""
    found = f"{parts.scheme.lower()}://{where}{path}{query}"
    return found if len(found) <= MAX_URL_LENGTH and "<" not in found and '"' not in found else None


def url_key(address: str) -> str | None:
    """What stays of an address that `web_address` gave: the same for every way to write the place."""
    parts = urlsplit(address)
    host = parts.netloc.casefold().removeprefix("www.")
    kept = [(name, value) for name, value in _query(parts.query) if not _TRACKING.fullmatch(name)]
    path = parts.path.rstrip("/")
    query = f"?{urlencode(sorted(kept))}" if kept else ""
    key = f"{host}{path}{query}"
    return key if len(key) <= MAX_URL_LENGTH else None


def _query(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return [("", text)]


def _encoded(path: str) -> str:
    return quote(unquote(path), safe=_SAFE)


def alike(mine: str, theirs: str) -> float:
    """How alike two titles are, 0 to 100, given as the folded words that the search makes of them.

    Order and additions count little; another number ("12" for "13") counts.
    """
    if not mine or not theirs:
        return 0.0
    shared = fuzz.token_set_ratio(mine, theirs)
    whole = fuzz.token_sort_ratio(mine, theirs)
    score = 0.7 * shared + 0.3 * whole
    ours, others = _numbers(mine), _numbers(theirs)
    if not (ours <= others or others <= ours):
        score -= _OTHER_NUMBER
    return max(0.0, score)


def _numbers(tokens: str) -> set[str]:
    return {token for token in tokens.split() if any(letter.isdigit() for letter in token)}
