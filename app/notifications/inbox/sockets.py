"""What a page tells of itself: it is visible, and what is on it."""

from __future__ import annotations

from app.kernel.errors import Invalid
from app.kernel.ids import MemberId
from app.kernel.subjects import Subject
from app.notifications.active_views.service import close_view, open_view
from app.notifications.inbox import queries, service
from app.notifications.inbox.rules import HANDLE, subject_of
from app.people.accounts.queries import find_member_id
from app.platform.limits import check_rate
from app.platform.realtime import Answer, Payload, socket_event

RATE = "240/minute"
MAX_TAB_LENGTH, MAX_PATH_LENGTH = 40, 300


@socket_event("screen:show")
def show(member_id: MemberId, data: Payload) -> Answer:
    """This page is before the reader's eyes: what was told of its thing is read, nothing more is told."""
    check_rate(f"screen:{member_id}", RATE)
    tab, path = _text(data, "tab", MAX_TAB_LENGTH), _text(data, "path", MAX_PATH_LENGTH)
    subject = subject_of(path)
    if subject is not None:
        service.mark_subject_read(member_id, subject)
        if subject.kind == HANDLE:
            found = find_member_id(subject.id)
            subject = Subject("member", str(found)) if found is not None else None
    open_view(member_id, tab, subject)
    return {"unread": queries.unread_count(member_id)}


@socket_event("screen:hide")
def hide(member_id: MemberId, data: Payload) -> Answer:
    """Covered or closed."""
    check_rate(f"screen:{member_id}", RATE)
    close_view(member_id, _text(data, "tab", MAX_TAB_LENGTH))
    return {}


@socket_event("notification:count")
def count(member_id: MemberId, _data: Payload) -> Answer:
    """How many lines are new."""
    check_rate(f"screen:{member_id}", RATE)
    return {"unread": queries.unread_count(member_id)}


def _text(data: Payload, name: str, longest: int) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest or "\x00" in value:
        raise Invalid("“%(name)s” must be a text.", code="bad_payload", name=name)
    return value
