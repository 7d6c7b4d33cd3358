"""What happens to evidence of purchases."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import ItemId, MemberId, PurchaseId


@dataclass(frozen=True, kw_only=True)
class PurchaseEvidenced(Event):
    """It is on record that a member bought an item."""

    evidence_id: PurchaseId
    member_id: MemberId
    item_id: ItemId


@dataclass(frozen=True, kw_only=True)
class PurchaseClaimed(Event):
    """A store says that a member bought an item; it counts for nothing until the member says so too."""

    evidence_id: PurchaseId
    member_id: MemberId
    item_id: ItemId


@dataclass(frozen=True, kw_only=True)
class PurchaseConfirmed(Event):
    """The buyer said yes."""

    evidence_id: PurchaseId
    member_id: MemberId
    item_id: ItemId


@dataclass(frozen=True, kw_only=True)
class PurchaseDeclined(Event):
    """The buyer said no, or took the yes back."""

    evidence_id: PurchaseId
    member_id: MemberId
    item_id: ItemId


@dataclass(frozen=True, kw_only=True)
class PurchaseEvidenceWithdrawn(Event):
    """The record was a mistake, or the purchase was undone."""

    evidence_id: PurchaseId
    member_id: MemberId
    item_id: ItemId
