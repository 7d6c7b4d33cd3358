"""Join, sign in by link, tokens."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security.utils import login_user

from app.kernel.errors import DomainError, NotFound
from app.people.accounts import email_change, queries, service
from app.people.accounts.forms import EmailForm, RegisterForm
from app.people.invites.queries import find_inviter_id
from app.people.profiles.queries import cards
from app.platform.limits import limiter
from app.web.frame import viewer
from app.web.guards import current, safe_next, signed_in

pages = Blueprint("accounts", __name__)

# Which field of the form an error belongs to.
_FIELDS = {
    "bad_handle": "handle",
    "handle_taken": "handle",
    "bad_email": "email",
    "email_taken": "email",
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
    if form.validate_on_submit():
        try:
            ident = service.add_member(
                form.handle.data,
                name=form.name.data,
                email=form.email.data,
                password=form.password.data,
                inviter_id=inviter_id,
            )
        except DomainError as problem:
            field = form[_FIELDS.get(problem.error_code, "handle")]
            field.errors = [*field.errors, problem.message]
        else:
            _begin_session(ident)
            return redirect(safe_next(request.args.get("next"), "/welcome"))
    inviter = cards([inviter_id]).get(inviter_id) if inviter_id else None
    status = 200 if request.method == "GET" else 422
    return render_template("people/accounts/register.html", form=form, inviter=inviter), status


@pages.get("/signin/<code>")
def signin(code: str) -> ResponseReturnValue:
    """Only shows a button: previews of links in chats and mails must not use it up."""
    ident = queries.peek_signin_link(code)
    if ident is None:
        raise NotFound(_("This sign-in link was used already, or is too old."))
    card = cards([ident])[ident]
    return render_template("people/accounts/signin.html", card=card, code=code)


@pages.post("/signin/<code>")
@limiter.limit("60/minute")
def use_signin(code: str) -> ResponseReturnValue:
    _begin_session(service.use_signin_link(code))
    return redirect(safe_next(request.args.get("next"), "/"))


@pages.get("/settings/account")
@signed_in
def account() -> ResponseReturnValue:
    return _account_page(None)


@pages.post("/settings/account/token")
@signed_in
def new_token() -> ResponseReturnValue:
    """The token stands on the answer itself, once: a redirect would have to keep it somewhere."""
    return _account_page(service.make_token(current().id))


@pages.post("/settings/account/tokens/revoke")
@signed_in
def revoke_tokens() -> ResponseReturnValue:
    service.revoke_tokens(current().id)
    flash(_("Your API tokens count no longer."))
    return redirect("/settings/account")


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
            email_change.ask_for_email(current().id, form.email.data, form.password.data)
        except DomainError as problem:
            field = form.password if problem.error_code == "wrong_password" else form.email
            field.errors = [*field.errors, problem.message]
        else:
            flash(_("A link is on its way to %(email)s. Follow it within a day.", email=form.email.data))
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
    email_change.confirm_email(current().id, token)
    flash(_("Your e-mail address is changed."))
    return redirect("/settings/account", 303)


def _email_page(form: EmailForm) -> str:
    mine = queries.account_of(current().id)
    return render_template("people/accounts/email.html", form=form, account=mine)


def _account_page(token: str | None) -> ResponseReturnValue:
    return render_template(
        "people/accounts/account.html",
        account=queries.account_of(current().id),
        token=token,
    )


def _begin_session(ident: int) -> None:
    datastore = current_app.extensions["security"].datastore
    login_user(datastore.find_user(id=ident), remember=True, authn_via=["link"])
