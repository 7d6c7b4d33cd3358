"""The writes of public faces."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import MemberId
from app.kernel.subjects import Subject
from app.kernel.titles import is_name
from app.people.accounts.models import Member
from app.people.accounts.queries import get_member, require_active, roles_of
from app.people.accounts.service import check_name, check_not_somebody_else
from app.people.accounts.values import MAX_NAME_LENGTH, STAFF
from app.people.profiles.events import ProfileChanged
from app.people.profiles.values import MAX_BIO_LENGTH, MAX_PLACE_LENGTH, ProfileDraft
from app.platform.database import db, unit_of_work
from app.platform.files import attach_photos, delete_photo, store_photo
from app.platform.locales import LOCALES
from app.platform.markup import clean_line, clean_text
from app.platform.places.lookup import learn


def edit_profile(actor: MemberId, *, name: str, bio: str, place: str, discreet: bool) -> None:
    """The member's own words about themselves."""
    learn(place)
    change_profile(actor, lambda _now: ProfileDraft(name=name, bio=bio, place=place, discreet=discreet))


def change_profile(actor: MemberId, change: Callable[[ProfileDraft], ProfileDraft]) -> None:
    """Change what the member says of themselves; `change` gets the words as they are now, held until the commit."""
    with unit_of_work() as work:
        require_active(actor)
        # Must not shut out rows that point at the member.
        lock = {"key_share": True}
        member = db.session.get(Member, actor, populate_existing=True, with_for_update=lock)
        if member is None:
            raise NotFound("This member doesn’t exist.")
        now = ProfileDraft(name=member.name, bio=member.bio, place=member.place, discreet=member.discreet)
        wanted = change(now)
        name = clean_line(wanted.name, MAX_NAME_LENGTH)
        if not is_name(name):
            raise Invalid("Enter a name.", code="bad_name")
        if not roles_of(actor) & STAFF:
            check_name(name)
            if name != now.name:
                check_not_somebody_else(name, actor)
        member.name, member.discreet = name, wanted.discreet
        member.bio, member.place = clean_text(wanted.bio, MAX_BIO_LENGTH), clean_line(wanted.place, MAX_PLACE_LENGTH)
        work.record(ProfileChanged(member_id=actor))


def set_avatar(actor: MemberId, stream: IO[bytes]) -> None:
    """A new picture in place of the old; raises `Invalid` when it is none."""
    photo = store_photo(stream, actor)
    with unit_of_work() as work:
        require_active(actor)
        member = get_member(actor)
        attach_photos(actor, [photo.id], Subject("member", str(actor)))
        old, member.avatar_id = member.avatar_id, photo.id
        work.record(ProfileChanged(member_id=actor))
    if old:
        delete_photo(old)


def remove_avatar(actor: MemberId) -> None:
    """Back to the coloured initial."""
    with unit_of_work() as work:
        require_active(actor)
        member = get_member(actor)
        old, member.avatar_id = member.avatar_id, None
        work.record(ProfileChanged(member_id=actor))
    if old:
        delete_photo(old)


def check_language(name: str) -> None:
    """Raises `Invalid` unless there are texts in that language."""
    if name not in LOCALES:
        raise Invalid("Choose a language from the list.", code="bad_language")


def choose_language(actor: MemberId, name: str) -> None:
    """What pages, mails and pushes are written in for the member; raises `Invalid`."""
    check_language(name)
    with unit_of_work():
        get_member(actor).locale = name
