"""Whatever an advocate brought about is counted for the merchant."""

from __future__ import annotations

from app.marketing.advocates.service import COUNTED, count_event
from app.platform.event_log import Start

NAME = "advocate_tallies"
STARTS = Start.BEGINNING
LISTENS_TO = COUNTED
react = count_event
