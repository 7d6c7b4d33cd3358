"""Identifiers: sortable by time, safe to show, impossible to guess."""

from __future__ import annotations

import re
import secrets
from typing import NewType

from app.kernel.clock import clock

# Whose id it is, so that none is taken for another's; each room says it in its signatures.
MemberId = NewType("MemberId", int)
EventId = NewType("EventId", int)
RunId = NewType("RunId", int)
ReportId = NewType("ReportId", str)
DecisionId = NewType("DecisionId", str)
ActionId = NewType("ActionId", int)
RingId = NewType("RingId", str)
MergeId = NewType("MergeId", str)
MessageId = NewType("MessageId", str)
ItemId = NewType("ItemId", str)
ListingId = NewType("ListingId", str)
RecommendationId = NewType("RecommendationId", str)
CommentId = NewType("CommentId", str)
QuestionId = NewType("QuestionId", str)
AnswerId = NewType("AnswerId", str)
StoreId = NewType("StoreId", str)
PurchaseId = NewType("PurchaseId", str)
PhotoId = NewType("PhotoId", str)
TestimonialId = NewType("TestimonialId", str)
AdvocateId = NewType("AdvocateId", str)
SavedSearchId = NewType("SavedSearchId", str)
DeliveryId = NewType("DeliveryId", str)
DeviceId = NewType("DeviceId", str)
NotificationId = NewType("NotificationId", str)
ConversationId = NewType("ConversationId", str)
IntroductionId = NewType("IntroductionId", str)
ImportRunId = NewType("ImportRunId", str)
OrderId = NewType("OrderId", str)
SlotId = NewType("SlotId", str)
BookingId = NewType("BookingId", str)
OfferId = NewType("OfferId", str)
AccountId = NewType("AccountId", int)
PostingId = NewType("PostingId", int)
# A posting that sets money aside.
HoldId = NewType("HoldId", int)
PaymentId = NewType("PaymentId", str)
PayoutRunId = NewType("PayoutRunId", str)
# Why a transaction is made, said by whoever makes it: the same key again is the same transaction.
PostingKey = NewType("PostingKey", str)
GuaranteeId = NewType("GuaranteeId", str)
OrderGroupId = NewType("OrderGroupId", str)
ReviewId = NewType("ReviewId", str)
CaseId = NewType("CaseId", str)
VariantId = NewType("VariantId", str)
ShippingOptionId = NewType("ShippingOptionId", str)
CartId = NewType("CartId", str)
BasketId = NewType("BasketId", str)
CouponId = NewType("CouponId", str)
CouponUseId = NewType("CouponUseId", str)
TownId = NewType("TownId", int)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ID = re.compile(r"[0-9a-hjkmnp-tv-z]{26}")


def new_id() -> str:
    """26 characters of Crockford base 32: 48 bits of milliseconds, 80 random bits (ULID)."""
    millis = int(clock.now().timestamp() * 1000)
    number = (millis << 80) | secrets.randbits(80)
    letters = []
    for _ in range(26):
        number, low = divmod(number, 32)
        letters.append(_ALPHABET[low])
    return "".join(reversed(letters))


def is_id(text: str) -> bool:
    """Whether `text` has the form of `new_id()`."""
    return _ID.fullmatch(text) is not None


def new_code(length: int = 10) -> str:
    """A short random code for links that people share."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
