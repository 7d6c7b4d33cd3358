"""Sign-in and sign-up."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_security.forms import ChangePasswordForm, ForgotPasswordForm, LoginForm, ResetPasswordForm, VerifyForm
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField, SubmitField
from wtforms.validators import DataRequired, Length

from app.kernel.ids import MemberId, new_id
from app.people.accounts.attempt_limits import count_confirmation, count_sign_in
from app.people.accounts.credentials import new_uniquifier
from app.people.accounts.passwords import reading_that_opens, readings, take_as_long
from app.people.accounts.sessions import DEVICE_COOKIE, session_digest
from app.people.accounts.values import MAX_NAME_LENGTH, MIN_PASSWORD_LENGTH
from app.platform.jobs import enqueue


class SignInForm(LoginForm):
    """Flask-Security's form, with the handle as good as the e-mail address."""

    email = StringField(
        _l("Username or email"),
        validators=[DataRequired(message=_l("Enter your username or email address."))],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = ""  # the page has its own way to the forgotten password
        self.password.flags.required = True
        self.remember.label.text = _("Keep me signed in")
        self.incomplete = False

    def say_missing(self) -> None:
        """What is missing is said at its field: the library has one sentence for all that is wrong."""
        if not self.incomplete:
            return
        self.form_errors.clear()
        self.email.errors = [] if self.email.data else [_("Enter your username or email address.")]
        # The password is never given back: it is asked for again.
        self.password.errors = [_("Enter your password.")]

    def validate(self, **kwargs: Any) -> bool:
        self.ifield = self.email
        # JSON may bring anything.
        name, typed = (one if isinstance(one, str) else "" for one in (self.email.data, self.password.data))
        self.email.data, self.password.data = name, typed
        if not (name and typed):
            # Nobody is looked for.
            FlaskForm.validate(self, **kwargs)
            self.incomplete = True
            return False
        count_sign_in(name, request.cookies.get(DEVICE_COOKIE, "")[:64])
        security = current_app.extensions["security"]
        self.user = security.datastore.find_by_identity(name)
        if not readings(typed):
            # No account has a password that could not be hashed.
            self.password.data = new_uniquifier()
        elif self.user is None or not self.user.password:
            take_as_long(typed)
        if super().validate(**kwargs):
            return True
        if self.user_authenticated and self.user is not None and not self.user.is_active:
            # The password was right, so this tells nobody but the member.
            self.email.errors = []
            self.form_errors.append(_("This account is suspended."))
        return False


class ForgottenForm(ForgotPasswordForm):
    """Asks for a link. What comes of it is decided behind the answer, which is the same for everybody."""

    email = StringField(
        _l("Username or email"),
        validators=[DataRequired(message=_l("Enter your username or email address.")), Length(max=255)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )

    def validate(self, **kwargs: Any) -> bool:
        # Not the library's own steps, which look the account up here and now.
        if FlaskForm.validate(self, **kwargs):
            enqueue("mail_reset_link", identity=str(self.email.data), ref=new_id())
        return False


class NewPasswordForm(ResetPasswordForm):
    """After a forgotten one. The library's validators don't tell the page what must be filled in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.flags.required = self.password_confirm.flags.required = True
        self.password.label.text, self.password_confirm.label.text = _("New password"), _("Repeat new password")


class OtherPasswordForm(ChangePasswordForm):
    """In place of the present one, which who came by a link may not have."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.new_password.flags.required = self.new_password_confirm.flags.required = True
        self.password.label.text = _("Current password")
        self.new_password.label.text = _("New password")
        self.new_password_confirm.label.text = _("Repeat new password")
        self.password.flags.required = bool(current_user.password)

    def validate(self, **kwargs: Any) -> bool:
        hashed, typed = current_user.password, self.password.data
        if not isinstance(typed, str):
            typed = self.password.data = ""
        if hashed and typed:
            count_confirmation(current_user.id, session_digest() or "")
            # Compared by the library once more: in the form that the hash is of.
            self.password.data = reading_that_opens(hashed, typed) or new_uniquifier()
        found = super().validate(**kwargs)
        self.password.data = None
        return found


class IsItYouForm(VerifyForm):
    """The password once more, after a while."""

    def validate(self, **kwargs: Any) -> bool:
        if not isinstance(self.password.data, str):
            self.password.data = ""
        if self.password.data:
            count_confirmation(MemberId(self.user.id), session_digest() or "")
        return super().validate(**kwargs)


class RegisterForm(FlaskForm):
    """A new account. Each field says in our words what is missing, and all at once."""

    name = StringField(
        _l("Name"),
        description=_l("The name your friends know you by."),
        validators=[
            DataRequired(message=_l("Enter your name.")),
            Length(max=MAX_NAME_LENGTH, message=_l("Use at most %(max)d characters for your name.")),
        ],
        render_kw={"autocomplete": "name"},
    )
    handle = StringField(
        _l("Username"),
        description=_l("Lowercase letters, digits and underscores. Others can find and mention you by it."),
        validators=[
            DataRequired(message=_l("Choose a username.")),
            Length(
                min=2,
                max=31,
                message=_l("Use 2 to 30 lowercase letters, digits or underscores for your username."),
            ),
        ],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "maxlength": "31"},
    )
    email = EmailField(
        _l("Email"),
        description=_l("Used to reset your password. Nobody sees it."),
        validators=[
            DataRequired(message=_l("Enter your email address.")),
            Length(max=255, message=_l("Enter a valid email address.")),
        ],
        render_kw={"autocomplete": "email"},
    )
    password = PasswordField(
        _l("Password"),
        description=_l("At least %(count)s characters.", count=MIN_PASSWORD_LENGTH),
        validators=[DataRequired(message=_l("Choose a password."))],
        render_kw={"autocomplete": "new-password"},
    )
    invite = HiddenField()
    submit = SubmitField(_l("Join"))


class EmailForm(FlaskForm):
    """Another address."""

    email = EmailField(
        _l("New email address"),
        description=_l("We’ll email you a link. Your address changes when you open it."),
        validators=[DataRequired(message=_l("Enter your email address.")), Length(max=255)],
        render_kw={"autocomplete": "email"},
    )
    password = PasswordField(_l("Your password"), render_kw={"autocomplete": "current-password"})
    submit = SubmitField(_l("Send link"))


class TokenForm(FlaskForm):
    """A new key to the account is given to its owner only."""

    password = PasswordField(
        _l("Your password"), render_kw={"autocomplete": "current-password", "id": "token-password"}
    )
