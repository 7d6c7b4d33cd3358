"""A member is looked up anew for the search when the face that others see has changed."""

from __future__ import annotations

from app.discovery.search import service
from app.people.accounts.events import MemberErased, MemberJoined, MemberReinstated, MemberSuspended
from app.people.profiles.events import ProfileChanged
from app.platform.event_log import Start

NAME = "searchable_members"
STARTS = Start.BEGINNING
LISTENS_TO = (MemberJoined, ProfileChanged, MemberErased, MemberSuspended, MemberReinstated)
react = service.react
