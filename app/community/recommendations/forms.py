"""The form of a recommendation: what was sent, and what it begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict

from app.community.recommendations.rules import check_photo_count
from app.community.recommendations.values import MAX_ALT_LENGTH, MAX_PHOTOS, Endorsement, RecommendationPhotoView
from app.kernel.errors import Invalid
from app.platform.files import owned_photos, store_photo

Sent = ImmutableMultiDict[str, str] | MultiDict[str, str]
Files = ImmutableMultiDict[str, FileStorage] | MultiDict[str, FileStorage]


@dataclass(frozen=True, slots=True)
class SayForm:
    """Kept as typed, so that nothing is lost when something is wrong with it."""

    stance: str = ""
    text: str = ""
    rating: str = ""
    disclosure: str = ""
    photos: tuple[RecommendationPhotoView, ...] = field(default=())

    @property
    def number(self) -> float | None:
        """The rating; raises `Invalid`."""
        if not self.rating:
            return None
        try:
            return float(self.rating)
        except ValueError as problem:
            raise Invalid(_("A rating is from 1 to 5."), code="bad_rating") from problem


def form_of(said: Endorsement | None) -> SayForm:
    """What the member says now, or an empty form. Whether it was paid for is never answered for them."""
    if said is None:
        return SayForm(stance="recommend")
    return SayForm(
        stance=said.stance,
        text=said.text,
        rating="" if said.rating is None else f"{said.rating:g}",
        disclosure=said.disclosure,
        photos=tuple(RecommendationPhotoView(one.id, one.alt) for one in said.photos),
    )


def read_form(sent: Sent) -> SayForm:
    """The words, without the photos."""
    return SayForm(
        stance=sent.get("stance", ""),
        text=sent.get("text", ""),
        rating=sent.get("rating", "").strip(),
        disclosure=sent.get("disclosure", ""),
    )


def with_photos(form: SayForm, me: int, sent: Sent, files: Files) -> tuple[SayForm, str | None]:
    """The form with the photos kept from before and those just sent; and what was refused."""
    dropped = set(sent.getlist("drop_photo"))
    before = [one for one in sent.getlist("photo_id") if one not in dropped][:MAX_PHOTOS]
    mine = owned_photos(me, before)
    kept = [RecommendationPhotoView(one, _alt(sent, one)) for one in before if one in mine]
    new = [file for file in files.getlist("photos") if file.filename]
    refused: str | None = None
    try:
        check_photo_count(len(kept) + len(new))
        kept.extend(RecommendationPhotoView(_stored(me, file)) for file in new)
    except Invalid as problem:
        refused = problem.message
    return replace(form, photos=tuple(kept)), refused


def _alt(sent: Mapping[str, str], photo_id: str) -> str:
    return sent.get(f"alt_{photo_id}", "")[:MAX_ALT_LENGTH]


def _stored(me: int, file: FileStorage) -> str:
    try:
        return store_photo(file.stream, me).id
    except Invalid as problem:
        raise Invalid(f"{file.filename}: {problem.message}", code=problem.error_code) from problem
