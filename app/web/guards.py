"""Who may open a page. Services check again for themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.kernel.errors import Forbidden, Unauthenticated
from app.kernel.viewer import Viewer
from app.web.frame import viewer
from app.web.held_forms import held_form, in_background, sign_in_address, signed_out_notice

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]


def current() -> Viewer:
    """The signed-in viewer; raises `Unauthenticated`."""
    who = viewer()
    if who is None:
        raise Unauthenticated("Sign in first.")
    return who


def fragment(view: View[P]) -> View[P]:
    """The address answers with a part of a page: nobody is ever sent there."""
    view.kin_fragment = True  # type: ignore[attr-defined] # `wraps` carries it through the other guards
    return view


def to_sign_in() -> ResponseReturnValue:
    """Sign in, then come back to this page. What was typed is given back; what runs by itself never navigates."""
    if in_background():
        return signed_out_notice()
    if request.method not in {"GET", "HEAD"}:
        return held_form(401)
    return redirect(sign_in_address())


def signed_in(view: View[P]) -> View[P]:
    """Sends anonymous visitors to the sign-in page."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        return view(*args, **kwargs) if viewer() is not None else to_sign_in()

    return guarded


def needs_role(*roles: str) -> Callable[[View[P]], View[P]]:
    """Only for viewers with one of the roles."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            who = viewer()
            if who is None:
                return to_sign_in()
            if not who.is_a(*roles):
                raise Forbidden("You don’t have permission to see this page.")
            return view(*args, **kwargs)

        return guarded

    return decorate


def safe_next(target: str | None, default: str = "/") -> str:
    """A path of this site, never another host's."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    return default if any(ord(letter) < 32 for letter in target) else target
