"""Records of purchases, as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.community.purchases.values import PurchaseState
from app.community.recommendations.schemas import Source
from app.web.schemas import Answer, Body, Handle, Id, Moment, Text


class PurchaseBody(Body):
    """Who bought what."""

    member: Text
    item: Text


class Recorded(Answer):
    """It is on record; a store's word waits for the buyer's."""

    id: Id
    state: PurchaseState


class Purchase(Answer):
    """Somebody bought something, as somebody else has recorded."""

    id: Id
    member: Handle
    item: Id
    occasion: Annotated[str, Field(description="Whose record it is: a kind, and where there is one an id.")]
    by: Source
    state: PurchaseState
    at: Moment
