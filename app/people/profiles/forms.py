"""The member's own face."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, StringField, SubmitField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.people.accounts.values import MAX_NAME_LENGTH
from app.people.profiles.values import MAX_BIO_LENGTH, MAX_PLACE_LENGTH, ProfileDraft
from app.web.edits import EditForm


class ProfileForm(EditForm):
    """What everybody may see of me."""

    name = StringField(
        _l("Name"),
        validators=[DataRequired(message=_l("Enter your name.")), Length(max=MAX_NAME_LENGTH)],
        render_kw={"autocomplete": "name"},
    )
    place = StringField(
        _l("Place"),
        description=_l("A town or neighbourhood is enough."),
        validators=[Length(max=MAX_PLACE_LENGTH)],
        render_kw={"autocomplete": "address-level2"},
    )
    bio = TextAreaField(
        _l("About me"),
        description=_l("What you like, know about or make."),
        validators=[Length(max=MAX_BIO_LENGTH)],
        render_kw={"rows": 5},
    )
    avatar = FileField(
        _l("Picture"),
        description=_l("JPEG, PNG or WebP. We remove location data."),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )
    remove_avatar = BooleanField(_l("Remove picture"))
    discreet = BooleanField(
        _l("Hide my name in other people’s connections"),
        description=_l("Connections through you show “a friend of Ana” instead of your name and picture."),
    )
    submit = SubmitField(_l("Save"))
    # A wish of this one time, not a state that another tab could have changed.
    PASSING = frozenset({"remove_avatar"})

    def merged(self, now: ProfileDraft) -> ProfileDraft:
        """What was changed here, and the rest as it is now."""
        self.merge_with(ProfileForm(formdata=None, obj=now))
        return ProfileDraft(
            name=self.name.data or "",
            bio=self.bio.data or "",
            place=self.place.data or "",
            discreet=self.discreet.data,
        )
