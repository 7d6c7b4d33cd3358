"""The terms between a seller and a buyer, why they are these, and what they say in words."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from app.kernel.errors import Invalid
from app.kernel.ids import MemberId
from app.kernel.money import Money
from app.market.terms.models import SellerTerms
from app.market.terms.rules import deposit_of, terms_for
from app.market.terms.values import DEFAULT, Beyond, Choice, Terms, TermsView
from app.people.accounts.models import Member
from app.people.profiles.queries import cards
from app.platform.database import db
from app.platform.formats import money
from app.trust.circle.queries import circle_of, trail_to, ways_to_each


def choice_of(seller_id: MemberId) -> Choice:
    """What the seller has chosen, or what holds as long as they have not."""
    row = db.session.get(SellerTerms, seller_id)
    if row is None:
        return DEFAULT
    return Choice(steps=row.steps, ways=row.ways, beyond=Beyond(row.beyond), percent=row.percent, verified=row.verified)


def terms_between(seller_id: MemberId, buyer_id: MemberId) -> Terms:
    """By the ways that lead from the seller to the buyer and may be told."""
    choice = choice_of(seller_id)
    distance = circle_of(seller_id).distance(buyer_id)
    # Of who is near enough by the steps nobody asks for the ways, which take longer to count.
    near = distance is not None and distance <= choice.steps
    ways = 0 if near or distance is None else ways_to_each(seller_id, [buyer_id]).get(buyer_id, 0)
    return terms_for(distance, ways, choice)


def terms_shown(seller_id: MemberId, buyer_id: MemberId, price: Money | None) -> TermsView:
    """For the buyer: with the people through whom the seller knows them."""
    terms = terms_between(seller_id, buyer_id)
    trail = trail_to(seller_id, buyer_id)
    return TermsView(
        terms=terms,
        seller=cards([seller_id])[seller_id],
        through=tuple(step.member for step in trail.steps[1:-1]) if trail else (),
        deposit=deposit_of(terms, price) if price else None,
        contact_missing=terms.verified and not has_confirmed_address(buyer_id),
    )


def has_confirmed_address(member_id: MemberId) -> bool:
    """Whether the member has shown that an e-mail address is theirs."""
    return db.session.scalar(select(Member.email).where(Member.id == member_id)) is not None


def require_allowed(terms: Terms, buyer_id: MemberId, payment: str) -> None:
    """Raises when the terms do not allow it to be paid like this, or ask for an address that is not there."""
    if payment == "in_person" and not terms.in_person:
        raise Invalid("For people who aren’t close, this seller asks to be paid before you meet.", code="terms_prepay")
    if terms.verified and not has_confirmed_address(buyer_id):
        raise Invalid(
            "This seller asks strangers for a confirmed email address. Confirm yours in the settings first.",
            code="terms_contact",
        )


def in_words(terms: Terms, price: Money) -> str:
    """As the order keeps it; empty when nothing is asked that is not asked of others."""
    deposit = deposit_of(terms, price)
    if deposit is not None:
        return str(_("Deposit of %(amount)s before you meet", amount=money(deposit)))
    if not terms.in_person:
        return str(_("To be paid before you meet"))
    return ""
