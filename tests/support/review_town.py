"""Reviews of the towns: one for every state, and one for each thing that can be done with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.ids import MemberId, ReviewId

if TYPE_CHECKING:
    from tests.support.access_town import AccessTown
    from tests.support.visibility_town import Thing, Town


def settle_reviews(town: AccessTown) -> None:
    """What Cora says of Olli, answered and put right in each state; what he says of her, put right by her."""
    from app.market.orders.values import Stage
    from app.market.reviews.afterwards import finish_recovery, offer_recovery
    from app.market.reviews.service import write_review
    from app.market.reviews.values import ReviewDraft
    from tests.support.orders import deal

    olli, cora = town.people["olli"], town.people["cora"]

    def bad(buyer: MemberId, seller: MemberId) -> str:
        made = deal(buyer, seller, Stage.COMPLETED)
        ident = write_review(buyer, made.order, ReviewDraft(stars=1, text="Broken"))
        write_review(seller, made.order, ReviewDraft(stars=4))
        return ident

    for prefix, offer, done in (("", "offer", "done"), ("/api/v1", "recovery", "recovery/done")):
        for what in ("answer", offer, done):
            town.special[f"{prefix}/reviews/<review_id>/{what}"] = {"review_id": bad(cora, olli)}
        offered = town.special[f"{prefix}/reviews/<review_id>/{done}"]["review_id"]
        offer_recovery(olli, ReviewId(offered), "refund", "Half of it")
    for route in ("/reviews/<review_id>/update", "/api/v1/reviews/<review_id>"):
        mine = ReviewId(bad(olli, cora))
        offer_recovery(cora, mine, "refund", "Half of it")
        finish_recovery(cora, mine)
        town.special[route] = {"review_id": mine}


def make_review(town: Town, state: str, owner_id: MemberId, word: str) -> Thing:
    """Of somebody whom everybody is in touch with; both have written."""
    from app.market.orders.values import Stage
    from app.market.reviews.service import write_review
    from app.market.reviews.values import ReviewDraft
    from tests.support.orders import deal
    from tests.support.visibility_town import Thing, picture

    photo = picture(owner_id)
    made = deal(owner_id, town.people["wanda"], Stage.COMPLETED)
    ident = write_review(owner_id, made.order, ReviewDraft(stars=4, text=f"I found it {word}"), [photo])
    write_review(made.seller, made.order, ReviewDraft(stars=5))
    return Thing(
        "review",
        state,
        ident,
        word,
        f"/reviews/{ident}",
        doors=(f"/api/v1/reviews/{ident}", "/m/wanda/reviews", "/m/wanda", f"/report/review/{ident}"),
        photo=photo,
    )


def make_review_answer(town: Town, state: str, owner_id: MemberId, word: str) -> Thing:
    """Of the owner to a review by somebody whom everybody is in touch with."""
    from app.market.orders.values import Stage
    from app.market.reviews.afterwards import answer_review
    from app.market.reviews.service import write_review
    from app.market.reviews.values import ReviewDraft
    from tests.support.orders import deal
    from tests.support.visibility_town import Thing

    made = deal(town.people["wanda"], owner_id, Stage.COMPLETED)
    ident = write_review(made.buyer, made.order, ReviewDraft(stars=2))
    write_review(owner_id, made.order, ReviewDraft(stars=5))
    answer_review(owner_id, ident, f"I meant {word}")
    # Without its answer the review stands.
    page = "" if state == "removed" else f"/reviews/{ident}"
    doors = (f"/reviews/{ident}", f"/api/v1/reviews/{ident}", f"/report/review_reply/{ident}")
    return Thing("review_reply", state, ident, word, page, doors=doors)
