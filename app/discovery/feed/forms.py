"""The settings of the feed: which boxes were ticked, and what other tabs have changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import request

from app.web.edits import Filled, begin_with, merge, read_base, sent_base, ticked

PERSONAL = "personal"
TOPIC = "topic"


def personal_form(on: bool) -> Filled:
    """What the form about the order of the feed begins with."""
    return begin_with({PERSONAL: ticked(on)})


def merged_personal(now: bool) -> bool:
    """As it was sent, or as it is where it was left alone."""
    sent = {PERSONAL: ticked(request.form.get(PERSONAL) == "on")}
    return bool(merge({PERSONAL: ticked(now)}, sent, sent_base())[PERSONAL])


def topics_form(topics: Iterable[tuple[str, bool]]) -> Filled:
    """What the form of topics begins with; each is a field of its own."""
    return begin_with({name: ticked(chosen) for name, chosen in topics})


def merged_topics(now: Sequence[str]) -> list[str]:
    """The topics ticked here, with those that another tab has chosen meanwhile."""
    base, wanted = sent_base(), request.form.getlist(TOPIC)
    offered = read_base(base)
    sent = {name: ticked(name in wanted) for name in dict.fromkeys([*offered, *wanted])}
    # What was not on the page was not unticked there; a form that says nothing says all.
    known = {name: ticked(name in now) for name in sent} | ({name: ticked(True) for name in now} if base else {})
    return [name for name, box in (known | merge(known, sent, base)).items() if box]
