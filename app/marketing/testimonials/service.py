"""Asking to quote somebody, and their answer, which they can change at any time."""

from __future__ import annotations

from sqlalchemy import update

from app.community.recommendations.queries import get_recommendation_view
from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.ids import MemberId, RecommendationId, TestimonialId, new_id
from app.marketing.testimonials import rules
from app.marketing.testimonials.events import QuoteAllowed, QuoteAsked, QuoteDeclined, QuoteWithdrawn
from app.marketing.testimonials.models import Testimonial
from app.marketing.testimonials.queries import get_quote, is_about
from app.marketing.testimonials.values import MAX_USE_LENGTH, QuoteStatus
from app.merchants.stores.queries import find_store_of
from app.merchants.stores.service import MERCHANT
from app.people.accounts.queries import require_active, require_role
from app.people.blocks.queries import is_blocked_between
from app.platform.database import db, unit_of_work
from app.platform.markup import clean_line
from app.platform.sql import insert_into

_HAPPENED = {
    QuoteStatus.AGREED: QuoteAllowed,
    QuoteStatus.DECLINED: QuoteDeclined,
    QuoteStatus.WITHDRAWN: QuoteWithdrawn,
}


def ask_to_quote(actor: MemberId, recommendation_id: RecommendationId, use: str) -> TestimonialId:
    """The merchant asks the author for one use; answers the id of the request.

    Asking again for the same use is refused: who said no is not asked twice.
    """
    use = clean_line(use, MAX_USE_LENGTH)
    if not use:
        raise Invalid("Enter where you would like to quote it.", code="missing_use")
    with unit_of_work() as work:
        require_role(actor, MERCHANT)
        store = find_store_of(actor)
        if store is None:
            raise NotFound("Open your store first.")
        author = get_recommendation_view(None, recommendation_id).member_id
        if not is_about(store.id, recommendation_id):
            raise Forbidden("This isn’t about your store.", code="not_yours")
        if author == actor:
            raise Invalid("These are your own words.", code="own_self")
        if is_blocked_between(actor, author):
            raise Forbidden("You can’t do this, because one of you has blocked the other.", code="blocked")
        made: TestimonialId | None = db.session.scalar(
            insert_into(Testimonial)
            .values(
                id=new_id(),
                store_id=store.id,
                recommendation_id=recommendation_id,
                use=use,
                status=QuoteStatus.ASKED,
                asked_at=clock.now(),
            )
            .on_conflict_do_nothing()
            .returning(Testimonial.id)
        )
        if made is None:
            raise Conflict("You have already asked for this.", code="asked_already")
        work.record(
            QuoteAsked(
                testimonial_id=made,
                store_id=store.id,
                recommendation_id=recommendation_id,
                author_id=author,
            )
        )
    return made


def agree(actor: MemberId, testimonial_id: TestimonialId) -> None:
    """The author agrees to this use, in the words as they stand now."""
    _answer(actor, testimonial_id, QuoteStatus.AGREED)


def decline(actor: MemberId, testimonial_id: TestimonialId) -> None:
    """The author does not agree."""
    _answer(actor, testimonial_id, QuoteStatus.DECLINED)


def withdraw(actor: MemberId, testimonial_id: TestimonialId) -> None:
    """The author agrees no longer; it is shown nowhere from now on."""
    _answer(actor, testimonial_id, QuoteStatus.WITHDRAWN)


def _answer(actor: MemberId, testimonial_id: TestimonialId, answer: QuoteStatus) -> None:
    with unit_of_work() as work:
        require_active(actor)
        quote = get_quote(testimonial_id)
        if quote.author.id != actor:
            raise Forbidden("Only the author can decide this.", code="not_yours")
        done = db.session.scalar(
            update(Testimonial)
            .where(
                Testimonial.id == testimonial_id,
                Testimonial.status.in_([one.value for one in rules.may_follow(answer)]),
            )
            .values(status=answer.value, answered_at=clock.now())
            .returning(Testimonial.id)
        )
        if done is None:
            raise Conflict("This was already answered.", code="answered")
        work.record(
            _HAPPENED[answer](
                testimonial_id=testimonial_id,
                store_id=quote.store_id,
                recommendation_id=quote.recommendation_id,
                author_id=actor,
            )
        )
