"""Who takes part in a case hears what another has done, and when a time runs out."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import CaseId, EventId, MemberId
from app.kernel.subjects import Subject
from app.market.cases.events import CaseDeadlineNear, CaseDecided, CaseMoved, CaseOpened
from app.market.cases.queries import KIND, title_of
from app.market.cases.values import CaseAction
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import CASE_CHANGED, CASE_DECIDED, CASE_DUE, CASE_FRIEND, CASE_OPENED
from app.platform.event_log import Start

NAME = "notify_cases"
STARTS = Start.HEAD
LISTENS_TO = (CaseOpened, CaseMoved, CaseDecided, CaseDeadlineNear)


def react(event: Event, event_id: EventId) -> None:
    """Each is told once, of what somebody else has done."""
    match event:
        case CaseOpened():
            _tell(event.case_id, event.other_id, event.opener_id, CASE_OPENED, event_id)
        case CaseMoved():
            _moved(event, event_id)
        case CaseDecided():
            for one, other in ((event.buyer_id, event.seller_id), (event.seller_id, event.buyer_id)):
                if one != event.actor_id:
                    _tell(event.case_id, one, other, CASE_DECIDED, event_id)
        case CaseDeadlineNear():
            _tell(event.case_id, event.member_id, event.other_id, CASE_DUE, event_id)


def _moved(event: CaseMoved, event_id: EventId) -> None:
    for one, other in ((event.buyer_id, event.seller_id), (event.seller_id, event.buyer_id)):
        if one != event.actor_id:
            _tell(event.case_id, one, event.actor_id or other, CASE_CHANGED, event_id)
    if event.action == CaseAction.AGREE_FRIEND and event.mediator_id is not None and event.actor_id is not None:
        _tell(event.case_id, event.mediator_id, event.actor_id, CASE_FRIEND, event_id)


def _tell(case_id: CaseId, member_id: MemberId, by: MemberId, kind: str, event_id: EventId) -> None:
    title = title_of(case_id)
    if title is None:
        return
    notify(
        member_id,
        kind,
        Subject(KIND, case_id),
        key=f"{kind}:{case_id}:{event_id}",
        actor_id=by,
        data={"title": title, "url": f"/cases/{case_id}"},
    )
