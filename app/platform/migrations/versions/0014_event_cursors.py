"""Which events a reaction hears and from where; parked events that were dropped, with the reason."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import Json, UtcDateTime
from app.platform.migrations.tables import changed_table

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# What each reaction heard before this was written down: an event that it hears since is no old news.
_DECIDED = ["ReportDecided"]
_HEARD = {
    "advocate_tallies": [
        "AdvocateVisit",
        "AdvocateSignup",
        "AdvocateJoined",
        "ProductOffered",
        "ProductWithdrawn",
        "RecommendationGiven",
        "RecommendationRemoved",
    ],
    "listing_cards": ["ListingSold", "ListingRemoved"],
    "material_ties": [
        "StoreOpened",
        "StoreClosed",
        "AdvocateJoined",
        "AdvocateLeft",
        "ProductOffered",
        "ProductWithdrawn",
    ],
    "merged_items": ["ItemsMerged"],
    "merged_words": ["ItemsMerged"],
    "moderated_asks": _DECIDED,
    "moderated_comments": _DECIDED,
    "moderated_items": _DECIDED,
    "moderated_listings": _DECIDED,
    "moderated_messages": _DECIDED,
    "moderated_recommendations": _DECIDED,
    "moderated_rooms": _DECIDED,
    "moderated_said_photos": _DECIDED,
    "moderated_stores": _DECIDED,
    "notify_asks": ["AskPublished", "AskWidened", "AskAnswered", "AnswerThanked"],
    "notify_comments": ["CommentAdded", "RecommendationHelped"],
    "notify_decisions": _DECIDED,
    "notify_joins": ["MemberJoined"],
    "notify_mentions": ["MemberMentioned"],
    "notify_messages": ["MessageSent"],
    "notify_quotes": ["QuoteAsked", "QuoteAllowed", "QuoteDeclined", "QuoteWithdrawn"],
    "notify_recommendations": ["RecommendationGiven"],
    "notify_security": ["SignedInAnew", "PasswordChanged", "EmailChanged", "TokenMade"],
    "notify_vouches": ["VouchGiven"],
    "purchase_evidence": ["PurchaseEvidenced", "PurchaseEvidenceWithdrawn", "RecommendationGiven"],
    "recommended_listings": ["ListingChanged", "ListingRemoved"],
    "recommended_stores": ["StoreClosed"],
    "saved_searches": ["ListingPublished", "ListingChanged", "ItemAdded"],
    "searchable_members": ["MemberJoined", "ProfileChanged", "MemberErased", "MemberSuspended", "MemberReinstated"],
    "searchable_rooms": ["ConversationStarted", "PersonLeft"],
    "tied_newcomers": ["MemberJoined"],
    "upheld_reports": _DECIDED,
}


def upgrade() -> None:
    op.add_column("event_subscriber", sa.Column("heard", Json, nullable=True))
    op.add_column("event_parked", sa.Column("dropped_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("event_parked", sa.Column("why", sa.String(), nullable=True))
    subscriber = sa.table("event_subscriber", sa.column("name", sa.String()), sa.column("heard", Json))
    for name, heard in _HEARD.items():
        op.execute(subscriber.update().where(subscriber.c.name == name).values(heard=dict.fromkeys(heard, 0)))


def downgrade() -> None:
    # A version that knows no dropped events would show them as parked.
    op.execute("DELETE FROM event_parked WHERE dropped_at IS NOT NULL")
    with changed_table("event_parked") as batch:
        batch.drop_column("why")
        batch.drop_column("dropped_at")
    with changed_table("event_subscriber") as batch:
        batch.drop_column("heard")
