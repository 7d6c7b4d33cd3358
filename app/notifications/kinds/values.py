"""What a member can be told of: each kind is one entry here.

Whoever has news adds its kind below and calls `inbox.service.notify` with its name. The sentences are
looked up in the catalogue where they are shown; `%(who)s` are the people. What it is about, `data["title"]`,
stands below them.
"""

from __future__ import annotations

from typing import Final

from app.kernel.errors import N_
from app.notifications.kinds.shape import Channel, Group, Kind, Pace

# Read from here by other rooms, which know values only.
__all__ = ["Channel", "Group", "Kind", "Pace"]


KINDS: Final[dict[str, Kind]] = {}


def plural(one: str, many: str) -> tuple[str, str]:
    """Mark a sentence about one person, and about several, for the catalogue."""
    return one, many


def add_kind(
    name: str,
    group: Group,
    icon: str,
    title: str,
    said: tuple[str, str],
    *,
    email: Pace = Pace.NOW,
    push: Pace = Pace.NOW,
    per_subject: bool = True,
) -> str:
    fixed = group is Group.SECURITY
    KINDS[name] = Kind(name, group, icon, title, *said, email, push, fixed, per_subject)
    return name


VOUCH: Final = add_kind(
    "vouch",
    Group.PEOPLE,
    "heart-handshake",
    N_("Someone vouches for me"),
    plural("%(who)s vouches for you", "%(who)s vouch for you"),
    per_subject=False,
)
JOINED: Final = add_kind(
    "joined",
    Group.PEOPLE,
    "user-plus",
    N_("Someone joins through my invitation"),
    plural("%(who)s joined through your invitation", "%(who)s joined through your invitation"),
    per_subject=False,
)
MESSAGE: Final = add_kind(
    "message",
    Group.CHAT,
    "message-circle",
    N_("New messages"),
    plural("%(who)s sent you a message", "%(who)s sent you a message"),
)
MESSAGE_REQUEST: Final = add_kind(
    "message_request",
    Group.CHAT,
    "inbox",
    # Translators: a setting; the first message of somebody whom the reader is not connected to
    N_("Message requests"),
    plural("%(who)s would like to message you", "%(who)s would like to message you"),
    per_subject=False,
    email=Pace.DAILY,
    push=Pace.OFF,
)
MENTION: Final = add_kind(
    "mention", Group.CHAT, "megaphone", N_("Mentions"), plural("%(who)s mentioned you", "%(who)s mentioned you")
)
RECOMMENDATION: Final = add_kind(
    "recommendation",
    Group.WORDS,
    "thumbs-up",
    N_("Recommendations of items I added"),
    plural("%(who)s reviewed an item you added", "%(who)s reviewed an item you added"),
    email=Pace.WEEKLY,
    push=Pace.OFF,
)
COMMENT: Final = add_kind(
    "comment",
    Group.WORDS,
    "message-circle",
    N_("Comments on my recommendations"),
    plural("%(who)s commented on your recommendation", "%(who)s commented on your recommendation"),
    email=Pace.DAILY,
)
HELPFUL: Final = add_kind(
    "helpful",
    Group.WORDS,
    "heart",
    N_("My recommendations are marked as helpful"),
    plural("%(who)s found your recommendation helpful", "%(who)s found your recommendation helpful"),
    email=Pace.WEEKLY,
    push=Pace.OFF,
)
ASK: Final = add_kind(
    "ask",
    Group.WORDS,
    "search",
    N_("Questions from my circle"),
    plural("%(who)s asked a question", "%(who)s asked a question"),
    email=Pace.DAILY,
    push=Pace.OFF,
)
ANSWER: Final = add_kind(
    "answer",
    Group.WORDS,
    "sparkles",
    N_("Answers to my questions"),
    plural("%(who)s answered your question", "%(who)s answered your question"),
)
THANKS: Final = add_kind(
    "thanks",
    Group.WORDS,
    "heart",
    N_("Thanks for my answers"),
    plural("Your answer helped %(who)s", "Your answer helped %(who)s"),
    email=Pace.DAILY,
)
TESTIMONIAL: Final = add_kind(
    "testimonial",
    Group.WORDS,
    "store",
    N_("Requests to quote recommendations, and answers"),
    plural("%(who)s asked or answered about a quote", "%(who)s asked or answered about a quote"),
    email=Pace.DAILY,
)
PURCHASE: Final = add_kind(
    "purchase",
    Group.MARKET,
    "shopping-bag",
    N_("Stores ask me to confirm a purchase"),
    plural("%(who)s asked you to confirm a purchase", "%(who)s asked you to confirm purchases"),
    email=Pace.DAILY,
)
ORDER_PLACED: Final = add_kind(
    "order_placed",
    Group.MARKET,
    "shopping-bag",
    N_("Someone buys from me"),
    plural("%(who)s ordered something from you", "%(who)s ordered something from you"),
)
ORDER_CHANGED: Final = add_kind(
    "order_changed",
    Group.MARKET,
    "package",
    N_("News about my orders"),
    plural("%(who)s updated your order", "%(who)s updated your order"),
)
ORDER_DUE: Final = add_kind(
    "order_due",
    Group.MARKET,
    "clock",
    N_("Reminders for my orders"),
    # Translators: something has to be done soon, or the order ends
    plural("Your order with %(who)s is waiting for you", "Your order with %(who)s is waiting for you"),
)
ORDER_PAID: Final = add_kind(
    "order_paid",
    Group.MARKET,
    "coins",
    N_("Payments for what I sell"),
    plural("%(who)s paid for an order", "%(who)s paid for an order"),
)
PAYMENT_ARRIVED: Final = add_kind(
    "payment_arrived",
    Group.MARKET,
    "check-check",
    N_("My payments arrive"),
    plural("Your payment to %(who)s arrived", "Your payment to %(who)s arrived"),
)
REFUNDED: Final = add_kind(
    "refunded",
    Group.MARKET,
    "history",
    N_("Refunds"),
    plural("A payment between you and %(who)s was refunded", "A payment between you and %(who)s was refunded"),
)
DISPUTED: Final = add_kind(
    "payment_disputed",
    Group.MARKET,
    "triangle-alert",
    N_("A bank takes a payment back"),
    plural("%(who)s’s bank took a payment back", "%(who)s’s bank took a payment back"),
)
DISPUTE_WON: Final = add_kind(
    *("dispute_won", Group.MARKET, "shield-check"),
    N_("A disputed payment is mine after all"),
    plural("The disputed payment from %(who)s came back to you", "The disputed payment from %(who)s came back to you"),
)
PAYOUT_SENT: Final = add_kind(
    "payout_sent",
    Group.MARKET,
    "coins",
    N_("Payouts to my bank account"),
    plural("A payout is on its way to your bank account", "A payout is on its way to your bank account"),
)
REVIEW: Final = add_kind(
    "review", Group.MARKET, "star", N_("Reviews of me"), plural("%(who)s reviewed you", "%(who)s reviewed you")
)
REVIEW_REPLY: Final = add_kind(
    "review_reply",
    Group.MARKET,
    "message-circle",
    N_("Replies to my reviews, and offers to put things right"),
    plural("%(who)s replied to your review", "%(who)s replied to your review"),
)
REVIEW_DUE: Final = add_kind(
    "review_due",
    Group.MARKET,
    "star",
    N_("Reminders to review an order"),
    # Translators: the reader has not written a review yet, and the time for it runs out
    plural("How was your order with %(who)s?", "How was your order with %(who)s?"),
    push=Pace.OFF,
)
OFFER: Final = add_kind(
    "offer",
    Group.MARKET,
    "handshake",
    N_("Offers that I get"),
    plural("%(who)s made you an offer", "%(who)s made you offers"),
)
OFFER_ANSWERED: Final = add_kind(
    "offer_answered",
    Group.MARKET,
    "handshake",
    N_("Answers to my offers"),
    plural("%(who)s answered your offer", "%(who)s answered your offers"),
)
OFFER_ACCEPTED: Final = add_kind(
    "offer_accepted",
    Group.MARKET,
    "badge-check",
    N_("Offers that are agreed on"),
    plural("You and %(who)s agreed on a price", "You and %(who)s agreed on a price"),
)
OFFER_ENDED: Final = add_kind(
    "offer_ended",
    Group.MARKET,
    "ban",
    N_("Offers that end or have to wait"),
    plural("Your offer with %(who)s has changed", "Your offers with %(who)s have changed"),
    email=Pace.DAILY,
)
OFFER_DUE: Final = add_kind(
    "offer_due",
    Group.MARKET,
    "clock",
    N_("Reminders for offers"),
    # Translators: an offer has to be answered soon, or it ends
    plural("An offer from %(who)s is waiting for you", "Offers from %(who)s are waiting for you"),
)
CASE_OPENED: Final = add_kind(
    "case_opened",
    Group.MARKET,
    "triangle-alert",
    N_("Complaints about my orders"),
    plural("%(who)s reported a problem with your order", "%(who)s reported a problem with your order"),
)
CASE_CHANGED: Final = add_kind(
    "case_changed",
    Group.MARKET,
    "message-circle",
    N_("News about complaints"),
    plural("%(who)s updated a complaint", "%(who)s updated a complaint"),
)
CASE_FRIEND: Final = add_kind(
    "case_friend",
    Group.MARKET,
    "heart-handshake",
    N_("Friends ask me to help settle a complaint"),
    plural("%(who)s asked you to help settle a complaint", "%(who)s asked you to help settle a complaint"),
)
CASE_DECIDED: Final = add_kind(
    "case_decided",
    Group.MARKET,
    "badge-check",
    N_("Outcomes of complaints"),
    plural(
        "The complaint about your order with %(who)s is settled",
        "The complaint about your order with %(who)s is settled",
    ),
)
CASE_DUE: Final = add_kind(
    "case_due",
    Group.MARKET,
    "clock",
    N_("Reminders for complaints"),
    # Translators: something has to be done soon, or the complaint goes on without the reader
    plural("A complaint with %(who)s is waiting for you", "A complaint with %(who)s is waiting for you"),
)
SAVED_SEARCH: Final = add_kind(
    "saved_search",
    Group.MARKET,
    "bookmark",
    N_("New results for saved searches"),
    plural("New results for your saved search", "New results for your saved search"),
)
REPORT_DECIDED: Final = add_kind(
    "report_decided",
    Group.ORDER,
    "flag",
    N_("Decisions on my reports"),
    plural("A moderator reviewed your report", "A moderator reviewed your report"),
    email=Pace.DAILY,
    push=Pace.OFF,
    per_subject=True,
)
MODERATED: Final = add_kind(
    "moderated",
    Group.ORDER,
    "shield",
    N_("Moderators’ decisions that affect me"),
    plural("A moderator made a decision that affects you", "A moderator made a decision that affects you"),
)
RING: Final = add_kind(
    "ring",
    Group.ORDER,
    "triangle-alert",
    # Translators: a ring is a group of accounts that vouch for each other to look trusted
    N_("Suspected rings (for moderators)"),
    plural("Some accounts look like a ring", "Some accounts look like a ring"),
    email=Pace.DAILY,
    push=Pace.OFF,
)
SIGNED_IN: Final = add_kind(
    "signed_in",
    Group.SECURITY,
    "log-in",
    N_("Sign-in from a new device"),
    plural("New device signed in to your account", "New device signed in to your account"),
)
PASSWORD_CHANGED: Final = add_kind(
    "password_changed",
    Group.SECURITY,
    "lock",
    N_("Password changed"),
    plural("Your password was changed", "Your password was changed"),
)
EMAIL_CHANGED: Final = add_kind(
    "email_changed",
    Group.SECURITY,
    "key-round",
    N_("Email address changed"),
    plural("Your email address was changed", "Your email address was changed"),
)
TOKEN_MADE: Final = add_kind(
    "token_made",
    Group.SECURITY,
    "key-round",
    N_("New API token"),
    plural("A new API token was created", "A new API token was created"),
)

SOMETHING: Final = Kind(
    "something",
    Group.ORDER,
    "bell",
    N_("New activity"),
    *plural("New activity", "New activity"),
    Pace.OFF,
    Pace.OFF,
    fixed=False,
    per_subject=True,
)


def kind_named(name: str) -> Kind:
    """The kind; what is not known any more still has a line in the inbox."""
    return KINDS.get(name, SOMETHING)


BOOKING_NEAR: Final = add_kind(
    "booking_near",
    Group.MARKET,
    "calendar",
    N_("Bookings: a day before"),
    plural("You have a booking with %(who)s within a day", "You have a booking with %(who)s within a day"),
)
