"""What a notification says, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext

from app.notifications.kinds.values import kind_named
from app.platform.wording import isolated

NAMED: Final = 2  # people named before the rest is a number


def people(names: Sequence[str], count: int) -> str:
    """“Ana”, “Ana and Bo”, “Ana and 3 others”."""
    names = [isolated(name) for name in names]
    if not names:
        return str(_("Someone"))
    if count <= 1:
        return names[0]
    if count == NAMED and len(names) >= NAMED:
        return str(_("%(one)s and %(other)s", one=names[0], other=names[1]))
    return str(ngettext("%(who)s and %(num)s other", "%(who)s and %(num)s others", count - 1, who=names[0]))


def sentence(kind: str, names: Sequence[str], count: int) -> str:
    """The line of the inbox, the subject of the mail, the title of the push."""
    spec = kind_named(kind)
    # The templates are those of the kinds, which the catalogue knows.
    said: str = ngettext(spec.one, spec.many, max(1, count), who=people(names, count))
    return said
