"""The conventions by which assembly finds what a room has, and that nothing is kept beside the application."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from app import create_app, reactions
from app.kernel.events import Event
from app.platform import checks, event_log, jobs, projections, subjects
from app.platform.event_log import Start
from app.rooms import ROOMS
from app.web import frame
from tests.architecture.test_imports import WINGS
from tests.support.databases import settings_for

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
# The table of docs/architecture.md; each may be a folder of the same name.
FILES = {
    *("__init__", "values", "events", "models", "rules", "statements", "queries", "service"),
    *("subject", "privacy", "checks", "badges"),
    *("forms", "schemas", "views", "api", "sockets", "jobs", "commands"),
}
# What has a name of its own, and why it is no part of the file that the table has for it. Nothing is added
# here where a folder of one of the names above would do.
BESIDE = {
    "community/item_merges/moving": "one merge touches every table that points at an item",
    "community/questions/answer_rows": "rows of answers, apart from the reads of questions",
    "community/questions/answering": "the second half of the service: what others do with a question",
    "community/questions/widening": "whom a question reaches is decided by the trust graph, apart from its writes",
    "community/recommendations/rows": "read by queries, by subject and by the testimonials' pages",
    "discovery/feed/sources": "statements built once at the start, by far the longest part of the feed",
    "discovery/feed/tastes": "a model in the memory of the process, with a life of its own",
    "discovery/feed/wishes": "what a reader has told the feed, read in one statement",
    "discovery/search/asking": "an address read into values: pages, API and saved searches share it",
    "discovery/search/reading": "one reader for each kind of find",
    "market/offers/deadlines": "what the clock does, apart from what people do",
    "market/offers/moves": "the step itself, which people, the clock and the seller's own condition take",
    "market/offers/selling": "the seller's side beside offers: to whom a thing goes, and that it wasn't sold after all",
    "market/fulfilment/labels": "how a parcel's label is drawn",
    "market/cases/deadlines": "what the clock does, apart from what people do",
    "market/cases/mediators": "whom both sides trust: the one place that asks both circles",
    "market/cases/settling": "the money of a decision, in one place",
    "market/cases/steps": "what was typed and how it is written down, apart from what may happen",
    "market/orders/deadlines": "what the clock does, apart from what people do",
    "market/orders/due": "until when, written by the service and by what moves a meeting",
    "market/orders/paying": "what is asked of the card provider, outside of any transaction",
    "market/orders/goods": "what can be ordered, as its own room tells it: a slot that higher wings fill",
    "market/listings/documents": "listings as the search keeps them, for the service and for the rebuild",
    "market/reviews/afterwards": "the second half of the service: what is said to a review, and putting it right",
    "market/listings/nearby": "SQL of distances in kilometres, shared by queries and the API",
    "market/listings/prices": "SQL of prices, shared by queries and saved searches",
    "messaging/conversations/changes": "the second half of the service: what becomes of a message afterwards",
    "messaging/conversations/conversation_rows": "rows of the list of conversations",
    "messaging/conversations/links": "links of our own as cards",
    "messaging/conversations/message_rows": "rows of messages, as pages, API and sockets send them",
    "messaging/conversations/numbers": "the one place that gives out numbers of changes",
    "messaging/conversations/order": "a list that moves while it is paged through",
    "messaging/conversations/owners": "shared by service, groups and erasure",
    "messaging/conversations/reading": "the hot path beside the sending: how far many have read, in one transaction",
    "messaging/conversations/refolding": "run by the search when letters are folded in another way",
    "messaging/conversations/sending": "the hot path of the service: many messages in one transaction",
    "messaging/conversations/showing": "what a page needs of a message beyond its row",
    "messaging/conversations/starting": "the first third of the service: opening a conversation",
    "messaging/conversations/telling": "hints and events of a message, for what is said and what is changed",
    "messaging/conversations/unread": "what is unread is said once, for six readers",
    "messaging/fraud_signals/phrases": "data only, in many languages",
    "notifications/delivery/rendering": "what a mail or a push says",
    "notifications/delivery/sending": "the claim and the hand-over, apart from the planning",
    "notifications/devices/sessions": "a slot of the accounts' room: a module that keeps a protocol",
    "notifications/kinds/shape": "how a kind looks, apart from the list of them",
    "notifications/kinds/introductions": "the list of kinds is as long as a file may be",
    "notifications/inbox/words": "what a notification says, shared by pages, mails and pushes",
    "payments/ledger/documents": "a statement as CSV and XML, pure and apart from the reads",
    "payments/providers/stripe_calls": "the one module that speaks with Stripe",
    "people/accounts/attempt_limits": "how often a password may be tried",
    "people/accounts/credentials": "one table of what opens an account and what ends it",
    "people/accounts/email_change": "another address: its own use cases",
    "people/accounts/email_confirmation": "the address of a newcomer: its own use cases",
    "people/accounts/password_reset": "a forgotten password, or none: its own use cases",
    "people/accounts/passwords": "how a password is read, at every door",
    "people/accounts/reauthentication": "asking once more before something is given away",
    "people/accounts/security": "Flask-Security made to keep our transactions",
    "people/accounts/sessions": "the browser's session, which Flask-Login asks for",
    "trust/circle/discretion": "ways with a link that does not want to be named",
    "trust/circle/edge_reader": "the tables of four rooms as edges",
    "trust/circle/graph_builder": "a graph from edges",
    "trust/circle/live_graph": "the graph of this process",
    "trust/circle/loading": "the graph built beside those who go on without it",
    "trust/circle/log_changes": "events as changes of the graph",
    "trust/circle/snapshots": "the graph on disk",
}
# Containers that begin empty at the top of a module are filled from somewhere: each with the reason why that
# is not the application's own.
PROCESS_WIDE = {
    "app.discovery.feed.queries._NO_SCORES": "empty, and stays so",
    "app.notifications.kinds.values.KINDS": "a constant that its own module fills line by line",
    "app.kernel.events._known_types": "field types of event classes, which are of the process themselves",
    "app.platform.formats._distances": "a bounded cache of Babel's texts by number, unit and language: no member's",
    "app.platform.logs._addresses": "the process has one log, whatever application writes to it",
    "app.platform.realtime._guests": "of the socket server, of which a process has one",
    "app.platform.realtime._refused": "of the socket server, of which a process has one",
    "app.platform.socket_watch._running": "of the socket server, of which a process has one",
}


def folders() -> set[str]:
    return {
        f"{wing}.{room.name}"
        for wing in WINGS
        for room in (APP / wing).iterdir()
        if room.is_dir() and (room / "__init__.py").exists()
    }


def test_every_room_is_in_the_list() -> None:
    assert set(ROOMS) == folders()
    assert len(ROOMS) == len(set(ROOMS))


def test_files_of_rooms_have_the_names_of_the_table() -> None:
    found = {
        path.relative_to(APP).with_suffix("").as_posix()
        for room in folders()
        for path in (APP / room.replace(".", "/")).iterdir()
        if path.stem not in FILES and path.name != "__pycache__"
    }
    assert found == set(BESIDE), "\n".join(sorted(found ^ set(BESIDE)))


def test_every_reaction_states_its_stored_name_where_it_starts_and_what_it_hears() -> None:
    names = []
    for one in iter_modules(reactions.__path__):
        module = import_module(f"app.reactions.{one.name}")
        if not hasattr(module, "react"):
            assert hasattr(module, "watch_log"), f"{one.name} neither reacts nor watches"
            continue
        assert isinstance(module.STARTS, Start)
        assert all(issubclass(kind, Event) for kind in module.LISTENS_TO)
        names.append(module.NAME)
    assert len(names) == len(set(names))


def test_two_applications_in_one_process_share_nothing(tmp_path: Path) -> None:
    one, other = (create_app(settings_for(f"sqlite:///{tmp_path}/{name}", tmp_path / name)) for name in "ab")
    ours = {name for name in one.extensions if name.startswith("kin_")}
    assert len(ours) > 15
    shared = {
        name
        for name in ours & set(other.extensions)
        if one.extensions[name] is other.extensions[name] and not isinstance(one.extensions[name], bool)
    }
    assert not shared
    checks.register_check(one, "trial", list)
    projections.register_projection(one, "trial", lambda _progress: None)
    event_log.register_reaction(one, "trial", [], lambda _event, _id: None, starts=Start.HEAD)
    frame.register_badge(one, "trial", lambda _viewer: None)
    with other.app_context():
        assert "trial" not in event_log.reactions()
        assert "trial" not in projections.names()
        assert set(subjects.kinds())
        assert jobs.kinds().keys() >= {"send_mail", "sweep_photos"}
        their_jobs = jobs.kinds()
    with one.app_context():
        assert "trial" in event_log.reactions()
        assert jobs.kinds() == their_jobs


def test_nothing_is_registered_in_a_module() -> None:
    found = set()
    for path in sorted(APP.rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.parse(path.read_text()).body:
            value = getattr(node, "value", None)
            if not isinstance(node, ast.Assign | ast.AnnAssign) or not _begins_empty(value):
                continue
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {f"{module}.{target.id}" for target in targets if isinstance(target, ast.Name)}
    assert found == set(PROCESS_WIDE), "\n".join(sorted(found ^ set(PROCESS_WIDE)))


def _begins_empty(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        name = value.func.id if isinstance(value.func, ast.Name) else ""
        return name in {"dict", "list", "set", "Counter", "defaultdict"} and not value.args
    if isinstance(value, ast.Dict):
        return not value.keys
    return isinstance(value, ast.List) and not value.elts
