"""Two who edit the same thing: each writes only what they changed, and no words are lost.

A form that changes something carries a digest of every field as it was filled (`filled` in
`macros/forms.html`). Where the person left a field as it was, what stands there by now stays; where both
changed the same one, the second gets the form back, with the other's words beside their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from urllib.parse import quote, unquote

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, HiddenField, MultipleFileField, SelectField, SubmitField
from wtforms.fields import Field

from app.kernel.errors import N_, Conflict
from app.web.categories import TopicField

FIELD: Final = "filled"
SAME_AS: Final = 12  # letters of a digest; they tell one's own words apart and need not be a secret
MAX_SHOWN_LENGTH: Final = 2000
Units = Sequence[tuple[str, ...]]


class ChangedMeanwhile(Conflict):
    """Both changed the same fields.

    `theirs`: what stands in these fields now, `now`: in all of them; `fields`: what to show in the form.
    """

    code = "changed_meanwhile"

    def __init__(self, theirs: Mapping[str, str], fields: Mapping[str, str], now: Mapping[str, str]) -> None:
        super().__init__(N_("This was changed in the meantime. Your text is still here. Compare both, then save."))
        self.theirs, self.fields, self.now, self.filled = theirs, fields, now, filled_with(now)


def filled_with(values: Mapping[str, str]) -> str:
    """What a form was filled with, for its hidden field."""
    return " ".join(f"{quote(name)}={_digest(text)}" for name, text in values.items())


def sent_base() -> str:
    """What the form that was sent had been filled with; empty when it does not say."""
    return request.form.get(FIELD, "")


def read_base(base: str) -> dict[str, str]:
    """The digests by name; of what is none, nothing."""
    parts = (part.partition("=") for part in base.split())
    return {unquote(name): digest for name, equals, digest in parts if equals}


def merge(now: Mapping[str, str], sent: Mapping[str, str], base: str, together: Units = ()) -> dict[str, str]:
    """`sent` where it was changed, else `now`; raises `ChangedMeanwhile`.

    Fields that mean something only `together` (a price and its currency) are of one hand. A form that
    does not say what it was filled with writes all it has.
    """
    was = read_base(base)
    joined = {name for unit in together for name in unit}
    units = [*together, *((name,) for name in sent if name not in joined)]
    merged, theirs = dict(sent), dict[str, str]()
    for unit in units:
        names = [name for name in unit if name in sent and name in now]
        if not all(name in was for name in names) or all(_same(now[name], sent[name]) for name in names):
            continue
        if all(_digest(sent[name]) == was[name] for name in names):
            merged.update((name, now[name]) for name in names)
        elif not all(_digest(now[name]) == was[name] for name in names):
            theirs.update((name, now[name]) for name in names if not _same(now[name], sent[name]))
    if theirs:
        raise ChangedMeanwhile(theirs, merged, now)
    return merged


def ticked(yes: bool) -> str:
    """What the box says."""
    return "1" if yes else ""


def changed_note(text: str) -> str:
    """What stands beside a field that somebody else changed."""
    if not text:
        return str(_("Changed in the meantime: now empty."))
    return str(_("Changed in the meantime: %(text)s", text=text[:MAX_SHOWN_LENGTH]))


@dataclass(frozen=True, slots=True)
class Filled:
    """The filling of a form without a class: what its hidden field says, and what to show of the other's words."""

    filled: str
    changed_meanwhile: bool = False
    notes: tuple[tuple[str, str], ...] = ()


def begin_with(now: Mapping[str, str]) -> Filled:
    """A form that is opened, or that comes back for another reason: what it was filled with first."""
    return Filled(sent_base() if request.method == "POST" else filled_with(now))


def give_back(problem: ChangedMeanwhile, labels: Mapping[str, str], shown: Mapping[str, str] | None = None) -> Filled:
    """The form that comes back to somebody who was second; `shown` where a code has a name."""
    notes = (
        (labels.get(name, name), changed_note((shown or {}).get(name, text))) for name, text in problem.theirs.items()
    )
    return Filled(problem.filled, changed_meanwhile=True, notes=tuple(notes))


class EditForm(FlaskForm):
    """A form that changes what is there; its page says `filled(form)` beside the token."""

    TOGETHER: ClassVar[Units] = ()
    PASSING: ClassVar[frozenset[str]] = frozenset()
    notes: ClassVar[tuple[tuple[str, str], ...]] = ()  # they stand at the fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = bool(args) or "formdata" in kwargs
        self._base = sent_base() if not given and self.is_submitted() else None
        self.changed_meanwhile = False
        # What is no field of the form's own, such as photos, by name.
        self.beside: dict[str, str] = {}

    @property
    def filled(self) -> str:
        """For the hidden field: as it came with the form, or of what stands in the form now."""
        return filled_with(self.texts()) if self._base is None else self._base

    def texts(self) -> dict[str, str]:
        """By name: what the fields say, as a browser sends it."""
        read = (field for field in self if not isinstance(field, _UNREAD) and field.name not in self.PASSING)
        own = {field.name: _text(field) for field in read}
        return own | self.beside

    def merge_with(self, now: EditForm) -> None:
        """Take over what was left alone here and changed there (`now`, filled with what stands).

        Raises `ChangedMeanwhile` with everything shown in the form, ready to be sent again.
        """
        problem: ChangedMeanwhile | None = None
        try:
            merged = merge(now.texts(), self.texts(), self._base or "", self.TOGETHER)
        except ChangedMeanwhile as found:
            problem, merged = found, dict(found.fields)
        for name, text in merged.items():
            if name in self.beside:
                self.beside[name] = text
            elif text != _text(self[name]):
                # A date shows what was typed as long as it is known.
                self[name].data, self[name].raw_data = now[name].data, None
        if problem is None:
            return
        self.changed_meanwhile, self._base = True, problem.filled
        for name in problem.theirs.keys() - self.beside.keys():
            self[name].errors = [*self[name].errors, changed_note(_shown(now[name]))]
        raise problem


_UNREAD = (HiddenField, SubmitField, FileField, MultipleFileField)


def _text(field: Field) -> str:
    if isinstance(field, BooleanField):
        return ticked(bool(field.data))
    return "" if field.data is None else str(field.data)


def _shown(field: Field) -> str:
    if isinstance(field, SelectField):  # radio buttons as well
        return next((str(choice[1]) for choice in field.iter_choices() if choice[2]), "")
    return field.shown if isinstance(field, TopicField) else _text(field)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _digest(text: str) -> str:
    return hashlib.sha256(_plain(text).encode("utf-8", "surrogatepass")).hexdigest()[:SAME_AS]
