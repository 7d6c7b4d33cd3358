"""The demo community: the same people, things and talk at every run, spread over two months."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.community.items import service as items
from app.community.recommendations import service as recommendations
from app.demo.appointments import offer_times
from app.demo.complaints import complain
from app.demo.deals import trade
from app.demo.gatherings import gather
from app.demo.pictures import draw_object, draw_portrait
from app.demo.questions import ask_questions, doubt_a_double
from app.demo.reviews import review
from app.demo.shop import stock_store
from app.kernel.clock import clock
from app.kernel.errors import Conflict
from app.kernel.ids import ItemId, ListingId, MemberId
from app.kernel.subjects import Subject
from app.market.listings import service as listings
from app.market.listings.values import ListingDraft
from app.marketing.advocates import service as advocacy
from app.merchants.stores import service as stores
from app.messaging.conversations import service as chat
from app.moderation.reports import service as reports
from app.notifications.delivery.service import drop_waiting
from app.people.accounts import service as accounts
from app.people.accounts.models import Member
from app.people.profiles import service as profiles
from app.platform.database import db
from app.platform.event_log import run_reactions
from app.platform.files import store_photo
from app.trust.reputation import service as reputation
from app.trust.vouches import service as vouches

DATA = Path(__file__).resolve().parent / "data"
DAYS = 60
DISCREET = {"gunilla", "frans", "ivan"}
STRENGTHS = ("acquainted", "trust", "trust", "trust_fully")

Progress = Callable[[int, int], None]
Row = dict[str, Any]


@dataclass(slots=True)
class _Town:
    """What has been made so far."""

    dice: random.Random
    began: datetime
    progress: Progress
    total: int
    done: int = 0
    ids: dict[str, MemberId] = field(default_factory=dict)
    people: list[Row] = field(default_factory=list)
    item_ids: dict[str, ItemId] = field(default_factory=dict)
    listing_ids: list[tuple[ListingId, MemberId]] = field(default_factory=list)

    def step(self) -> None:
        self.done += 1
        self.progress(self.done, self.total)

    def moment(self, latest: float = 1.0) -> datetime:
        """A time of the last two months, later ones likelier."""
        part = max(self.dice.random(), self.dice.random()) * latest
        return self.began + timedelta(days=DAYS * part)

    def circle(self, name: str) -> list[Row]:
        return [row for row in self.people if name in row["circles"]]


def fill_demo(members: int, progress: Progress) -> None:
    """Fill an empty database; raises `Conflict` when there is anybody already."""
    if db.session.scalar(select(func.count()).select_from(Member)):
        raise Conflict("The database is not empty; the demo fills an empty one only.")
    people = _cast(members)
    # A handful of people does not have a hundred things to say.
    most = 2 * members
    things, offers, talks = _read("things")[:most], _read("listings")[:most], _read("talks")
    began = clock.now() - timedelta(days=DAYS)
    total = len(people) + len(things) + len(offers) + len(talks) + 2
    town = _Town(random.Random(7), began, progress, total)
    _move_in(town, people)
    _vouch(town)
    town.step()
    for thing in things:
        _recommend(town, thing)
        town.step()
    for number, offer in enumerate(offers):
        _sell(town, number, offer)
        town.step()
    for talk in talks:
        _talk(town, talk)
        town.step()
    _open_store(town)
    gather(town.ids, town.began + timedelta(days=DAYS - 1))
    trade(town.ids, clock.now() - timedelta(hours=3))
    review(town.ids, clock.now() - timedelta(days=40))
    offer_times(town.ids, clock.now() - timedelta(hours=3))
    for row in town.people:
        if row["role"] == "merchant":
            stock_store(town.ids[row["handle"]], town.ids, town.item_ids, clock.now() - timedelta(days=3))
    ask_questions(town.ids, town.item_ids)
    doubt_a_double(town.ids, town.item_ids)
    _complain(town)
    run_reactions()
    complain(town.ids, clock.now() - timedelta(hours=3))
    run_reactions()
    drop_waiting()
    _certify(town)
    town.step()


def _certify(town: _Town) -> None:
    """The staff is who the operator knows; standing flows from there."""
    for row in town.people:
        if row["role"] in {"operator", "moderator"}:
            reputation.name_seed(None, town.ids[row["handle"]])
    reputation.compute_nightly()


def _read(name: str) -> Any:
    rows: Any = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def _cast(members: int) -> list[Row]:
    """The named people; roles first when few are wanted, extras when many are."""
    named: list[Row] = _read("people")
    named.sort(key=lambda row: row["role"] == "member")
    people = named[:members]
    for number in range(len(named), members):
        like = named[4 + number % (len(named) - 4)]
        handle, name = extra_person(number - len(named))
        people.append(like | {"handle": handle, "name": name, "bio": "", "role": "member"})
    return people


def extra_person(number: int) -> tuple[str, str]:
    """Handle and name of somebody beyond the cast.

    The lengths of the lists share no factor, so the first 1517 people are all different.
    """
    names: dict[str, dict[str, str]] = _read("names")
    given, family = list(names["given"].items()), list(names["family"].items())
    first, last = given[number % len(given)], family[number % len(family)]
    again = number // (len(given) * len(family))
    more = str(again + 1) if again else ""
    return f"{first[1]}_{last[1]}{more}", f"{first[0]} {last[0]} {more}".strip()


def _move_in(town: _Town, people: Sequence[Row]) -> None:
    for number, row in enumerate(people):
        # The first of a circle invites the later ones, as in life.
        host = next((p for p in town.people if set(p["circles"]) & set(row["circles"])), None)
        inviter = town.ids[host["handle"]] if host and town.dice.random() < 0.5 else None
        with clock.freeze(town.began + timedelta(hours=6 * number)):
            ident = accounts.add_member(
                row["handle"],
                name=row["name"],
                email=f"{row['handle']}@example.org",
                role=row["role"],
                inviter_id=inviter,
            )
            town.ids[row["handle"]] = ident
            town.people.append(row)
            profiles.edit_profile(
                ident,
                name=row["name"],
                bio=row["bio"],
                place=row["place"],
                discreet=row["handle"] in DISCREET,
            )
            if row["circles"] and town.dice.random() < 0.8:
                profiles.set_avatar(ident, BytesIO(draw_portrait(number)))
        town.step()


def _vouch(town: _Town) -> None:
    reasons = _read("reasons")
    pairs: dict[tuple[str, str], int] = {}
    for row in town.people:
        for other in town.people:
            shared = len(set(row["circles"]) & set(other["circles"]))
            if row is not other and shared:
                pairs[row["handle"], other["handle"]] = shared
    for (giver, taker), shared in pairs.items():
        if town.dice.random() > 0.16 * shared**2:
            continue
        at = town.moment()
        strength = town.dice.choice(STRENGTHS if shared > 1 else STRENGTHS[:3])
        reason = town.dice.choice(reasons) or None
        # In a large town somebody knows more people than they may vouch for.
        with clock.freeze(at), suppress(Conflict):
            vouches.vouch(town.ids[giver], town.ids[taker], strength, reason=reason)


def _recommend(town: _Town, thing: Row) -> None:
    dice = town.dice
    crowd = town.circle(thing["circle"])
    fans = dice.sample(crowd, min(len(crowd), 2 + dice.randrange(4)))
    if not fans:
        return
    picture = BytesIO(draw_object(thing["picture"], len(town.item_ids)))
    owner = town.ids[fans[0]["handle"]]
    with clock.freeze(town.moment(0.5)):
        photo = store_photo(picture, owner)
        item_id = items.add_item(
            owner,
            kind=thing["kind"],
            title=thing["title"],
            category=thing["category"],
            description=thing["description"],
            photo_id=photo.id,
        )
    town.item_ids[thing["title"]] = item_id
    for number, fan in enumerate(fans):
        said = thing["sayings"][number] if number < len(thing["sayings"]) else ""
        stance, rating = _opinion(dice, said)
        gifted = number == 1 and dice.random() < 0.12
        with clock.freeze(town.moment()):
            recommendations.recommend(
                town.ids[fan["handle"]],
                item_id,
                stance,
                text=said or None,
                rating=rating,
                disclosure="gifted" if gifted else "none",
            )


def _opinion(dice: random.Random, said: str) -> tuple[str, float]:
    unhappy = any(word in said for word in ("Avoid", "worse", "not go again", "Left ear"))
    if unhappy:
        return "avoid", 1.0
    if "Wouldn't" in said:
        return "neutral", 3.0
    return "recommend", float(dice.choice((4, 5, 5)))


def _sell(town: _Town, number: int, offer: Row) -> None:
    sellers = [row for row in town.people if row["role"] == "member" and row["circles"]]
    seller = sellers[number * 7 % len(sellers)]
    actor = town.ids[seller["handle"]]
    krona = seller["place"] in {"Lund", "Malmö", "Ystad"}
    price = offer["price"]
    with clock.freeze(town.moment()):
        photos = [
            store_photo(BytesIO(draw_object(offer["picture"], 100 + number * 3 + one)), actor).id
            for one in range(1 + (number % 4 == 0))
        ]
        draft = ListingDraft(
            kind=offer["kind"],
            title=offer["title"],
            description=offer["description"],
            category=offer["category"],
            condition=None if offer["kind"] in {"service", "wanted"} else offer["condition"],
            # About eleven kronor to the euro, in round figures.
            price=None if price is None else Decimal(price * 10 if krona else price),
            currency="SEK" if krona else "EUR",
            place=seller["place"],
        )
        listing_id = listings.publish_listing(actor, draft, photos)
    town.listing_ids.append((listing_id, actor))


def _talk(town: _Town, lines: list[str]) -> None:
    listing_id, seller = town.dice.choice(town.listing_ids)
    others = [ident for ident in town.ids.values() if ident != seller]
    buyer = town.ids["ana"] if "ana" in town.ids and seller != town.ids["ana"] else others[0]
    if town.dice.random() < 0.5:
        buyer = town.dice.choice(others)
    at = town.moment(0.97)
    with clock.freeze(at) as held:
        conversation_id, _created = chat.start_conversation(buyer, [seller], listing_id=listing_id, seller_id=seller)
        for number, line in enumerate(lines):
            author = buyer if number % 2 == 0 else seller
            chat.send_message(author, conversation_id, f"demo-{number}", line)
            held.advance(timedelta(minutes=town.dice.randrange(2, 90)))


def _open_store(town: _Town) -> None:
    merchant = next((row for row in town.people if row["role"] == "merchant"), None)
    if merchant is None:
        return
    owner = town.ids[merchant["handle"]]
    with clock.freeze(town.moment(0.3)):
        store_id = stores.open_store(owner, name=merchant["name"], slug="stilla", about=merchant["bio"])
        for title, price in (("Stilla house blend, 500 g", 12900), ("Stilla filter: Ethiopia Guji", 14900)):
            if title in town.item_ids:
                stores.add_product(owner, store_id, town.item_ids[title], price, "SEK")
    fans = [row["handle"] for row in town.circle("coffee") if row["role"] == "member"]
    for handle in fans[:5]:
        with clock.freeze(town.moment(0.6)):
            advocate = advocacy.become_advocate(town.ids[handle], store_id, consent=True)
        for visit in range(town.dice.randrange(3, 40)):
            with clock.freeze(town.moment()):
                advocacy.record_visit(advocate.code, f"demo-{handle}-{visit}")
        for newcomer in town.dice.sample(sorted(town.ids.values()), town.dice.randrange(4)):
            with clock.freeze(town.moment()):
                advocacy.record_signup(advocate.code, newcomer)


def _complain(town: _Town) -> None:
    """Something for the moderators to look at."""
    item_id = town.item_ids.get("QuickFix phone stand")
    handles = sorted(town.ids)
    with clock.freeze(clock.now() - timedelta(hours=3)):
        if item_id:
            reports.file_report(
                MemberId(town.ids[handles[0]]), Subject("item", item_id), "scam", "They sold me a used screen as new."
            )
        listing_id, seller = town.listing_ids[-1]
        other = next(town.ids[handle] for handle in handles if town.ids[handle] != seller)
        reports.file_report(MemberId(other), Subject("listing", listing_id), "other", "Posted twice, I think.")
