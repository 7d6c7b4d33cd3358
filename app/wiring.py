"""The composition root: which reaction listens to which event, and what fills which slot."""

from __future__ import annotations

from collections.abc import Iterable

from apiflask import APIFlask

from app.community.comments import checks as comments_checks
from app.community.comments import privacy as comments_privacy
from app.community.commercial_ties import privacy as ties_privacy
from app.community.item_merges import checks as merges_checks
from app.community.item_merges import privacy as merges_privacy
from app.community.item_merges.events import ItemsMerged
from app.community.item_merges.queries import waiting as waiting_merges
from app.community.purchases import privacy as evidence_privacy
from app.community.questions import checks as asks_checks
from app.community.questions import privacy as asks_privacy
from app.community.questions.queries import new_badge as new_asks
from app.community.recommendations import checks as recommendations_checks
from app.community.recommendations import privacy as recommendations_privacy
from app.community.recommendations.events import RecommendationGiven
from app.community.subject_items.queries import register_recommendable
from app.discovery.feed import privacy as feed_privacy
from app.discovery.people_suggestions import privacy as meeting_privacy
from app.discovery.saved_searches import privacy as saved_searches_privacy
from app.discovery.search import service as search
from app.kernel.events import Event
from app.market.listings import checks as listings_checks
from app.market.listings import privacy as listings_privacy
from app.marketing.advocates import privacy as advocacy_privacy
from app.marketing.advocates.service import rebuild_tallies
from app.marketing.testimonials import privacy as testimonials_privacy
from app.merchants.stores import privacy as stores_privacy
from app.merchants.stores.events import StoreClosed
from app.messaging.conversations import checks as chat_checks
from app.messaging.conversations import privacy as chat_privacy
from app.messaging.conversations.events import ConversationStarted, MemberMentioned, PersonLeft, RoomChanged
from app.messaging.conversations.queries import unread_badge
from app.messaging.presence import privacy as presence_privacy
from app.moderation.decisions.checks import chain_is_whole
from app.moderation.held_messages.queries import held_badge
from app.moderation.merges.queries import everything_waiting
from app.moderation.reports import privacy as reports_privacy
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.queries import register_describer
from app.moderation.rings import checks as rings_checks
from app.moderation.rings import privacy as rings_privacy
from app.moderation.rings.queries import open_rings
from app.notifications.active_views import privacy as screens_privacy
from app.notifications.delivery import checks as delivery_checks
from app.notifications.delivery import privacy as delivery_privacy
from app.notifications.delivery.queries import parked_badge
from app.notifications.delivery.rendering import set_ways
from app.notifications.delivery.service import plan
from app.notifications.devices import privacy as devices_privacy
from app.notifications.devices import sessions as device_sessions
from app.notifications.inbox import privacy as inbox_privacy
from app.notifications.inbox.queries import unread_badge as inbox_badge
from app.notifications.inbox.service import set_carrier
from app.notifications.preferences import privacy as preferences_privacy
from app.notifications.preferences.queries import chosen_zone
from app.people.accounts import privacy as accounts_privacy
from app.people.accounts.credentials import set_alerts
from app.people.accounts.events import (
    MemberErased,
    MemberJoined,
    MemberReinstated,
    MemberSuspended,
)
from app.people.accounts.queries import caller_of
from app.people.accounts.sessions import session_viewer
from app.people.blocks import privacy as blocks_privacy
from app.people.invites import privacy as invites_privacy
from app.people.privacy.queries import register_privacy
from app.people.profiles.events import ProfileChanged
from app.platform import event_log, idempotency, job_queue
from app.platform.checks import database_is_sound, register_check
from app.platform.database import after_commit
from app.platform.event_log import Handler, Start, register_reaction
from app.platform.projections import register_projection
from app.reactions import (
    advocate_tallies,
    cut_sockets,
    listing_cards,
    material_ties,
    merged_items,
    merged_words,
    moderated_asks,
    moderated_comments,
    moderated_items,
    moderated_listings,
    moderated_members,
    moderated_messages,
    moderated_recommendations,
    moderated_rooms,
    moderated_said_photos,
    moderated_stores,
    notify_asks,
    notify_comments,
    notify_decisions,
    notify_joins,
    notify_mentions,
    notify_messages,
    notify_purchases,
    notify_quotes,
    notify_recommendations,
    notify_security,
    notify_vouches,
    purchase_evidence,
    recommended_listings,
    recommended_stores,
    saved_searches,
    tell_heads,
    tied_newcomers,
    unfurled_links,
    upheld_reports,
)
from app.trust.circle import checks as circle_checks
from app.trust.circle import service as circle
from app.trust.circle.queries import trails
from app.trust.referrals import privacy as referrals_privacy
from app.trust.reputation import checks as reputation_checks
from app.trust.scores import privacy as standing_privacy
from app.trust.trades import privacy as trades_privacy
from app.trust.upheld_reports import privacy as upheld_privacy
from app.trust.vouches import privacy as vouches_privacy
from app.trust.vouches.events import VouchGiven
from app.web.api import set_token_reader
from app.web.frame import register_badge, register_fact, set_viewer_loader

Listener = tuple[str, Iterable[type[Event]], Handler]
# After each of these a member is looked up anew for the search.
SHOWN_FACES = (MemberJoined, ProfileChanged, MemberErased, MemberSuspended, MemberReinstated)


def wire(app: APIFlask) -> None:
    """Connect the wings. Called once per application; registering again replaces."""
    circle.open_graph(app)
    after_commit(circle.look_again)
    _fill_slots()
    _badges()
    _reactions()
    _checks()
    _projections()


def _fill_slots() -> None:
    set_viewer_loader(session_viewer)
    set_alerts(device_sessions)
    set_token_reader(caller_of)
    register_privacy("accounts", accounts_privacy.export, accounts_privacy.erase)
    register_privacy("once_keys", idempotency.export, idempotency.erase)
    register_privacy("blocks", blocks_privacy.export, blocks_privacy.erase)
    register_privacy("invites", invites_privacy.export, invites_privacy.erase)
    register_privacy("reports", reports_privacy.export, reports_privacy.erase)
    register_describer("member", moderated_members.describe)
    register_describer("message", moderated_messages.describe)
    unfurled_links.fill_links()
    register_describer(moderated_said_photos.KIND, moderated_said_photos.describe)
    register_recommendable(recommended_listings.KIND, recommended_listings.describe)
    register_recommendable(recommended_stores.KIND, recommended_stores.describe)
    register_privacy("testimonials", testimonials_privacy.export, testimonials_privacy.erase)
    register_privacy("comments", comments_privacy.export, comments_privacy.erase)
    register_privacy("recommendations", recommendations_privacy.export, recommendations_privacy.erase)
    register_privacy("ties", ties_privacy.export, ties_privacy.erase)
    register_privacy("evidence", evidence_privacy.export, evidence_privacy.erase)
    register_privacy("asks", asks_privacy.export, asks_privacy.erase)
    register_privacy("merges", merges_privacy.export, merges_privacy.erase)
    register_privacy("advocacy", advocacy_privacy.export, advocacy_privacy.erase)
    register_privacy("stores", stores_privacy.export, stores_privacy.erase)
    register_privacy("feed", feed_privacy.export, feed_privacy.erase)
    register_privacy("meeting", meeting_privacy.export, meeting_privacy.erase)
    register_privacy("saved_searches", saved_searches_privacy.export, saved_searches_privacy.erase)
    register_privacy("listings", listings_privacy.export, listings_privacy.erase)
    set_carrier(plan)
    set_ways(trails)
    register_privacy("deliveries", delivery_privacy.export, delivery_privacy.erase)
    register_privacy("devices", devices_privacy.export, devices_privacy.erase)
    register_privacy("preferences", preferences_privacy.export, preferences_privacy.erase)
    register_privacy("screens", screens_privacy.export, screens_privacy.erase)
    register_privacy("inbox", inbox_privacy.export, inbox_privacy.erase)
    register_privacy("chat", chat_privacy.export, chat_privacy.erase)
    register_privacy("presence", presence_privacy.export, presence_privacy.erase)
    register_privacy("vouches", vouches_privacy.export, vouches_privacy.erase)
    register_privacy("referrals", referrals_privacy.export, referrals_privacy.erase)
    register_privacy("rings", rings_privacy.export, rings_privacy.erase)
    register_privacy("standing", standing_privacy.export, standing_privacy.erase)
    register_privacy("trades", trades_privacy.export, trades_privacy.erase)
    register_privacy("upheld_reports", upheld_privacy.export, upheld_privacy.erase)


def _badges() -> None:
    """Numbers of the page frame."""
    register_fact("timezone", chosen_zone)
    register_badge("messages", unread_badge)
    register_badge("held", held_badge)
    register_badge("asks", new_asks)
    register_badge("notifications", inbox_badge)
    register_badge("rings", open_rings)
    register_badge("unsent", parked_badge)
    register_badge("queue", everything_waiting)
    register_badge("merges", waiting_merges)


def _reactions() -> None:
    """Durable listeners, by name; the name is the cursor's key in the database."""
    cut_sockets.watch_rights()
    tell_heads.watch_conversations()
    for name, heard, react in _news():
        register_reaction(name, heard, react, starts=Start.HEAD)
    for name, heard, react in _states():
        register_reaction(name, heard, react, starts=Start.BEGINNING)


def _news() -> Iterable[Listener]:
    """What tells people or acts on a decision: what happened before the upgrade that brings it is no news."""
    return (
        ("notify_vouches", [VouchGiven], notify_vouches.react),
        ("notify_comments", notify_comments.LISTENS_TO, notify_comments.react),
        ("notify_asks", notify_asks.LISTENS_TO, notify_asks.react),
        ("moderated_asks", [ReportDecided], moderated_asks.react),
        ("notify_quotes", notify_quotes.LISTENS_TO, notify_quotes.react),
        ("notify_purchases", notify_purchases.LISTENS_TO, notify_purchases.react),
        ("notify_security", notify_security.LISTENS_TO, notify_security.react),
        ("notify_decisions", notify_decisions.LISTENS_TO, notify_decisions.react),
        ("notify_recommendations", [RecommendationGiven], notify_recommendations.react),
        ("notify_joins", [MemberJoined], notify_joins.react),
        ("notify_messages", notify_messages.LISTENS_TO, notify_messages.react),
        ("notify_mentions", [MemberMentioned], notify_mentions.react),
        ("listing_cards", listing_cards.LISTENS_TO, listing_cards.react),
        ("moderated_rooms", [ReportDecided], moderated_rooms.react),
        ("moderated_listings", [ReportDecided], moderated_listings.react),
        ("moderated_messages", [ReportDecided], moderated_messages.react),
        ("moderated_recommendations", [ReportDecided], moderated_recommendations.react),
        ("moderated_comments", [ReportDecided], moderated_comments.react),
        ("moderated_said_photos", [ReportDecided], moderated_said_photos.react),
        ("saved_searches", saved_searches.LISTENS_TO, saved_searches.react),
        ("moderated_items", [ReportDecided], moderated_items.react),
        ("moderated_stores", [ReportDecided], moderated_stores.react),
    )


def _states() -> Iterable[Listener]:
    """What keeps a state that is made of all that has ever happened, and tells nobody."""
    return (
        ("tied_newcomers", [MemberJoined], tied_newcomers.react),
        ("upheld_reports", [ReportDecided], upheld_reports.react),
        ("material_ties", material_ties.LISTENS_TO, material_ties.react),
        ("purchase_evidence", purchase_evidence.LISTENS_TO, purchase_evidence.react),
        ("recommended_listings", recommended_listings.LISTENS_TO, recommended_listings.react),
        ("recommended_stores", [StoreClosed], recommended_stores.react),
        ("searchable_members", SHOWN_FACES, search.react),
        ("searchable_rooms", [ConversationStarted, PersonLeft, RoomChanged], search.react_to_room),
        ("merged_words", [ItemsMerged], merged_words.react),
        ("merged_items", [ItemsMerged], merged_items.react),
        ("advocate_tallies", advocate_tallies.LISTENS_TO, advocate_tallies.react),
    )


def _checks() -> None:
    register_check("database", database_is_sound)
    register_check("event log", event_log.breaches)
    register_check("chat", chat_checks.run)
    register_check("deliveries", delivery_checks.run)
    register_check("jobs", job_queue.breaches)
    register_check("recommendations", recommendations_checks.run)
    register_check("comments", comments_checks.run)
    register_check("asks", asks_checks.run)
    register_check("merges", merges_checks.run)
    register_check("listings", listings_checks.run)
    register_check("trust graph", circle_checks.graph_equals_tables)
    register_check("referrals", circle_checks.referrals_have_no_circle)
    register_check("reputation", reputation_checks.run)
    register_check("moderation log", chain_is_whole)
    register_check("rings", rings_checks.run)


def _projections() -> None:
    """What `kinmarket rebuild` knows."""
    register_projection("trust", circle.rebuild)
    register_projection("search", search.rebuild_search)
    register_projection("reports", rebuild_tallies)
