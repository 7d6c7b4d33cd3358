"""Which language a page is in, and its texts, looked up once instead of for each of a hundred texts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from babel.numbers import get_territory_currencies
from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import Babel, Domain, get_locale, get_translations

from app.platform.locales import offered_languages, tag_of

LANGUAGE_COOKIE: Final = "kin_language"  # set by the switch in the footer
RTL = {"ar", "fa", "he", "ur", "yi"}
_CONTEXT = "_flask_babel"  # where Flask-Babel keeps what it found out for this context


class Catalogues(Domain):
    """Flask-Babel's domain; a page's catalogue is looked for once, not for each of its texts."""

    def get_translations(self) -> Any:
        """Those of the language in force here, also of a forced one."""
        return _in_force(super().get_translations)[1]


def _in_force(load: Callable[[], Any]) -> tuple[Any, Any, str]:
    """Locale, catalogue and tag, kept beside Flask-Babel's own finds as long as these stand."""
    kept = getattr(g, _CONTEXT, None) if has_app_context() else None
    locale = getattr(kept, "babel_locale", None)
    if locale is not None:
        found: tuple[Any, Any, str] | None = getattr(kept, "kin", None)
        if found is not None and found[0] is locale:
            return found
    catalogue, locale = load(), get_locale()
    found = (locale, catalogue, tag_of(str(locale or "en")))
    if kept is not None:
        kept.kin = found
    return found


class Languages(Babel):
    """Flask-Babel with one set of catalogues for each application."""

    @cached_property
    def domain_instance(self) -> Catalogues:
        """The texts of the application."""
        return Catalogues(domain=self.domain)


def language() -> str:
    """The tag of the language in force, such as `zh-Hant`."""
    return _in_force(get_translations)[2]


def local_currency() -> str | None:
    """The currency of the country that the reader's browser names first (`sv-SE`); None where it names none."""
    for tag, _quality in request.accept_languages if has_request_context() else ():
        with suppress(ValueError, UnknownLocaleError):
            territory = Locale.parse(tag, sep="-").territory
            if territory and (found := get_territory_currencies(territory)):
                return str(found[0])
    return None


def direction(tag: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if tag.split("-", maxsplit=1)[0] in RTL else "ltr"


def init_languages(app: Flask, choose: Callable[[], str | None], choose_zone: Callable[[], str | None]) -> None:
    """`choose` says the language of a request, `choose_zone` the time zone of its reader."""
    Languages(app, locale_selector=choose, timezone_selector=choose_zone)
    app.jinja_env.globals["offered_languages"] = offered_languages
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined] # of jinja2.ext.i18n
        gettext=lambda text: get_translations().ugettext(text),
        ngettext=lambda one, many, number: get_translations().ungettext(one, many, number),
        pgettext=lambda context, text: get_translations().upgettext(context, text),
        npgettext=lambda context, one, many, number: get_translations().unpgettext(context, one, many, number),
        newstyle=True,
    )
