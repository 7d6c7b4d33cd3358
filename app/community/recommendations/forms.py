"""The form of a recommendation: what was sent, and what it begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict

from app.community.recommendations.rules import check_photo_count
from app.community.recommendations.values import MAX_ALT_LENGTH, MAX_PHOTOS, Endorsement, RecommendationPhotoView
from app.kernel.errors import Invalid
from app.kernel.ids import MemberId, PhotoId
from app.platform.files import owned_photos, store_photo
from app.platform.wording import worded
from app.web.edits import ChangedMeanwhile, merge, sent_base

Sent = ImmutableMultiDict[str, str] | MultiDict[str, str]
PHOTOS: Final = "photos"
Files = ImmutableMultiDict[str, FileStorage] | MultiDict[str, FileStorage]


@dataclass(frozen=True, slots=True)
class SayForm:
    """Kept as typed, so that nothing is lost when something is wrong with it."""

    stance: str = ""
    text: str = ""
    rating: str = ""
    disclosure: str = ""
    photos: tuple[RecommendationPhotoView, ...] = field(default=())

    def texts(self) -> dict[str, str]:
        """What the fields say, by name."""
        alts = {f"alt_{one.id}": one.alt for one in self.photos}
        photos = " ".join(one.id for one in self.photos)
        words = {"stance": self.stance, "text": self.text, "rating": self.rating, "disclosure": self.disclosure}
        return {**words, PHOTOS: photos, **alts}

    def with_texts(self, texts: Mapping[str, str]) -> SayForm:
        """Make a form of these texts."""
        photos = tuple(
            RecommendationPhotoView(PhotoId(one), texts.get(f"alt_{one}", "")) for one in texts[PHOTOS].split()
        )
        words = {name: texts[name] for name in ("stance", "text", "rating", "disclosure")}
        return SayForm(**words, photos=photos)

    def merged(self, now: Mapping[str, Any]) -> dict[str, Any]:
        """What was changed here, and the rest as it is `now`; raises `ChangedMeanwhile` or `Invalid`."""
        theirs = _form_now(now).texts()
        form = self.with_texts(theirs | merge(theirs, self.texts(), sent_base()))
        return {
            "stance": form.stance,
            "text": form.text,
            "rating": form.number,
            "disclosure": form.disclosure,
            "photos": form.photos,
        }

    def given_back(self, problem: ChangedMeanwhile) -> SayForm:
        """The form for another look: where both changed the photos, these and those."""
        fields = {**problem.now, **problem.fields}
        if PHOTOS in problem.theirs:
            both = dict.fromkeys([*fields[PHOTOS].split(), *problem.theirs[PHOTOS].split()])
            fields[PHOTOS] = " ".join(list(both)[:MAX_PHOTOS])
        return self.with_texts(fields)

    @property
    def number(self) -> float | None:
        """The rating; raises `Invalid`."""
        if not self.rating:
            return None
        try:
            return float(self.rating)
        except ValueError as problem:
            raise Invalid("Choose a rating from 1 to 5.", code="bad_rating") from problem


def form_of(said: Endorsement | None) -> SayForm:
    """What the member says now, or an empty form. Whether it was paid for is never answered for them."""
    if said is None:
        return SayForm(stance="recommend")
    return SayForm(
        stance=said.stance,
        text=said.text,
        rating=_rating(said.rating),
        disclosure=said.disclosure,
        photos=tuple(RecommendationPhotoView(one.id, one.alt) for one in said.photos),
    )


def _form_now(now: Mapping[str, Any]) -> SayForm:
    return SayForm(
        stance=now["stance"],
        text=now["text"],
        rating=_rating(now["rating"]),
        disclosure=now["disclosure"],
        photos=tuple(now["photos"]),
    )


def _rating(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def read_form(sent: Sent) -> SayForm:
    """The words, without the photos."""
    return SayForm(
        stance=sent.get("stance", ""),
        text=sent.get("text", ""),
        rating=sent.get("rating", "").strip(),
        disclosure=sent.get("disclosure", ""),
    )


def with_photos(form: SayForm, me: MemberId, sent: Sent, files: Files) -> tuple[SayForm, str | None]:
    """The form with the photos kept from before and those just sent; and what was refused."""
    dropped = set(sent.getlist("drop_photo"))
    before = [PhotoId(one) for one in sent.getlist("photo_id") if one not in dropped][:MAX_PHOTOS]
    mine = owned_photos(me, before)
    kept = [RecommendationPhotoView(one, _alt(sent, one)) for one in before if one in mine]
    new = [file for file in files.getlist("photos") if file.filename]
    refused: str | None = None
    try:
        check_photo_count(len(kept) + len(new))
        kept.extend(RecommendationPhotoView(_stored(me, file)) for file in new)
    except Invalid as problem:
        refused = worded(problem)
    return replace(form, photos=tuple(kept)), refused


def _alt(sent: Mapping[str, str], photo_id: PhotoId) -> str:
    return sent.get(f"alt_{photo_id}", "")[:MAX_ALT_LENGTH]


def _stored(me: MemberId, file: FileStorage) -> PhotoId:
    try:
        return store_photo(file.stream, me).id
    except Invalid as problem:
        raise Invalid(
            "%(filename)s: %(problem)s", code=problem.error_code, filename=file.filename, problem=problem
        ) from problem
