"""A question in the language of each database: FTS5's MATCH, or PostgreSQL's tsquery."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Text, cast, column, func, literal, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from app.platform.database import BigId, db
from app.platform.search.tables import SearchDocument
from app.platform.search.words import Question

FTS = table("search_fts", column("rowid", BigId), column("search_fts", Text))


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def search(asked: Question, *columns: Any) -> Select[Any]:
    """These columns of all documents that the question finds."""
    if is_sqlite():
        return (
            select(*columns)
            .select_from(FTS.join(SearchDocument, SearchDocument.id == FTS.c.rowid))
            .where(FTS.c.search_fts.op("MATCH")(fts5_query(asked)))
        )
    terms = [f"'{token}'" for token in asked.whole] + [f"'{token}':*" for token in asked.beginnings]
    if asked.any_of:
        terms.append("(" + " | ".join(f"'{token}'" for token in asked.any_of) + ")")
    for term in asked.terms:
        forms = [f"'{token}':*" for token in term.beginnings] + [f"'{token}'" for token in term.whole]
        terms.append("(" + " | ".join(forms) + ")")
    vector = func.search_vector(SearchDocument.tokens)
    return select(*columns).where(vector.op("@@")(cast(literal(" & ".join(terms)), TSQUERY)))


def fts5_query(asked: Question) -> str:
    """The words of MATCH; tokens have no quotes in them."""
    terms = [f'"{token}"' for token in asked.whole] + [f'"{token}"*' for token in asked.beginnings]
    if asked.any_of:
        terms.append("(" + " OR ".join(f'"{token}"' for token in asked.any_of) + ")")
    for term in asked.terms:
        forms = [f'"{token}"*' for token in term.beginnings] + [f'"{token}"' for token in term.whole]
        terms.append("(" + " OR ".join(forms) + ")")
    return " AND ".join(terms)
