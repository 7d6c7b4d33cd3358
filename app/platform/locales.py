"""Which languages there are texts in, and which of them a browser asks for."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

TRANSLATIONS: Final = Path(__file__).resolve().parent.parent / "translations"
# English is in the code. Of the others those are offered that `make translations` has compiled.
LOCALES: Final = ("en", *sorted(path.parts[-3] for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.mo")))
_OWN_NAMES: Final = {"zh_Hant": "繁體中文"}  # where its readers write it otherwise than the Unicode consortium
_MAX_HEADER: Final = 200  # letters of a browser's wishes that are read


def tag_of(locale: str) -> str:
    """What HTML calls it: `zh-Hant` for `zh_Hant`."""
    return locale.replace("_", "-")


def known_locale(name: str | None) -> str:
    """The language of a member, as far as there are texts in it."""
    return name if name in LOCALES else "en"


@lru_cache(maxsize=256)
def preferred(wishes: str) -> str:
    """The first language of an `Accept-Language` that is offered; `zh-TW` and `zh-HK` read `zh_Hant`."""
    for tag, quality in parse_accept_header(wishes[:_MAX_HEADER], LanguageAccept):
        if quality <= 0:
            continue
        try:
            wanted = Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
        for offered in LOCALES:
            name, _underscore, script = offered.partition("_")
            if name == wanted.language and script in {"", wanted.script}:
                return offered
    return "en"


@lru_cache(maxsize=256)
def english_of(wishes: str) -> str:
    """Of an `Accept-Language` the English that writes days and hours as its reader does: the texts are the same.

    Britain's where the country named first counts to 24, else that of the United States, `en`.
    """
    for tag, _quality in parse_accept_header(wishes[:_MAX_HEADER], LanguageAccept):
        with suppress(ValueError, UnknownLocaleError):
            return "en_GB" if "H" in Locale.parse(tag, sep="-").time_formats["short"].pattern else "en"
    return "en"


@lru_cache(maxsize=1)
def offered_languages() -> tuple[tuple[str, str, str], ...]:
    """For the switch: name of the locale, tag, and what its speakers call it."""
    named = []
    for one in LOCALES:
        name = _OWN_NAMES.get(one) or str(Locale.parse(one).get_display_name())
        named.append((one, tag_of(one), name[:1].upper() + name[1:]))
    return tuple(named)
