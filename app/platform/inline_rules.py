"""Where markup begins and ends inside a line: as people write, not as a specification reads it.

Addresses are found before anything else, so that `/__init__.py` stays one. A mark beside a letter or a
digit is no markup (`2*3*4`, `snake_case`), except in scripts that are written without spaces. A backslash
is itself (`¯\\_(ツ)_/¯`) unless it stands before a mark at the beginning of a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from app.kernel.scripts import is_unspaced

Rule = Callable[[StateInline, bool], bool]

_SCHEME = re.compile(r"https?://(?=[^\s/?#.,:;!?()<>\"'`{}|\\^\[\]*_~-])", re.IGNORECASE)
_GLUED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@/.+-")
_ENDS = frozenset("<>\"'`{}|\\^[]")
_DASHES = frozenset("\u2014\u2015\u301c\u3030\ufe58")
_LETTERS_LIKE = frozenset("\u00b7\u0387\u30fb")  # middle dots stand inside words
_TRAILING = ".,:;!?*~\u2013"
_OPENERS = frozenset("([{<>\"'*_~-\u00bf\u00a1\u2026")
_INSIDE = frozenset("\\/@#&%=+$")
_SENTENCE = frozenset(".,:;!?'\u2019")
_MARKS: Final = "*_~`"


def find_address(text: str, start: int) -> int:
    """Where the web address ends that begins at `start`; `start` itself when none does."""
    found = _SCHEME.match(text, start)
    if found is None or (start and text[start - 1] in _GLUED and not _marks_only(text, start)):
        return start
    end = found.end()
    while end < len(text) and not _ends_address(text[end]):
        end += 1
    return _without_trailing(text, start, end)


def install(parser: MarkdownIt) -> None:
    """Put the rules in place of those of CommonMark."""
    inline = parser.inline
    for letter in "hH":
        inline.add_terminator_char(letter)
    inline.ruler.after("text", "address", _address)
    inline.ruler.at("escape", _escape)
    for name, tokenize in _tokenizers(parser).items():
        inline.ruler.at(name, _beside_words(tokenize))


def _tokenizers(parser: MarkdownIt) -> dict[str, Rule]:
    rules = {rule.name: rule.fn for rule in parser.inline.ruler.__rules__}
    return {name: rules[name] for name in ("emphasis", "strikethrough")}


def _address(state: StateInline, silent: bool) -> bool:
    end = min(find_address(state.src, state.pos), state.posMax)
    if end == state.pos:
        return False
    address = state.src[state.pos : end]
    if not silent:
        href = state.md.normalizeLink(address)
        linked = not state.linkLevel and state.md.validateLink(href)
        if linked:
            state.push("link_open", "a", 1).attrs = {"href": href}
        state.push("text", "", 0).content = address
        if linked:
            state.push("link_close", "a", -1)
    state.pos = end
    return True


def _escape(state: StateInline, silent: bool) -> bool:
    """`\\*so\\*`: the first at the beginning of a word, the second at the end of one."""
    place, text = state.pos, state.src
    if text[place] != "\\" or place + 1 >= state.posMax or text[place + 1] not in f"{_MARKS}[#>+-":
        return False
    mark = text[place + 1]
    escaped: set[str] = state.env.setdefault("escaped", set())
    begins = place == 0 or text[place - 1].isspace()
    ends = mark in escaped and _closes(text, place + 2)
    if not (begins and place + 2 < len(text) and not text[place + 2].isspace()) and not ends:
        return False
    if begins and mark in _MARKS and f"\\{mark}" not in text[place + 2 :]:
        return False
    if not silent:
        escaped.add(mark)
        state.append_pending(mark)
    state.pos += 2
    return True


def _beside_words(tokenize: Rule) -> Rule:
    def rule(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.delimiters)
        if not tokenize(state, silent):
            return False
        text, mark = state.src, state.src[start]
        opens = _opens(text, start) and not (mark == "_" and _is_name(text, start, mark))
        closes = _closes(text, state.pos, mark)
        for delimiter in state.delimiters[before:]:
            delimiter.open = delimiter.open and opens
            delimiter.close = delimiter.close and closes
        return True

    return rule


def _opens(text: str, start: int) -> bool:
    if start == 0:
        return True
    letter = text[start - 1]
    return (
        letter.isspace()
        or letter in _OPENERS
        or is_unspaced(letter)
        or (not letter.isascii() and unicodedata.category(letter) in {"Ps", "Pi", "Pf", "Pd", "Po", "Pe"})
    )


def _closes(text: str, end: int, mark: str = "") -> bool:
    while end < len(text) and text[end] in _MARKS:
        end += 1
    if end == len(text):
        return True
    letter, following = text[end], text[end + 1 : end + 2]
    if letter in _INSIDE or (mark == "_" and letter in "(["):
        return False
    if letter in _SENTENCE:
        # `__init__.py` goes on like a word, `_so_.` ends like a sentence.
        return not (following.isascii() and (following.isalnum() or following == "_"))
    return is_unspaced(letter) or not letter.isalnum()


def _is_name(text: str, start: int, mark: str) -> bool:
    """`__init__.py`: in the same word the mark comes again where nothing can end."""
    place = start
    while place < len(text) and text[place] == mark:
        place += 1
    run = text[start:place]
    while place < len(text) and not text[place].isspace():
        if text.startswith(run, place):
            return not _closes(text, place + len(run), mark)
        place += 1
    return False


def _marks_only(text: str, start: int) -> bool:
    """Only marks of markup stand between the address and the word's beginning."""
    place = start
    while place and text[place - 1] in _MARKS:
        place -= 1
    return place < start and _opens(text, place)


def _ends_address(letter: str) -> bool:
    if letter.isascii():
        return letter.isspace() or letter in _ENDS or not letter.isprintable()
    if letter.isspace() or letter in _DASHES:
        return True
    if letter in _LETTERS_LIKE:
        return False
    full_width = "\uff01" <= letter <= "\uffee" and not letter.isalnum()
    return full_width or unicodedata.category(letter) in {"Po", "Ps", "Pe", "Pi", "Pf"}


def _without_trailing(text: str, start: int, end: int) -> int:
    """Without the marks of the sentence around it; a bracket belongs to it when it was opened in it."""
    while end > start:
        letter = text[end - 1]
        unopened = letter == ")" and text.count("(", start, end) < text.count(")", start, end)
        marked = letter == "_" and start > 0 and text[start - 1] == "_"
        if letter not in _TRAILING and not unopened and not marked:
            break
        end -= 1
    return end
