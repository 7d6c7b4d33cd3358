"""A room, a group and a request for the demo: what talking looks like beyond two people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from app.kernel.clock import clock
from app.kernel.ids import ConversationId, MemberId, MessageId
from app.messaging.conversations import changes
from app.messaging.conversations import service as chat
from app.messaging.groups.service import join_room, open_room
from app.trust.circle.queries import circle_of

_ROOM = (
    ("bo", "Welcome! This is for mending things instead of throwing them away. What is on your bench?"),
    ("greta", "A garden bench, two slats are gone. Does anybody have larch, 4 cm?"),
    ("hugo", "I have a whole plank in the cellar. @greta come and see it on Saturday?"),
    ("greta", "Wonderful, I bring cake. 🍰"),
    ("dana", "Who knows a good cobbler? The one by the station has closed."),
    ("bo", "Farid in Malmö does soles too, ask him kindly."),
)
_GROUP = (
    ("ana", "Shall we share a table at the school market on the 12th?"),
    ("dana", "Yes! I have two boxes of books and far too many puzzles."),
    ("bo", "I bring the trailer. And coffee, from Stilla."),
    ("ana", "Then I bake. Who is there at eight to set up?"),
    ("bo", "Eight is early. But yes."),
)
_STRANGER = "Hello Ana, I saw your recommendation of the kettle. Does it still keep the heat after a year?"
_FRAUD = (
    "Dear friend, I buy everything, please log in to confirm on http://paypa1.com/claim "
    "and send me the verification code, I pay with a steam card."
)


def gather(ids: Mapping[str, MemberId], at: datetime) -> None:
    """Whoever of these is in the demo talks; a small demo has few of them."""
    with clock.freeze(at) as held:
        _room(ids, lambda: held.advance(timedelta(minutes=17)))
        _group(ids, lambda: held.advance(timedelta(minutes=9)))
        _requests(ids)


def _room(ids: Mapping[str, MemberId], wait: Callable[[], None]) -> None:
    if "bo" not in ids:
        return
    room = open_room(ids["bo"], "Mend and make do, Lund", "Repairing, lending tools, finding parts.", "Lund")
    if "linmeiling" in ids:
        open_room(ids["linmeiling"], "哥本哈根中文圈", "买卖、推荐、聚会。", "København")
    _say(ids, room, _ROOM, wait, enter=True)


def _group(ids: Mapping[str, MemberId], wait: Callable[[], None]) -> None:
    people = [ids[handle] for handle in ("bo", "dana") if handle in ids]
    if "ana" not in ids or len(people) < 2:
        return
    group, _created = chat.start_conversation(ids["ana"], people, title="School market")
    for member_id in people:
        chat.answer_request(member_id, group, accept=True)
    said = _say(ids, group, _GROUP, wait)
    changes.react(ids["dana"], said[2], "🎉", on=True)
    changes.react(ids["ana"], said[2], "🎉", on=True)


def _requests(ids: Mapping[str, MemberId]) -> None:
    if "ana" not in ids:
        return
    near = circle_of(ids["ana"])
    strangers = [one for one in reversed(list(ids.values())) if one not in near and one != ids["ana"]]
    for stranger, words in zip(strangers, (_STRANGER, _FRAUD), strict=False):
        ident, _created = chat.start_conversation(stranger, [ids["ana"]])
        chat.send_message(stranger, ident, "demo-first", words)


def _say(
    ids: Mapping[str, MemberId],
    place: ConversationId,
    lines: Sequence[tuple[str, str]],
    wait: Callable[[], None],
    *,
    enter: bool = False,
) -> list[MessageId]:
    said = []
    for number, (handle, words) in enumerate(lines):
        if handle not in ids:
            continue
        if enter:
            join_room(ids[handle], place)
        sent = chat.send_message(ids[handle], place, f"demo-{number}", words)
        said.append(sent.id)
        wait()
    return said
