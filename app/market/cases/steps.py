"""What was typed, made sound; and each step written down with its photos."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.errors import Invalid
from app.kernel.ids import CaseId, MemberId, PhotoId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.cases import rules
from app.market.cases.models import CasePhoto, CaseStep
from app.market.cases.queries import KIND, photo_count
from app.market.cases.values import (
    MAX_CARRIER_LENGTH,
    MAX_PHOTOS,
    MAX_PHOTOS_IN_ALL,
    MAX_TEXT_LENGTH,
    MAX_TRACKING_LENGTH,
    CaseAction,
    CaseRole,
    Given,
    Terms,
)
from app.platform.cleaning import clean_line, clean_text
from app.platform.database import db
from app.platform.files import attach_photos


@dataclass(frozen=True, slots=True)
class Said:
    """What comes along with a step."""

    text: str
    photo_ids: tuple[PhotoId, ...]
    carrier: str
    tracking: str


def said_in(given: Given, *, must: bool) -> Said:
    """Words, photos and the parcel; raises `Invalid` when words are missing that have to be there."""
    text = clean_text(given.text, MAX_TEXT_LENGTH)
    if must and not text:
        raise Invalid("Describe it in a few words.", code="text_missing")
    photos = tuple(dict.fromkeys(given.photo_ids))
    if len(photos) > MAX_PHOTOS:
        raise Invalid("Choose up to %(num)s photos.", code="too_many_photos", num=MAX_PHOTOS)
    carrier, tracking = clean_line(given.carrier, MAX_CARRIER_LENGTH), clean_line(given.tracking, MAX_TRACKING_LENGTH)
    return Said(text, photos, carrier, tracking)


def typed_amount(typed: str, like: Money) -> Money | None:
    """In the order's currency; None when nothing was typed."""
    return Money.parse(typed.strip(), like.currency) if typed.strip() else None


def typed_terms(given: Given, *, of: Money, pieces: int, sent: bool) -> Terms:
    """What somebody proposes or decides."""
    typed = given.quantity.strip()
    if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 6):
        raise Invalid("Choose how many, up to %(num)s.", code="bad_quantity", num=pieces)
    amount = typed_amount(given.amount, of)
    return rules.check_terms(given.way, amount, int(typed) if typed else None, of=of, pieces=pieces, sent=sent)


def add_step(
    case_id: CaseId,
    seq: int,
    action: CaseAction,
    who: CaseRole,
    actor: MemberId | None,
    said: Said,
    terms: Terms | None,
) -> None:
    """Write down what was done; nothing of it is changed later."""
    db.session.add(
        CaseStep(
            case_id=case_id,
            seq=seq,
            actor_id=actor,
            who=who.value,
            action=action.value,
            text=said.text,
            way=terms.way.value if terms else None,
            amount_minor=terms.to_buyer.minor if terms else None,
            quantity=terms.quantity if terms else None,
            carrier=said.carrier,
            tracking=said.tracking,
        )
    )
    db.session.flush()
    if not said.photo_ids or actor is None:
        return
    if photo_count(case_id) + len(said.photo_ids) > MAX_PHOTOS_IN_ALL:
        raise Invalid("This complaint has enough photos.", code="too_many_photos")
    attach_photos(actor, said.photo_ids, Subject(KIND, case_id))
    for position, photo_id in enumerate(said.photo_ids):
        db.session.add(CasePhoto(case_id=case_id, seq=seq, photo_id=photo_id, position=position))
    db.session.flush()
