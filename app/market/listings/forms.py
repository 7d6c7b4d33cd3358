"""The market's forms, and how its codes are called in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.kernel.errors import Invalid
from app.kernel.ids import MemberId, PhotoId
from app.kernel.money import MAX_TYPED_LENGTH
from app.kernel.vocabulary import OTHER
from app.market.listings.prices import read_limit, usual_currency
from app.market.listings.values import (
    CURRENCIES,
    HIGHEST_MAJOR,
    MOST_KM,
    PLACE_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    ListingDraft,
    ListingKind,
    MarketFilter,
    Sort,
)
from app.platform.markup import strip_invisible
from app.platform.vocabulary.reading import vocabulary
from app.web.categories import CategoryField
from app.web.edits import EditForm

KIND_LABELS = {
    "sale": _l("For sale"),
    "auction": _l("Auction"),
    "swap": _l("Swap"),
    "give": _l("Give away"),
    "wanted": _l("Wanted"),
    "service": _l("Service"),
}
CONDITION_LABELS = {
    "new": _l("New"),
    "like_new": _l("Like new"),
    "good": _l("Good"),
    "fair": _l("Fair"),
    "for_parts": _l("For parts"),
}
STATUS_LABELS = {
    "draft": _l("Draft"),
    "active": _l("Open"),
    "reserved": _l("Reserved"),
    "sold": _l("Sold"),
    "removed": _l("Removed"),
}
SORT_LABELS = {
    "newest": _l("Newest"),
    "price": _l("Lowest price"),
    "trust": _l("Most trusted"),
    "near": _l("Nearest"),
}
AUDIENCE_LABELS = {
    "0": _l("Everyone"),
    "1": _l("People I trust"),
    # Translators: people whom somebody knows through others
    "2": _l("Up to 2 steps from me"),
    "3": _l("Up to 3 steps from me"),
}
WIDEN_LABELS = {
    "0": _l("No"),
    "1": _l("1 step farther every day"),
    "3": _l("1 step farther every 3 days"),
    "7": _l("1 step farther every week"),
}
WIDEN_TO_LABELS = {"0": _l("Everyone sees it"), "2": _l("Up to 2 steps from me"), "3": _l("Up to 3 steps from me")}
DISTANCE_LABELS = {
    "": _l("Anyone"),
    "1": _l("People I trust"),
    "2": _l("Up to 2 steps"),
    "3": _l("Up to 3 steps"),
}
_LABELS: dict[str, dict[str, Any]] = {
    "kind": KIND_LABELS,
    "condition": CONDITION_LABELS,
    "listing_status": STATUS_LABELS,
    "sort": SORT_LABELS,
    "distance": DISTANCE_LABELS,
    "audience": AUDIENCE_LABELS,
}
PHOTOS = "photo_id"
PAGE = 24
MOST_SHOWN = 10 * PAGE  # of a list that is shown again as far as it was open
POSTABLE = [kind for kind in ListingKind if kind is not ListingKind.AUCTION]


class ListingForm(EditForm):
    """Posting and editing."""

    TOGETHER = (("price", "currency"), ("audience", "widen_days", "widen_to"))

    kind = SelectField(
        _l("What is it?"),
        choices=[SelectChoice(kind.value, KIND_LABELS[kind]) for kind in POSTABLE],
        default="sale",
    )
    title = StringField(
        _l("Title"),
        [InputRequired(_l("Enter a title.")), Length(max=TITLE_LENGTH)],
        description=_l("A few words, such as “Moccamaster, one owner”."),
    )
    photos = MultipleFileField(
        _l("Photos"),
        description=_l("Up to 10 photos. The first one is the cover. We remove location data."),
    )
    category = CategoryField(_l("Category"), default=OTHER)
    condition = SelectField(
        _l("Condition"),
        choices=[SelectChoice("", _l("Choose…")), *(SelectChoice(*one) for one in CONDITION_LABELS.items())],
    )
    # A text, for people write 12,50 or 1 000: `kernel.money` reads it with the currency beside it.
    price = StringField(_l("Price"), [Optional(), Length(max=MAX_TYPED_LENGTH)], render_kw={"inputmode": "decimal"})
    currency = SelectField(_l("Currency"), choices=list(CURRENCIES), default="EUR")
    place = StringField(
        _l("Place"),
        [Optional(), Length(max=PLACE_LENGTH)],
        description=_l("A town or neighbourhood. Never your home address."),
    )
    description = TextAreaField(
        _l("Description"),
        [Optional(), Length(max=TEXT_LENGTH)],
        description=_l("Size, age, flaws, pickup or delivery. You can use **bold**, lists and links."),
    )

    audience = SelectField(
        _l("Who can see it?"),
        choices=[SelectChoice(*one) for one in AUDIENCE_LABELS.items()],
        default="0",
        coerce=int,
        description=_l("Steps are counted from you: your friends are 1 step away, their friends 2."),
    )
    widen_days = SelectField(
        _l("Show it to more people over time?"),
        choices=[SelectChoice(*one) for one in WIDEN_LABELS.items()],
        default="0",
        coerce=int,
    )
    widen_to = SelectField(
        # Translators: more people see it step by step; followed by a choice such as “Everyone sees it”
        _l("Until"),
        choices=[SelectChoice(*one) for one in WIDEN_TO_LABELS.items()],
        default="0",
        coerce=int,
    )

    def draft(self) -> ListingDraft:
        """What the form says, for the service to judge."""
        return ListingDraft(
            kind=self.kind.data,
            title=self.title.data or "",
            description=self.description.data or "",
            category=self.category.data,
            condition=self.condition.data or None,
            price=self.price.data,
            currency=self.currency.data,
            place=self.place.data or "",
            audience=self.audience.data,
            widen_days=self.widen_days.data,
            widen_to=self.widen_to.data,
        )

    def of_photos(self, photos: Mapping[PhotoId, str]) -> Self:
        """With the photos and what is to be seen on each, the cover first."""
        self.beside = {PHOTOS: " ".join(photos)} | {f"alt_{one}": alt for one, alt in photos.items()}
        return self

    def merged(self, now: ListingDraft, photos: dict[PhotoId, str]) -> tuple[ListingDraft, dict[PhotoId, str]]:
        """What was changed here, and the rest as it is now."""
        theirs = ListingForm(formdata=None, obj=now).of_photos(photos)
        # A photo that has come meanwhile has its words from there.
        self.beside = theirs.beside | self.beside
        self.merge_with(theirs)
        return self.draft(), self.photos_beside()

    def photos_beside(self) -> dict[PhotoId, str]:
        """The photos and their words, as they stand beside the fields."""
        return {PhotoId(one): self.beside.get(f"alt_{one}", "") for one in self.beside[PHOTOS].split()}


def labels(name: str) -> dict[str, str]:
    """What the codes are called in the reader's language: `labels("kind")["give"]`."""
    return _labels_in(name, str(get_locale() or "en"))


@lru_cache(maxsize=128)
def _labels_in(name: str, _locale: str) -> dict[str, str]:
    # A page of the market has a hundred of these; looking each up anew was a tenth of its cost.
    return {code: str(label) for code, label in _LABELS[name].items()}


def read_filter(args: Mapping[str, str], viewer_id: MemberId | None, *, strict: bool = False) -> MarketFilter:
    """The market's filter from an address; what makes no sense there is left out, or (`strict`) raises `Invalid`.

    A price is in the currency that is named, else in the viewer's usual one.
    """
    hops = args.get("distance") or args.get("max_distance_hops") or ""
    sort = args.get("sort", "")
    typed = args.get("max_price", "").strip()
    currency = _one_of(args.get("currency"), CURRENCIES)
    if currency is None and (typed or sort == Sort.CHEAPEST):
        currency = usual_currency(viewer_id)
    return MarketFilter(
        q=args.get("q", "").strip()[:100],
        category=vocabulary().key_of(args.get("category", "")),
        kind=_one_of(args.get("kind"), [kind.value for kind in ListingKind]),
        max_price=read_limit(typed, currency, strict=strict) if currency else None,
        currency=currency,
        near=strip_invisible(args.get("near", "")).strip()[:PLACE_LENGTH],
        max_km=_kilometres(args.get("max_km", ""), strict=strict),
        hops=int(hops) if hops in {"1", "2", "3"} else None,
        sort=Sort(sort) if sort in list(Sort) else Sort.NEWEST,
    )


def _kilometres(typed: str, *, strict: bool) -> int | None:
    typed = typed.strip()
    if typed.isascii() and typed.isdecimal() and 1 <= int(typed[:6]) <= MOST_KM:
        return int(typed)
    if typed and strict:
        raise Invalid("max_km must be a whole number from 1 to %(most)s", code="bad_distance", most=MOST_KM)
    return None


def shown_before(given: str | None) -> int:
    """How many listings the reader had open, in whole pages; 0 for a list that begins."""
    if given is None or not given.isascii() or not given.isdecimal():
        return 0
    pages = -(-int(given[:6]) // PAGE)
    return min(pages * PAGE, MOST_SHOWN)


def is_typing(address: str, words: str) -> bool:
    """Whether the words only go on from those of the address: half a word is no step to go back to."""
    before = parse_qs(urlsplit(address).query).get("q", [""])[0].strip()
    return before != words and (words.startswith(before) or before.startswith(words))


def _one_of(value: str | None, allowed: Any) -> str | None:
    return value if value in allowed else None


def price_field(value: object) -> Decimal | str | None:
    """A price of a JSON body: a number, or a text that is read as typed ones are."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Invalid("the price must be a number", code="bad_price")
    if isinstance(value, str):
        if any(letter.isdecimal() for letter in value):
            return value
    elif abs(value) <= HIGHEST_MAJOR:  # neither infinity nor what is no number
        return Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    raise Invalid("the price must be a number", code="bad_price")
