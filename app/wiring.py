"""The composition root: which reaction listens to which event, and what fills which slot."""

from __future__ import annotations

from apiflask import APIFlask

from app.community.chat import checks as chat_checks
from app.community.chat import privacy as chat_privacy
from app.community.chat.queries import unread_badge
from app.people.accounts.queries import caller_of
from app.people.accounts.security import session_viewer
from app.people.privacy.queries import register_privacy
from app.platform.checks import database_is_sound, register_check
from app.reactions import cut_sockets
from app.web.api import set_token_reader
from app.web.frame import register_badge, set_viewer_loader


def wire(app: APIFlask) -> None:
    """Connect the wings. Called once per application; registering again replaces."""
    _fill_slots()
    _badges()
    _reactions()
    _checks()
    _projections()


def _fill_slots() -> None:
    set_viewer_loader(session_viewer)
    set_token_reader(caller_of)
    register_privacy("chat", chat_privacy.export, chat_privacy.erase)


def _badges() -> None:
    """Numbers of the page frame."""
    register_badge("messages", unread_badge)


def _reactions() -> None:
    """Durable listeners, by name; the name is the cursor's key in the database."""
    cut_sockets.watch_rights()


def _checks() -> None:
    register_check("database", database_is_sound)
    register_check("chat", chat_checks.run)


def _projections() -> None:
    """What `kinmarket rebuild` knows."""
