"""Calendars: of a service, of a member, of one booking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.kernel.clock import clock
from app.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from app.kernel.ids import BookingId, ListingId, SlotId
from app.market.bookings import queries, service
from app.market.bookings.forms import CANCEL_LABELS, DONE, BookForm, OpenForm, read_week
from app.market.bookings.rules import Entry, calendar_file
from app.market.bookings.values import BookingView, SlotView
from app.market.listings.queries import get_listing
from app.market.listings.values import ListingDetail
from app.platform.addresses import absolute
from app.platform.formats import day_of
from app.platform.limits import check_rate
from app.platform.wording import worded
from app.trust.circle.queries import trail_to
from app.web.guards import current, signed_in

pages = Blueprint("bookings", __name__)


@pages.route("/market/<listing_id>/times", methods=["GET", "POST"])
@signed_in
def times(listing_id: ListingId) -> ResponseReturnValue:
    """What can be booked; to the seller also what is booked, and the form that opens more."""
    me = current().id
    detail = get_listing(me, listing_id)
    form = OpenForm() if detail.card.mine else None
    if request.method == "POST":
        if form is None:
            raise Forbidden("Only the seller can open times.", code="not_yours")
        check_rate(f"open-times:{me}", "60/hour")
        if form.validate():
            try:
                done = service.open_slots(me, listing_id, form.plan())
            except Invalid as problem:
                form.form_errors.append(worded(problem))
            else:
                flash(_opened(done.opened, done.left_out))
                return redirect(f"/market/{listing_id}/times?from={form.first.data.date().isoformat()}", 303)
        return _times_page(detail, form), 422
    if form is not None and not form.place.data:
        form.place.data = detail.card.place
    return _times_page(detail, form)


@pages.post("/market/<listing_id>/times/<slot_id>/close")
@signed_in
def close(listing_id: ListingId, slot_id: SlotId) -> ResponseReturnValue:
    slot = _slot_of(listing_id, slot_id)
    service.close_slot(current().id, slot_id)
    flash(_("Time removed."))
    return redirect(f"/market/{listing_id}/times?from={day_of(slot.starts_at).isoformat()}", 303)


@pages.route("/market/<listing_id>/times/<slot_id>", methods=["GET", "POST"])
@signed_in
def book(listing_id: ListingId, slot_id: SlotId) -> ResponseReturnValue:
    me = current().id
    detail, slot, form = get_listing(me, listing_id), _slot_of(listing_id, slot_id), BookForm()
    if request.method == "GET" and (detail.card.mine or not slot.free):
        return redirect(f"/market/{listing_id}/times")
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            check_rate(f"order:{me}", "30/hour")
            try:
                booking_id, _order = service.book(me, slot_id, form.payment.data)
            except Invalid as problem:
                form.form_errors.append(worded(problem))
            else:
                flash(_("Booked. We’ve told the seller."))
                return redirect(f"/bookings/{booking_id}", 303)
    page = render_template(
        "market/bookings/book.html",
        form=form,
        listing=detail.card,
        slot=slot,
        cancel=CANCEL_LABELS.get(str(slot.cancel_hours), ""),
    )
    return page, status


@pages.get("/bookings")
@signed_in
def mine() -> ResponseReturnValue:
    week = read_week(request.args, past=True)
    found = queries.bookings_of(current().id, week.since, week.before)
    return render_template("market/bookings/mine.html", week=week, days=week.days(found), found=found)


@pages.get("/bookings.ics")
@signed_in
def all_as_file() -> ResponseReturnValue:
    return _file(queries.upcoming(current().id), "bookings")


@pages.get("/bookings/<booking_id>")
@signed_in
def show(booking_id: BookingId) -> ResponseReturnValue:
    return _booking_page(queries.get_booking(current().id, booking_id))


@pages.get("/bookings/<booking_id>/booking.ics")
@signed_in
def as_file(booking_id: BookingId) -> ResponseReturnValue:
    return _file([queries.get_booking(current().id, booking_id)], "booking")


@pages.post("/bookings/<booking_id>/<any(move, agree, decline, no_show):verb>")
@signed_in
def act(booking_id: BookingId, verb: str) -> ResponseReturnValue:
    me = current().id
    check_rate(f"order-act:{me}", "120/hour")
    try:
        match verb:
            case "move":
                service.propose_move(me, booking_id, SlotId(request.form.get("slot", "")))
            case "agree":
                service.agree_to_move(me, booking_id)
            case "decline":
                service.decline_move(me, booking_id)
            case _:
                service.note_no_show(me, booking_id)
    except NotFound:
        raise
    except DomainError as problem:
        return _booking_page(queries.get_booking(me, booking_id), refused=worded(problem)), problem.status
    flash(str(DONE[verb]))
    return redirect(f"/bookings/{booking_id}", 303)


def _times_page(detail: ListingDetail, form: OpenForm | None) -> str:
    card = detail.card
    week = read_week(request.args)
    found = queries.slots_of(card.id, max(week.since, clock.now()), week.before, for_seller=card.mine)
    ahead = queries.next_free(card.id, max(week.before, clock.now())) if not any(one.free for one in found) else None
    return render_template(
        "market/bookings/times.html",
        listing=card,
        form=form,
        week=week,
        days=week.days(found),
        found=found,
        ahead=day_of(ahead) if ahead else None,
        may_go_back=week.first > day_of(clock.now()),
    )


def _booking_page(booking: BookingView, *, refused: str | None = None) -> str:
    week = read_week(request.args)
    free: Sequence[SlotView] = ()
    if "move" in booking.can:
        free = queries.slots_of(booking.listing_id, max(week.since, clock.now()), week.before, for_seller=False)
    ahead = None
    if "move" in booking.can and not free:
        ahead = queries.next_free(booking.listing_id, week.before)
    return render_template(
        "market/bookings/show.html",
        booking=booking,
        trail=trail_to(current().id, booking.other.id),
        week=week,
        free=free,
        ahead=day_of(ahead) if ahead else None,
        refused=refused,
    )


def _slot_of(listing_id: ListingId, slot_id: SlotId) -> SlotView:
    slot = queries.find_slot(slot_id)
    if slot is None or slot.listing_id != listing_id:
        raise NotFound("This time doesn’t exist.")
    return slot


def _opened(opened: int, left_out: int) -> str:
    told: str = ngettext("%(num)s time can be booked now.", "%(num)s times can be booked now.", opened)
    if left_out:
        told += " " + ngettext(
            "%(num)s was left out: it’s in the past or across another one.",
            "%(num)s were left out: they’re in the past or across others.",
            left_out,
        )
    return told


def _file(bookings: Sequence[BookingView], name: str) -> Response:
    entries = [
        Entry(
            ident=one.id,
            title=f"{one.title} · {one.other.name}",
            place=one.place,
            url=absolute(one.url),
            starts_at=one.starts_at,
            ends_at=one.ends_at,
        )
        for one in bookings
    ]
    head: dict[str, Any] = {"Content-Disposition": f'attachment; filename="{name}.ics"', "Cache-Control": "no-store"}
    return Response(calendar_file(entries, clock.now()), content_type="text/calendar; charset=utf-8", headers=head)
