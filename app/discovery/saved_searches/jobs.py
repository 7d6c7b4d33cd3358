"""Summaries of saved searches, and the index after an upgrade."""

from __future__ import annotations

from app.discovery.saved_searches.service import file_again, tell_due
from app.discovery.search.service import bring_up_to_date
from app.platform.jobs import periodic


@periodic("saved_searches", minutes=60)
def summaries() -> None:
    """Whose day or week is over."""
    tell_due()


@periodic("search_folding", minutes=1)
def bring_index_up_to_date() -> None:
    """When the program folds letters in another way than the documents were made."""
    if bring_up_to_date():
        file_again()
