"""Flask-Security, made to write only through `unit_of_work()` and to load nothing idly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user, user_logged_in, user_logged_out
from flask_login.utils import _user_context_processor
from flask_security import MailUtil, Security, password_changed, password_reset
from flask_security.datastore import SQLAlchemyUserDatastore
from sqlalchemy import inspect

from app.people.accounts.credentials import Why
from app.people.accounts.forms import ForgottenForm, IsItYouForm, NewPasswordForm, OtherPasswordForm, SignInForm
from app.people.accounts.models import Member, Role
from app.people.accounts.passwords import Passwords
from app.people.accounts.queries import find_identity
from app.people.accounts.service import record_new_password, record_sign_in, store_credentials
from app.people.accounts.sessions import LATELY, after_sign_in, after_sign_out, init_sessions, session_key, this_device
from app.people.accounts.values import MIN_PASSWORD_LENGTH
from app.platform.database import db
from app.platform.limits import limiter
from app.platform.mail import send_mail
from app.platform.settings import Settings

# What the library says on our pages, in our words.
_GENERIC = _l("If there is an account with this username or email, we’ve emailed you a link to reset the password.")
MESSAGES = {
    "GENERIC_AUTHN_FAILED": (_l("Wrong username or password"), "error"),
    "GENERIC_RECOVERY": (_GENERIC, "info"),
    "PASSWORD_RESET_REQUEST": (_GENERIC, "info"),
    "PASSWORD_RESET_EXPIRED": (_l("This link has expired. Ask for a new one."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (_l("This link no longer works. Ask for a new one."), "error"),
    "PASSWORD_RESET": (_l("Password changed. You’re signed in."), "success"),
    "PASSWORD_RESET_NO_LOGIN": (_l("Password changed. Sign in with your new password."), "success"),
    "PASSWORD_CHANGE": (_l("Password changed."), "success"),
    "PASSWORD_IS_THE_SAME": (_l("Choose a password that is different from your current one."), "error"),
    "PASSWORD_MISMATCH": (_l("The passwords don’t match."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (_l("The passwords don’t match."), "error"),
    "PASSWORD_NOT_PROVIDED": (_l("Enter your password."), "error"),
    "INVALID_PASSWORD": (_l("Wrong password."), "error"),
    "DISABLED_ACCOUNT": (_l("This account is suspended."), "error"),
    "UNAUTHENTICATED": (_l("Sign in first."), "error"),
    "UNAUTHORIZED": (_l("You don’t have permission to see this page."), "error"),
    "LOGIN": (_l("Sign in first."), "info"),
    "REFRESH": (_l("Confirm it’s you to continue."), "info"),
    "REAUTHENTICATION_REQUIRED": (_l("Confirm it’s you to continue."), "error"),
    "REAUTHENTICATION_SUCCESSFUL": (_l("Thanks, that’s confirmed."), "info"),
    "ANONYMOUS_USER_REQUIRED": (_l("You’re already signed in."), "error"),
}


class Datastore(SQLAlchemyUserDatastore):
    """Flask-Security changes a member that it read before: that would be a read transaction that
    turns into a write one, which SQLite refuses under load. So each `put` is a write of its own,
    and the commit at the end of the request has nothing left to do."""

    def put(self, model: Any) -> Any:
        state = inspect(model)
        if not (isinstance(model, Member) and state.persistent):
            raise RuntimeError("members are made by the accounts service")
        changed: dict[str, object] = {}
        before: dict[str, object] = {}
        for column in state.mapper.column_attrs:
            history = state.attrs[column.key].history
            if history.has_changes():
                changed[column.key] = history.added[0]
                if history.deleted:
                    before[column.key] = history.deleted[0]
        if changed:
            ident = state.identity[0]
            acting = session_key()
            db.session.rollback()
            why = Why.PASSWORD_CHANGE if acting else Why.PASSWORD_RESET
            store_credentials(ident, changed, before, why=why, session=acting)
        return model

    def commit(self) -> None:
        if db.session.new or db.session.dirty or db.session.deleted:
            raise RuntimeError("a page of Flask-Security changed something outside `put`")

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Any:
        """Addresses are stored in small letters, so the plain index serves every spelling."""
        email = kwargs.get("email")
        if email is not None:
            kwargs["email"] = str(email).lower()
        return super().find_user(case_insensitive=False, **kwargs)

    def find_by_identity(self, text: str) -> Any:
        """By e-mail address or handle."""
        ident = find_identity(text)
        return None if ident is None else self.find_user(id=ident)


class Mail(MailUtil):
    """Hands Flask-Security's messages to our queue."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: Any,
        sender: Any,
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        if recipient:  # a member may have no address
            send_mail(str(recipient), str(subject), body or "", html)


def init_security(app: Flask, to_sign_in: Callable[[], ResponseReturnValue]) -> None:
    """Log-in, log-out, forgotten and changed passwords at /login, /logout, /reset, /settings/password.

    `to_sign_in` answers whoever would have to be signed in.
    """
    settings: Settings = app.config["KIN"]
    app.config.update({f"SECURITY_MSG_{name}": said for name, said in MESSAGES.items()})
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a scheme
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        # argon2 salts by itself; a second secret would only be one more thing to lose.
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_PASSWORD_SALT="unused",  # noqa: S106 - must be set, see above
        SECURITY_PASSWORD_LENGTH_MIN=MIN_PASSWORD_LENGTH,
        SECURITY_REGISTERABLE=False,
        SECURITY_USE_REGISTER_V2=True,
        SECURITY_RECOVERABLE=True,
        SECURITY_CHANGEABLE=True,
        SECURITY_TRACKABLE=False,
        # Bearer tokens are ours and open the API only; Flask-Security's own would be one more key to an account.
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_FRESHNESS=LATELY,
        SECURITY_FRESHNESS_GRACE_PERIOD=timedelta(0),
        SECURITY_CHANGE_URL="/settings/password",
        SECURITY_POST_CHANGE_VIEW="/settings/profile",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_AUTO_LOGIN_AFTER_RESET=False,
        SECURITY_DEFAULT_REMEMBER_ME=True,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        # A changed password is told as all that concerns the safety of an account: see `notify_security`.
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL=False,
        # Flask-Security writes `no-store=True`, which is no directive: see `app.web.headers`.
        SECURITY_CACHE_CONTROL=None,
        SECURITY_STATIC_FOLDER=None,
        SECURITY_RESET_PASSWORD_WITHIN=timedelta(hours=2),
    )
    if settings.testing:
        # The hash that guards real passwords would be most of what the tests do.
        app.config["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] = {
            "argon2__time_cost": 1,
            "argon2__memory_cost": 256,
            "argon2__parallelism": 1,
        }
    Security(
        app,
        Datastore(db, Member, Role),
        login_form=SignInForm,
        verify_form=IsItYouForm,
        forgot_password_form=ForgottenForm,
        reset_password_form=NewPasswordForm,
        change_password_form=OtherPasswordForm,
        mail_util_cls=Mail,
        password_util_cls=Passwords,
    )
    app.extensions["security"].unauthn_handler(lambda *_given, **_more: to_sign_in())
    init_sessions(app)
    user_logged_out.connect(_after_sign_out, app)
    user_logged_in.connect(_after_sign_in, app)
    password_changed.connect(_after_new_password, app)
    password_reset.connect(_after_new_password, app)
    _load_lazily(app)
    _limit(app)


def _load_lazily(app: Flask) -> None:
    """Each of the two would load the member as an object for every page, which `viewer()` spares."""
    app.extensions["security"].principal.identity_loaders.clear()
    processors = app.template_context_processors[None]
    processors.remove(_user_context_processor)
    processors.append(lambda: {"current_user": current_user})


def _limit(app: Flask) -> None:
    """By the address that asks; how often one account is tried is counted by `guessing`."""
    limits = (
        ("security.login", "40/minute;300/hour"),
        ("security.forgot_password", "10/minute;40/hour"),
        ("security.reset_password", "20/minute"),
        ("security.change_password", "20/minute"),
        ("security.verify", "20/minute"),
    )
    views: dict[str, Any] = app.view_functions
    for endpoint, limit in limits:
        views[endpoint] = limiter.limit(limit, methods=["POST"])(views[endpoint])


def _after_sign_out(_app: Flask, user: Any, **_more: Any) -> None:
    ident = getattr(user, "id", None)
    if ident is not None:
        after_sign_out(ident)


def _after_sign_in(_app: Flask, user: Any, **_more: Any) -> None:
    after_sign_in(user.id)
    record_sign_in(user.id, this_device())


def _after_new_password(_app: Flask, user: Any, **_more: Any) -> None:
    # By the password or by a mailed link: it is the owner's browser, which guesses elsewhere don't shut out.
    record_sign_in(user.id, this_device())
    record_new_password(user.id)
