"""What a mail or a push says of some notifications."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, current_app, json, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from app.kernel.ids import MemberId
from app.notifications.delivery.queries import unsubscribe_token
from app.notifications.delivery.values import Batch, RenderedMail
from app.notifications.inbox.queries import url_of
from app.notifications.inbox.values import Notification
from app.notifications.inbox.words import sentence
from app.notifications.kinds.values import Channel, kind_named
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.settings import Settings
from app.platform.slots import Slot
from app.platform.subjects import NOBODY
from app.platform.web_push import TOPIC

Ways = Callable[[MemberId, Iterable[MemberId]], Mapping[MemberId, Any]]

DIGEST: Final = "digest"  # in place of a kind, in the link that ends all digests
EXCERPT: Final = 160  # letters of a text on a lock screen
_WAYS: Slot[list[Ways]] = Slot("ways", list)


@dataclass(frozen=True, slots=True)
class Line:
    """What is alike, told in one sentence."""

    said: str
    title: str  # of what it is about
    url: str
    text: str
    how: str  # how the reader knows the person
    group: str
    newest: Notification


def set_ways(app: Flask, ways: Ways) -> None:
    """The composition root says how a member knows others: trails by id."""
    _WAYS.on(app)[:] = [ways]


def lines_for(member_id: MemberId, news: Sequence[Notification]) -> list[Line]:
    """One line for all that is alike, the newest first."""
    folded: dict[str, list[Notification]] = {}
    for one in news:
        folded.setdefault(one.fold, []).append(one)
    actors = {one.actor_id for one in news if one.actor_id is not None}
    faces = cards(actors)
    known = _WAYS.here()
    ways = known[0](member_id, actors) if known and actors else {}
    return [_line(alike, faces, ways) for alike in folded.values()]


def render_mail(batch: Batch, name: str, lines: Sequence[Line]) -> RenderedMail:
    """The mail of one claim."""
    settings: Settings = current_app.config["KIN"]
    site = settings.public_url
    if batch.digest:
        count = len(lines)
        title = ngettext("%(num)s new notification", "%(num)s new notifications", count)
        subject, stops = _("Kinmarket: %(title)s", title=title), DIGEST
    else:
        title = subject = lines[0].said
        stops = lines[0].newest.kind
    fixed = kind_named(stops).fixed
    stop = None
    headers = {
        # The same on each try, so that a mail that came through twice is shown once.
        "Message-ID": f"<{batch.ids[0]}.{batch.round}@{urlsplit(site).hostname or 'localhost'}>",
        "Auto-Submitted": "auto-generated",
    }
    if not fixed:
        stop = f"{site}/unsubscribe/{unsubscribe_token(batch.member_id, stops, Channel.EMAIL.value)}"
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        headers["List-Id"] = f"{kind_named(stops).title} <{stops}.{urlsplit(site).hostname or 'localhost'}>"
    given = {
        "name": name,
        "title": title,
        "lines": lines,
        "site": site,
        "stop": stop,
        "digest": batch.digest,
    }
    return RenderedMail(
        subject=str(subject),
        text=render_template("mail/told.txt", **given),
        html=render_template("mail/told.html", **given),
        headers=headers,
    )


def push_payload(lines: Sequence[Line]) -> bytes:
    """What the service worker shows; small, for services take no more than four kilobytes."""
    first = lines[0]
    if len(lines) > 1:
        title = ngettext("%(num)s new notification", "%(num)s new notifications", len(lines))
        body, url = first.said, "/notifications"
    else:
        title, body, url = first.said, first.title or first.text or first.how, first.url
    shown = {"title": title[:EXCERPT], "body": body[:EXCERPT], "url": url, "tag": topic_of(lines)}
    return json.dumps(shown).encode()


def topic_of(lines: Sequence[Line]) -> str:
    """A later message of the same topic takes the place of one that was not seen yet."""
    what = lines[0].newest.fold if len(lines) == 1 else DIGEST
    return base64.urlsafe_b64encode(hashlib.sha256(what.encode()).digest()).decode()[:TOPIC]


def _line(alike: Sequence[Notification], faces: Mapping[MemberId, MemberCard], ways: Mapping[MemberId, Any]) -> Line:
    newest = alike[0]
    actors = list(dict.fromkeys(one.actor_id for one in alike if one.actor_id in faces))
    names = [faces[ident].name for ident in actors if ident is not None]
    way = ways.get(newest.actor_id or NOBODY) if len(actors) == 1 else None
    return Line(
        said=sentence(newest.kind, names, len(actors)),
        title=str(newest.data.get("title") or ""),
        # By way of the inbox where it marks several as read, or has more to say than the thing.
        url=f"/notifications/{newest.id}" if len(alike) > 1 or newest.data.get("text") else url_of(newest, faces),
        text=str(newest.data.get("text") or ""),
        how=str(way.words) if way is not None else "",
        group=kind_named(newest.kind).group.value,
        newest=newest,
    )
