"""States, actions and the small values of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.kernel.ids import CaseId, OrderId, PhotoId
from app.kernel.money import Money
from app.people.profiles.values import MemberCard
from app.trust.circle.values import Trail

MAX_TEXT_LENGTH: Final = 2000
MAX_PHOTOS: Final = 6
MAX_PHOTOS_IN_ALL: Final = 60
MAX_STEPS: Final = 200
MAX_CARRIER_LENGTH: Final = 40
MAX_TRACKING_LENGTH: Final = 60


class CaseState(StrEnum):
    """How far a case is; the last two are its ends."""

    OPEN = "open"
    TALK = "talk"
    FRIEND_ASKED = "friend_asked"
    FRIEND_NAMED = "friend_named"
    FRIEND = "friend"
    MODERATOR = "moderator"
    RETURN = "return"
    RETURNING = "returning"
    REPLACE = "replace"
    REPLACING = "replacing"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


ENDS: Final = frozenset({CaseState.DECIDED, CaseState.WITHDRAWN})


class CaseAction(StrEnum):
    """What somebody can do in a case; `open` begins it, `expire` is done by the clock."""

    OPEN = "open"
    ANSWER = "answer"
    SAY = "say"
    PROPOSE = "propose"
    ACCEPT = "accept"
    ASK_FRIEND = "ask_friend"
    AGREE_FRIEND = "agree_friend"
    REFUSE_FRIEND = "refuse_friend"
    ASK_MODERATOR = "ask_moderator"
    TAKE_ON = "take_on"
    STEP_BACK = "step_back"
    DECIDE = "decide"
    WITHDRAW = "withdraw"
    SEND_BACK = "send_back"
    GOT_BACK = "got_back"
    SEND_NEW = "send_new"
    GOT_NEW = "got_new"
    EXPIRE = "expire"


class CaseRole(StrEnum):
    """Who does it."""

    BUYER = "buyer"
    SELLER = "seller"
    FRIEND = "friend"
    MODERATOR = "moderator"
    CLOCK = "clock"


class CaseWay(StrEnum):
    """How it is settled: by money alone, by money for what comes back, by another one, or it simply goes on."""

    MONEY = "money"
    RETURN = "return"
    REPLACE = "replace"
    GO_ON = "go_on"


class CaseWant(StrEnum):
    """What somebody hopes for when they open a case; the amount says how much of the price."""

    REFUND = "refund"
    PART = "part"
    RETURN = "return"
    REPLACEMENT = "replacement"
    DELIVERY = "delivery"  # that it comes at all
    KEEP = "keep"  # a seller: that the payment stands


class DecidedBy(StrEnum):
    """Who has the last word."""

    AGREEMENT = "agreement"
    FRIEND = "friend"
    MODERATOR = "moderator"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody proposes or decides. `to_buyer` is what the buyer gets back, with `replace` if nothing comes."""

    way: CaseWay
    to_buyer: Money
    quantity: int | None = None  # how many come back, of several


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What comes along with an action, as it was typed."""

    text: str = ""
    photo_ids: tuple[PhotoId, ...] = ()
    way: str = ""
    amount: str = ""
    quantity: str = ""
    friend: str = ""
    carrier: str = ""
    tracking: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doable:
    """An action that is open to somebody now; `needs` are the fields that come along."""

    action: CaseAction
    who: CaseRole
    needs: Sequence[str] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One line of a case: who has done what, when; nobody: the clock."""

    seq: int
    action: CaseAction
    who: CaseRole
    actor: MemberCard | None
    at: datetime
    text: str = ""
    terms: Terms | None = None
    carrier: str = ""
    tracking: str = ""
    photo_ids: Sequence[PhotoId] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FriendView:
    """Somebody whom both trust. The way is the viewer's own: the other's is theirs."""

    member: MemberCard
    score: float  # the smaller of the two
    trail: Trail | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCard:
    """One case among many."""

    id: CaseId
    order_id: OrderId
    title: str
    photo_id: PhotoId | None
    state: CaseState
    role: CaseRole
    buyer: MemberCard
    seller: MemberCard
    opener: CaseRole
    waits_for: Sequence[CaseRole]
    friend: MemberCard | None
    due_at: datetime | None
    opened_at: datetime

    @property
    def url(self) -> str:
        return f"/cases/{self.id}"

    @property
    def mine_to_do(self) -> bool:
        """Whether it waits for whoever looks."""
        return self.role in self.waits_for

    @property
    def waited_for(self) -> MemberCard | None:
        """Somebody else whom it waits for; a moderator has no name here."""
        people = {CaseRole.BUYER: self.buyer, CaseRole.SELLER: self.seller, CaseRole.FRIEND: self.friend}
        return next((people.get(one) for one in self.waits_for if one is not self.role), None)

    @property
    def other(self) -> MemberCard:
        """The other side of one of the two; for whoever decides the one who has opened it."""
        if self.role in (CaseRole.BUYER, CaseRole.SELLER):
            return self.seller if self.role is CaseRole.BUYER else self.buyer
        return self.buyer if self.opener is CaseRole.BUYER else self.seller


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDetail:
    """All of one case, for whoever may see it."""

    card: CaseCard
    wants: CaseWant
    wanted: Money
    total: Money  # what was to be paid for it
    at_stake: Money  # what can be divided
    ways: Sequence[CaseWay]
    quantity: int
    confirmed: bool  # whether the money is known to have come
    sent: bool  # whether the thing is on its way or there
    payment: str
    proposal: StepView | None
    outcome: Terms | None
    decided_by: DecidedBy | None
    mediator: MemberCard | None
    moderator: MemberCard | None
    steps: Sequence[StepView]
    actions: Sequence[Doable]

    @property
    def can(self) -> frozenset[str]:
        return frozenset(one.action.value for one in self.actions)

    @property
    def ended(self) -> bool:
        return self.card.state in ENDS

    @property
    def divided(self) -> Money:
        """What proposals and the decision are parts of: also afterwards, when the buyer's part is no longer there."""
        return self.at_stake + self.outcome.to_buyer if self.ended and self.outcome else self.at_stake
