"""The first operator is the first from whom standing flows, so that taste may count from the start."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId
from app.people.accounts.events import MemberJoined, RoleGiven
from app.people.accounts.queries import is_active, roles_of
from app.people.accounts.values import OPERATOR
from app.platform.event_log import Start
from app.platform.jobs import enqueue
from app.trust.reputation.queries import has_seeds
from app.trust.reputation.service import begin, name_seed

NAME = "first_seed"
# An installation that runs already names its seeds itself: the feed tells its operator.
STARTS = Start.HEAD
LISTENS_TO = (MemberJoined, RoleGiven)


def react(event: Event, _event_id: EventId) -> None:
    """Whoever has named seeds before chooses for themselves; so does who is no operator any more by now."""
    if not isinstance(event, MemberJoined | RoleGiven) or has_seeds():
        return
    if OPERATOR in roles_of(event.member_id) and is_active(event.member_id):
        name_seed(None, event.member_id)
        enqueue("trust.compute_reputation", run_id=begin(None))
