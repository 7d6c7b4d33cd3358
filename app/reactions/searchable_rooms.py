"""A room is looked up anew for the search when it opens, changes or loses somebody."""

from __future__ import annotations

from app.discovery.search import service
from app.messaging.conversations.events import ConversationStarted, PersonLeft, RoomChanged
from app.platform.event_log import Start

NAME = "searchable_rooms"
STARTS = Start.BEGINNING
LISTENS_TO = (ConversationStarted, PersonLeft, RoomChanged)
react = service.react_to_room
