"""Join, sign in by link, tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security.utils import logout_user
from wtforms import Field

from app.kernel.errors import DomainError, Invalid, NotFound
from app.kernel.ids import new_id
from app.people.accounts import email_change, email_confirmation, password_reset, passwords, queries, service
from app.people.accounts.forms import EmailForm, RegisterForm, TokenForm
from app.people.accounts.reauthentication import NOT_THE_OWNER, require_owner
from app.people.accounts.sessions import enter, keep_session, proof, session_key
from app.people.accounts.values import MAX_NAME_LENGTH
from app.people.invites.queries import find_inviter_id
from app.people.profiles.queries import cards
from app.platform.jobs import enqueue
from app.platform.limits import limiter
from app.platform.locales import known_locale
from app.platform.wording import worded
from app.web.frame import viewer
from app.web.guards import current, safe_next, signed_in

pages = Blueprint("accounts", __name__)

# Which field of the form an error belongs to.
_FIELDS = {
    "bad_handle": "handle",
    "handle_taken": "handle",
    "bad_email": "email",
    "bad_name": "name",
    "bad_password": "password",
    "too_long": "name",
}


@pages.route("/register", methods=["GET", "POST"])
@limiter.limit("20/minute;100/hour", methods=["POST"])
def register() -> ResponseReturnValue:
    if viewer() is not None:
        return redirect("/")
    form = RegisterForm()
    if request.method == "GET":
        form.invite.data = request.args.get("invite", "")
    inviter_id = find_inviter_id(form.invite.data or "")
    if form.is_submitted() and _is_good(form):
        try:
            ident = service.add_member(
                form.handle.data,
                name=form.name.data,
                unconfirmed_email=form.email.data,
                password=form.password.data,
                inviter_id=inviter_id,
                chosen=True,
                locale=known_locale(str(get_locale())),
            )
        except DomainError as problem:
            field = form[_FIELDS.get(problem.error_code, "handle")]
            field.errors = [*field.errors, worded(problem)]
        else:
            enter(ident)
            enqueue("mail_confirmation", member_id=ident, ref=new_id())
            flash(_("We sent a link to %(email)s. Open it to confirm your email address.", email=form.email.data))
            return redirect(safe_next(request.args.get("next"), "/welcome"))
    inviter = cards([inviter_id]).get(inviter_id) if inviter_id else None
    status = 200 if request.method == "GET" else 422
    return render_template("people/accounts/register.html", form=form, inviter=inviter), status


def _is_good(form: RegisterForm) -> bool:
    """Whether each field could be taken: what is wrong with any of them is said at once."""
    if not form.handle.data and form.name.data:
        # Without JavaScript nothing was suggested while the name was typed.
        form.handle.process_data(service.suggest_handle(form.name.data))
    good: bool = form.validate()
    checks: tuple[tuple[Field, Callable[[Any], object]], ...] = (
        (form.name, service.check_name),
        (form.handle, service.check_chosen_handle),
        (form.email, service.tidy_email),
        (form.password, passwords.checked),
    )
    for field, check in checks:
        if not field.errors:
            try:
                check(field.data)
            except DomainError as problem:
                field.errors, good = [worded(problem)], False
    return good


@pages.get("/register/username")
@limiter.limit("60/minute;600/hour")
def username() -> ResponseReturnValue:
    """While somebody types: a username for this name, or whether this one can be had."""
    if "name" in request.args:
        return jsonify(username=service.suggest_handle(request.args["name"][:MAX_NAME_LENGTH]))
    try:
        chosen = service.check_chosen_handle(request.args.get("username", ""))
    except DomainError as problem:
        return jsonify(free=False, says=worded(problem))
    return jsonify(free=True, says=_("@%(username)s is available.", username=chosen))


@pages.get("/signin/<code>")
def signin(code: str) -> ResponseReturnValue:
    """Only shows a button: previews of links in chats and mails must not use it up."""
    ident = queries.peek_signin_link(code)
    if ident is None:
        raise NotFound("This sign-in link was already used or has expired.")
    card = cards([ident])[ident]
    return render_template("people/accounts/signin.html", card=card, code=code)


@pages.post("/signin/<code>")
@limiter.limit("60/minute")
def use_signin(code: str) -> ResponseReturnValue:
    enter(service.use_signin_link(code))
    return redirect(safe_next(request.args.get("next"), "/"))


@pages.get("/settings/account")
@signed_in
def account() -> ResponseReturnValue:
    return _account_page(None)


@pages.post("/settings/account/token")
@signed_in
def new_token() -> ResponseReturnValue:
    """The token stands on the answer itself, once: a redirect would have to keep it somewhere."""
    form = TokenForm()
    if form.validate_on_submit():
        try:
            require_owner(current().id, proof(form.password.data))
        except Invalid as problem:
            form.password.errors = [*form.password.errors, worded(problem)]
        else:
            return _account_page(service.make_token(current().id))
    return _account_page(None, form), 422


@pages.post("/settings/account/tokens/revoke")
@signed_in
def revoke_tokens() -> ResponseReturnValue:
    service.revoke_tokens(current().id)
    flash(_("All API tokens were revoked."))
    return redirect("/settings/account")


@pages.post("/settings/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    service.sign_out_everywhere(current().id)
    logout_user()
    flash(_("You’re signed out everywhere."))
    return redirect("/login", 303)


@pages.post("/settings/account/confirm")
@signed_in
@limiter.limit("6/minute")
def send_confirmation() -> ResponseReturnValue:
    """The link to the address that was given at the registration, once more."""
    enqueue("mail_confirmation", member_id=current().id, ref=new_id())
    flash(_("Link sent."))
    return redirect("/settings/account", 303)


@pages.post("/settings/account/signin-link")
@signed_in
@limiter.limit("6/minute")
def send_signin_link() -> ResponseReturnValue:
    """To their own address: it stands for the password of who has none."""
    if password_reset.mail_signin_link(current().id, safe_next(request.form.get("next"), "/settings/account")):
        flash(_("Link sent. Open it on this device."))
    else:
        flash(_("We can’t email you a link now. Try again later."))
    return redirect("/settings/account", 303)


@pages.get("/confirm/<token>")
def see_confirmation(token: str) -> ResponseReturnValue:
    """Only shows a button: mailboxes open links on their own, and that proves nothing."""
    email, handle = email_confirmation.peek(token)
    return render_template("people/accounts/email_confirm.html", email=email, handle=handle)


@pages.post("/confirm/<token>")
@limiter.limit("20/minute")
def confirm(token: str) -> ResponseReturnValue:
    email_confirmation.confirm(token)
    flash(_("Your email address is confirmed."))
    return redirect("/settings/account" if viewer() else "/login", 303)


@pages.get("/settings/account/email")
@signed_in
def email() -> ResponseReturnValue:
    return _email_page(EmailForm())


@pages.post("/settings/account/email")
@signed_in
@limiter.limit("20/minute")
def ask_email() -> ResponseReturnValue:
    form = EmailForm()
    if form.validate_on_submit():
        try:
            require_owner(current().id, proof(form.password.data))
            email_change.ask_for_email(current().id, form.email.data, form.password.data)
        except Invalid as problem:
            field = form.password if problem.error_code in NOT_THE_OWNER else form.email
            field.errors = [*field.errors, worded(problem)]
        else:
            flash(_("We sent a link to %(email)s. Open it within a day.", email=form.email.data))
            return redirect("/settings/account", 303)
    return _email_page(form), 422


@pages.get("/settings/account/email/<token>")
@signed_in
def see_email(token: str) -> ResponseReturnValue:
    """Only shows a button, as every link of ours that changes something."""
    found = email_change.peek_email(current().id, token)
    return render_template("people/accounts/email_confirm.html", email=found)


@pages.post("/settings/account/email/<token>")
@signed_in
@limiter.limit("20/minute")
def confirm_email(token: str) -> ResponseReturnValue:
    email_change.confirm_email(current().id, token, session=session_key())
    keep_session(current().id)
    flash(_("Your email address was changed."))
    return redirect("/settings/account", 303)


def _email_page(form: EmailForm) -> str:
    mine = queries.account_of(current().id)
    return render_template("people/accounts/email.html", form=form, account=mine)


def _account_page(token: str | None, form: TokenForm | None = None) -> str:
    return render_template(
        "people/accounts/account.html",
        account=queries.account_of(current().id),
        token=token,
        form=form or TokenForm(formdata=None),
    )
