"""What is no convention: slots of lower wings that higher ones fill, and what belongs to no room."""

from __future__ import annotations

from apiflask import APIFlask

from app.discovery.search.service import rebuild_search
from app.market.bookings.service import GOODS as BOOKED
from app.market.orders.goods import register_goods
from app.market.records.service import rebuild_records
from app.marketing.advocates.service import rebuild_tallies
from app.merchants.carts import service as carts
from app.merchants.catalogue import service as catalogue
from app.notifications.delivery.rendering import set_ways
from app.notifications.delivery.service import plan
from app.notifications.devices import sessions as device_sessions
from app.notifications.inbox.service import set_carrier
from app.people.accounts.credentials import set_alerts
from app.people.accounts.queries import caller_of
from app.people.accounts.sessions import session_viewer
from app.people.privacy.queries import register_privacy
from app.platform import event_log, idempotency, job_queue, mail
from app.platform.checks import database_is_sound, indexes_are_there, register_check
from app.platform.database import after_commit
from app.platform.jobs import register_jobs
from app.platform.projections import register_projection
from app.platform.realtime import set_doorkeeper
from app.platform.vocabulary.reading import init_vocabulary
from app.trust.circle import service as circle
from app.trust.circle.queries import trails
from app.web.api import set_token_reader
from app.web.frame import set_viewer_loader
from app.web.sockets import let_in


def wire(app: APIFlask) -> None:
    """Connect the wings; the rooms are loaded afterwards."""
    circle.open_graph(app)
    after_commit(app, circle.look_again)
    app.jinja_env.globals["trust_is_loading"] = circle.is_loading
    init_vocabulary(app)
    _fill_slots(app)
    _platform(app)
    _projections(app)


def _fill_slots(app: APIFlask) -> None:
    set_viewer_loader(app, session_viewer)
    set_token_reader(app, caller_of)
    set_doorkeeper(app, let_in)
    set_alerts(app, device_sessions)
    set_carrier(app, plan)
    set_ways(app, trails)
    register_goods(app, "booking", BOOKED)
    register_goods(app, "product_variant", catalogue.GOODS)
    register_goods(app, "basket", carts.GOODS)


def _platform(app: APIFlask) -> None:
    """The platform has no rooms, yet something to check, to do and to forget."""
    register_check(app, "database", database_is_sound)
    register_check(app, "indexes", indexes_are_there)
    register_check(app, "event log", event_log.breaches)
    register_check(app, "jobs", job_queue.breaches)
    register_jobs(app, mail)
    register_jobs(app, idempotency)
    register_privacy(app, "once_keys", idempotency.export, idempotency.erase)


def _projections(app: APIFlask) -> None:
    """What `kinmarket rebuild` knows."""
    register_projection(app, "trust", circle.rebuild)
    register_projection(app, "search", rebuild_search)
    register_projection(app, "records", rebuild_records)
    register_projection(app, "reports", rebuild_tallies)
