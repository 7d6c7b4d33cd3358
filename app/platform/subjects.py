"""Things that others point at: each room's `subject.py` describes its kind here, once.

Who may see a thing is said in one place, the kind's `visible_to`, and asked by every door: page,
list, count, search, feed, notification, API, socket, photo, preview and export.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import BindParameter, ColumnElement, Integer, Select, String, bindparam, literal, select, union_all

from app.kernel.errors import NotFound
from app.kernel.ids import MemberId, PhotoId, ReportId
from app.kernel.subjects import Subject
from app.platform.database import db

NOBODY = MemberId(0)  # no member has this id: a visitor who is not signed in
# Who looks: a member's id, None for a visitor, or a parameter of a statement that is built once.
Looker = MemberId | BindParameter[int] | None
Condition = ColumnElement[bool]
_EXTENSION = "kin_subjects"


class State(StrEnum):
    """What has become of a thing, whoever looks."""

    HERE = "here"
    CLOSED = "closed"  # sold, ended: still to be seen, not acted on any more
    REMOVED = "removed"


# What a removal took and must be known to put it back, as JSON; a `photo_id` in it is kept from the sweep.
Taken = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A decision of the moderators, as the room of the thing has to know it."""

    moderator_id: MemberId
    report_id: ReportId | None = None
    taken: Taken = field(default_factory=dict)  # when it is undone: what it took


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What can be said of a thing in one line, without asking who looks."""

    owner_id: MemberId | None
    title: str
    url: str
    made_at: datetime
    state: State = State.HERE
    photo_id: PhotoId | None = None
    excerpt: str = ""  # the words themselves, for whoever decides about them
    note: str = ""  # a few words for a card below a link
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a room says of its things. `key` is the column of their ids."""

    name: str
    key: ColumnElement[Any]
    # One condition on the rows of the kind's table.
    visible_to: Callable[[Looker], Condition]
    # For many ids in one statement; what never was is left out, what was removed is not.
    facts: Callable[[Sequence[str]], Mapping[str, Facts]]
    # Whether the photo hangs on the row; without it the kind has no photos.
    has_photo: Callable[[BindParameter[str]], Condition] | None = None
    # Who may see the photos, where that is not who may see the thing.
    photos_to: Callable[[Looker], Condition] | None = None
    # Whether members can say what they think of it, through an item that stands for it.
    recommendable: bool = False
    # The thing of this kind that a member speaks for: whoever is tied to it must say what they get.
    party_of: Callable[[MemberId], str | None] | None = None
    # After a decision of the moderators; None when it was gone already: again changes nothing.
    remove: Callable[[Any, Ruling], Taken | None] | None = None
    # When that decision is undone; what its owner took away meanwhile, or had before, stays away.
    restore: Callable[[Any, Ruling], None] | None = None
    # What moderators get to see, given what the report names and who reports (None: a moderator), where
    # that is not what everybody sees.
    reported: Callable[[Any, MemberId | None], Facts | None] | None = None
    # `/prefix/name` is the address of one: such links in messages become cards.
    link: str = ""
    # The ids by the names in these addresses, where the names are not the ids.
    named: Callable[[Sequence[str]], Mapping[str, str]] | None = None

    def ids(self, ids: Iterable[str]) -> list[Any]:
        """Ids as the key's column holds them; what cannot be one is left out."""
        if isinstance(self.key.type, Integer):
            return [int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 10]
        return list(ids)


# Whether a viewer keeps a photo though it hangs on nothing they see: given both, a statement that answers a row then.
PhotoKeeper = Callable[[BindParameter[int], BindParameter[str]], Select[Any]]


@dataclass(slots=True)
class _Registry:
    kinds: dict[str, Kind] = field(default_factory=dict)
    photo_keepers: list[PhotoKeeper] = field(default_factory=list)
    photo_statement: Any = None


def init_subjects(app: Flask) -> None:
    """An application begins without kinds; assembly lets the rooms register theirs."""
    app.extensions[_EXTENSION] = _Registry()


def register_kind(app: Flask, kind: Kind) -> None:
    """One kind of things; registering again replaces."""
    found: _Registry = app.extensions[_EXTENSION]
    found.kinds[kind.name] = kind
    found.photo_statement = None


def register_photo_keeper(app: Flask, keeper: PhotoKeeper) -> None:
    """Somebody who has a right to a photo beside those who see the thing that it hangs on."""
    found: _Registry = app.extensions[_EXTENSION]
    found.photo_keepers.append(keeper)
    found.photo_statement = None


def kinds() -> Mapping[str, Kind]:
    """All kinds by name."""
    return _registry().kinds


def find_kind(name: str) -> Kind | None:
    """The kind of this name."""
    return kinds().get(name)


def visible_to(kind: str, viewer: Looker) -> Condition:
    """The kind's condition, for rooms that cannot import the one that says it."""
    return kinds()[kind].visible_to(viewer)


def visible(viewer_id: MemberId | None, kind: str, ids: Iterable[str]) -> frozenset[str]:
    """Those of the ids that the viewer may see; one statement. Of an unknown kind: none."""
    found, wanted = find_kind(kind), list(ids)
    if found is None or not wanted:
        return frozenset()
    query = select(found.key).where(found.key.in_(found.ids(wanted)), found.visible_to(viewer_id))
    return frozenset(str(one) for one in db.session.scalars(query))


def is_visible(viewer_id: MemberId | None, subject: Subject) -> bool:
    """Ask whether the viewer may see one thing."""
    return bool(visible(viewer_id, subject.kind, [subject.id]))


def require_visible(viewer_id: MemberId | None, subject: Subject, message: str) -> None:
    """Raises `NotFound` with the message when the viewer may not see it."""
    if not is_visible(viewer_id, subject):
        raise NotFound(message)


def facts_of(subjects: Iterable[Subject]) -> dict[Subject, Facts]:
    """What can be said of these; one statement for each kind among them."""
    by_kind: dict[str, list[str]] = {}
    for one in subjects:
        by_kind.setdefault(one.kind, []).append(one.id)
    found: dict[Subject, Facts] = {}
    for name, ids in by_kind.items():
        kind = find_kind(name)
        if kind is not None:
            found.update((Subject(name, ident), facts) for ident, facts in kind.facts(ids).items())
    return found


def find_facts(subject: Subject) -> Facts | None:
    """Read what can be said of one thing."""
    return facts_of([subject]).get(subject)


def find_party(owner_id: MemberId) -> Subject | None:
    """The thing that the member speaks for, a store say."""
    for kind in kinds().values():
        ident = kind.party_of(owner_id) if kind.party_of else None
        if ident is not None:
            return Subject(kind.name, ident)
    return None


def photo_audience(viewer_id: MemberId | None, photo_id: PhotoId) -> tuple[bool, bool]:
    """Whether the viewer, and whether anybody, may see something that the photo hangs on; one statement."""
    registry = _registry()
    if registry.photo_statement is None:
        registry.photo_statement = _photo_statement(registry.kinds.values(), registry.photo_keepers)
    if registry.photo_statement is None:
        return False, False
    rows = db.session.execute(registry.photo_statement, {"viewer": viewer_id or NOBODY, "photo": photo_id})
    seen = set(rows.scalars())
    return "viewer" in seen, "anybody" in seen


def _photo_statement(kinds: Iterable[Kind], keepers: Iterable[PhotoKeeper]) -> Any:
    viewer, photo = bindparam("viewer", type_=Integer()), bindparam("photo", type_=String())
    parts = [keeper(viewer, photo).limit(1) for keeper in keepers]
    for kind in kinds:
        if kind.has_photo is None:
            continue
        hangs = kind.has_photo(photo)
        for audience, looker in (("viewer", viewer), ("anybody", None)):
            parts.append(
                select(literal(audience))
                .select_from(_table_of(kind))
                .where(hangs, (kind.photos_to or kind.visible_to)(looker))
                .limit(1)
            )
    return union_all(*(select(part.subquery()) for part in parts)) if parts else None


def _table_of(kind: Kind) -> Any:
    return cast("Any", kind.key).table


def _registry() -> _Registry:
    found: _Registry = current_app.extensions[_EXTENSION]
    return found
