"""Who may be seen, and who only counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.kernel.ids import MemberId
from app.marketing.advocates.values import (
    MIN_IN_AGGREGATE,
    AdvocateReport,
    AdvocateRow,
    Tally,
)
from app.people.profiles.values import MemberCard

# Link previews of messengers and social networks, crawlers, and programs.
_ROBOTS = (
    *("bot", "crawl", "spider", "preview", "slurp", "facebookexternalhit", "meta-external"),
    *("whatsapp", "skypeuripreview", "snapchat", "embedly", "iframely", "vkshare", "pinterest/", "tumblr"),
    *("googleother", "mastodon", "akkoma", "pleroma", "misskey", "headless"),
    *("curl", "wget", "python-", "httpx", "aiohttp", "go-http-client", "java/", "okhttp", "axios", "node-fetch"),
)
_FETCHED_AHEAD = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz", "X-Preview")


def is_robot(user_agent: str) -> bool:
    """Link previews and crawlers say so themselves; nobody else is guessed at."""
    agent = user_agent.lower()
    return not agent or any(word in agent for word in _ROBOTS)


def may_be_a_person(headers: Mapping[str, str]) -> bool:
    """Neither a robot nor a browser that fetches ahead what may never be looked at."""
    ahead = " ".join(headers.get(name, "") for name in _FETCHED_AHEAD).lower()
    fetched_ahead = any(word in ahead for word in ("prefetch", "preview", "prerender"))
    return not fetched_ahead and not is_robot(headers.get("User-Agent", ""))


def report_of(rows: Iterable[tuple[MemberId, bool, Tally]], faces: Mapping[MemberId, MemberCard]) -> AdvocateReport:
    """Named ones best first; a sum that hid fewer than five unnamed ones would tell on them."""
    named: list[AdvocateRow] = []
    hidden: list[Tally] = []
    for member_id, agreed, tally in rows:
        if agreed and member_id in faces:
            named.append(AdvocateRow(faces[member_id], tally))
        else:
            hidden.append(tally)
    named.sort(key=lambda row: (-row.tally.signups, -row.tally.visits, row.member.name))
    shown = sum((row.tally for row in named), Tally())
    together = sum(hidden, Tally()) if len(hidden) >= MIN_IN_AGGREGATE else None
    return AdvocateReport(
        named=tuple(named),
        unnamed=len(hidden),
        unnamed_tally=together,
        total=shown + together if together else shown,
    )
