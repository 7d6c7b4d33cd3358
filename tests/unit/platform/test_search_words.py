"""Which words are the same to a reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.platform.search.folding import fold
from app.platform.search.words import document_tokens, question
from tests.support.word_pairs import DOES_NOT_FIND, FINDS


def finds(title: str, typed: str) -> bool:
    """What both databases do with tokens and a question."""
    tokens, asked = document_tokens(title).split(), question(typed)

    def one_of(whole: tuple[str, ...], beginnings: tuple[str, ...]) -> bool:
        return any(one in tokens for one in whole) or any(
            token.startswith(one) for token in tokens for one in beginnings
        )

    return (
        bool(asked)
        and all(one_of((one,), ()) for one in asked.whole)
        and all(one_of((), (one,)) for one in asked.beginnings)
        and all(one_of(term.whole, term.beginnings) for term in asked.terms)
    )


@pytest.mark.parametrize(("title", "typed"), FINDS)
def test_what_readers_take_for_the_same_finds_each_other(title: str, typed: str) -> None:
    assert finds(title, typed), (document_tokens(title), question(typed))


@pytest.mark.parametrize(("title", "typed"), DOES_NOT_FIND)
def test_what_is_another_thing_is_not_found(title: str, typed: str) -> None:
    assert not finds(title, typed), (document_tokens(title), question(typed))


@given(st.text(max_size=60))
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(min_size=1, max_size=40))
def test_a_text_finds_itself(text: str) -> None:
    assert not question(text) or finds(text, text), (document_tokens(text), question(text))


@given(st.text(max_size=60))
def test_tokens_need_no_quoting(text: str) -> None:
    """They stand in a question to the database as they are."""
    asked = question(text)
    tokens = [*asked.whole, *asked.beginnings, *(one for term in asked.terms for one in term.whole + term.beginnings)]
    assert not [one for one in (*tokens, *document_tokens(text).split()) if set(one) & set("'\"\\ \t\n\0:*&|!()")]
