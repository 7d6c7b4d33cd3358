"""Cases as things that photos hang on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import BindParameter, and_, exists, false, or_, select

from app.market.cases.models import CasePhoto, OrderCase
from app.market.cases.queries import FOR_FRIENDS
from app.market.cases.values import CaseState
from app.market.orders.models import Order
from app.people.accounts.models import Role, member_role
from app.people.accounts.values import MODERATOR, OPERATOR
from app.platform.database import db
from app.platform.subjects import Condition, Facts, Kind, Looker


def visible_to(viewer: Looker) -> Condition:
    """For the two, for the friend who has taken it on, and for moderators once it has come to them."""
    if viewer is None:
        return false()
    moderates = exists().where(
        member_role.c.member_id == viewer, member_role.c.role_id == Role.id, Role.name.in_((MODERATOR, OPERATOR))
    )
    come_to_them = or_(OrderCase.state == CaseState.MODERATOR.value, OrderCase.moderator_id.is_not(None))
    helps = OrderCase.state.in_([one.value for one in FOR_FRIENDS if one is not CaseState.FRIEND_NAMED])
    return or_(
        OrderCase.buyer_id == viewer,
        OrderCase.seller_id == viewer,
        and_(OrderCase.mediator_id == viewer, helps),
        and_(come_to_them, moderates),
    )


def facts(ids: Sequence[str]) -> Mapping[str, Facts]:
    """What can be said of these cases."""
    query = (
        select(
            OrderCase.id, OrderCase.opener, OrderCase.buyer_id, OrderCase.seller_id, OrderCase.opened_at, Order.snapshot
        )
        .join(Order, Order.id == OrderCase.order_id)
        .where(OrderCase.id.in_(ids))
    )
    return {
        row.id: Facts(
            owner_id=row.buyer_id if row.opener == "buyer" else row.seller_id,
            title=row.snapshot["title"],
            url=f"/cases/{row.id}",
            made_at=row.opened_at,
        )
        for row in db.session.execute(query)
    }


def has_photo(photo: BindParameter[str]) -> Condition:
    """One that came with one of its steps."""
    return OrderCase.id.in_(select(CasePhoto.case_id).where(CasePhoto.photo_id == photo))


KINDS = (Kind(name="case", key=OrderCase.__table__.c.id, visible_to=visible_to, facts=facts, has_photo=has_photo),)
