"""Whatever an advocate brought about is counted for the merchant."""

from __future__ import annotations

from app.marketing.advocates.service import COUNTED, count_event

LISTENS_TO = COUNTED
react = count_event
