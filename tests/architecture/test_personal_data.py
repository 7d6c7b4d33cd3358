"""Whatever points at a member is exported for them and erased with them, or stands here with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from app.people.data_requests.queries import export_member
from app.people.data_requests.service import erase_member
from app.platform.database import db
from tests.support.people import MemberFactory

# Columns that point at a member and whose rows the member is not given.
NOT_EXPORTED = {
    "ask_reached.member_id": "whom a question reached; the question is its author's",
    "basket.buyer_id": "told by the order that the basket is for",
    "basket.seller_id": "the same",
    "block.blocked_id": "who blocks the member stays theirs to know",
    "conversation_participant.member_id": "told by what the member has said there",
    "decision.moderator_id": "an act of the moderator's office",
    "distrust.trustee_id": "made of others' blocks and reports",
    "distrust.truster_id": "made of the member's own blocks and reports, which are exported",
    "item_merge.decided_by": "an act of the moderator's office",
    "message_reaction.member_id": "emoji on the words of others, and gone without these",
    "moderation_action.actor_id": "an act of the moderator's office",
    "order_case.moderator_id": "an act of the moderator's office",
    "muted_member.muted_id": "whom others mute is theirs to know",
    "notification.actor_id": "what others are told",
    "offer_item.buyer_id": "told by the offer itself",
    "open_screen.member_id": "the page that is open at this moment",
    "purchase_evidence.recorded_by": "an act of the store's or operator's office",
    "put_off_member.other_id": "whom others put off is theirs to know",
    "report.author_id": "who reported stays theirs to know; what was decided is exported from the log",
    "reputation_run.asked_by": "an act of the operator's office",
    "reaching_seller.seller_id": "that a reach is kept; how many people it is, is exported",
    "guarantee.seller_id": "a promise between two others, which the seller reads on the order",
    "guarantor_total.member_id": "the sum of the promises that are exported",
    "introduction.target_id": "who asks to meet the member stays theirs to say",
    "seller_reach.member_id": "whom a seller trusts is the seller's to know",
    "signin_link.member_id": "the digest of a secret, gone within the hour",
    "trade.trustee_id": "the member's sales, told by those who bought",
    "trust_seed.named_by": "an act of the operator's office",
    "upheld_report.member_id": "who was right about the member stays theirs to know",
}
# Columns that point at a member and go on doing so when the account is erased: the account stays as a row
# without name, address or words.
NOT_ERASED = {
    "basket.buyer_id": "what an order is about stays as long as the order; what is left is a number",
    "basket.seller_id": "the same",
    "coupon_person.member_id": "a use counts against the coupon's limit; what is left is a number",
    "coupon_use.member_id": "the same",
    "decision.moderator_id": "who decided stays on record, as a number",
    "guarantee.buyer_id": "the promise is a part of an order that goes on, as a number",
    "guarantee.seller_id": "the promise is a part of an order that goes on, as a number",
    "guarantor_total.member_id": "what is promised still counts",
    "item.created_by": "items belong to all",
    "item_merge.decided_by": "who decided stays on record, as a number",
    "ledger_account.owner_id": "books are kept; what is left is a number",
    "ledger_posting.member_id": "the ledger is append-only",
    "moderation_action.actor_id": "the log is append-only",
    "moderation_action.author_id": "the log is append-only",
    "offer_item.buyer_id": "the other side's history goes on; what was said is gone",
    "order_case.buyer_id": "the other side's case goes on and ends by the clock",
    "order_case.mediator_id": "who decided stays on record, as a number",
    "order_case.moderator_id": "who decided stays on record, as a number",
    "order_case.seller_id": "the other side's case goes on and ends by the clock",
    "payment.buyer_id": "the other side's deal goes on, and books are kept",
    "payment.seller_id": "the other side's deal goes on, and books are kept",
    "photo.owner_id": "the photo goes with its thing, a loose one with the hourly sweep",
    "purchase_evidence.recorded_by": "who recorded it stays on record, as a number",
}


@contextmanager
def sent() -> Iterator[list[str]]:
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(" ".join(statement.split()))

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def pointers() -> set[str]:
    """`table.column` of every foreign key to a member."""
    return {
        f"{table.name}.{key.parent.name}"
        for table in db.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "member"
    }


def named(statements: list[str], pointer: str) -> bool:
    """Whether one of the statements asks for the member by this column."""
    asked = re.compile(rf"\b{re.escape(pointer)} (?:= \?|IN \()")
    return any(asked.search(one) for one in statements)


def test_what_points_at_a_member_is_exported_or_named(app: Flask, member: MemberFactory) -> None:
    ana = member("ana")
    with sent() as statements:
        export_member(ana)
    left_out = {one for one in pointers() if not named(statements, one)}
    assert left_out == set(NOT_EXPORTED), "\n".join(sorted(left_out ^ set(NOT_EXPORTED)))


def test_what_points_at_a_member_is_erased_or_named(app: Flask, member: MemberFactory) -> None:
    ana = member("ana")
    with sent() as statements:
        erase_member(ana, "ana")
    changing = [one for one in statements if one.startswith(("DELETE", "UPDATE"))]
    left = {one for one in pointers() if not named(changing, one)}
    assert left == set(NOT_ERASED), "\n".join(sorted(left ^ set(NOT_ERASED)))
