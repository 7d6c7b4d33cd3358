"""Market, item page and feed against a plain page: `python -m tests.bench.pages_bench [--postgres]`.

The plain page is what one writes first: Flask, ORM objects and Jinja, thirty cards with four
`url_for` each, no viewer, no badges and no trails, on the same database in the same run; beside it
the same in Django (`make bench` installs it), which the marks are of. Ours are compressed, as browsers
ask for it; the plain ones are not. CPU time of the process, so
that a busy machine disturbs little; the best of many interleaved rounds.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import func, insert, select
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import create_app
from app.community.recommendations.models import Recommendation
from app.importing.community import import_community
from app.importing.rules import Scale
from app.importing.values import Files
from app.kernel.clock import clock
from app.kernel.ids import new_id
from app.market.listings.models import Listing
from app.people.accounts.models import Member
from app.platform.database import db, unit_of_work
from app.trust.circle.queries import circle_of
from app.trust.circle.service import rebuild
from tests.bench.django_page import django_page
from tests.support.databases import Kind, fresh_database, settings_for
from tests.support.people import sign_in
from tests.support.servers import close_run_directory, open_run_directory

MEMBERS, ITEMS, LISTINGS = 600, 400, 400
CARDS = 30
MARKS = {"market": 0.5, "item page": 0.9, "feed": 0.9}  # of the plain page in Django
ROUNDS, EACH = 12, 8
DJANGO = "plain page, Django"

PLAIN = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>
<link rel="stylesheet" href="{{ url_for('static', filename='app.css') }}"></head><body>
<header><nav>{% for name in ['Circle', 'Explore', 'Market', 'Messages'] %}
<a href="{{ url_for('page') }}">{{ name }}</a>{% endfor %}</nav></header><main><div class="grid">
{% for one in cards %}<article class="card lst">
<a class="lst-pic" href="{{ url_for('card', ident=one.id) }}" tabindex="-1" aria-hidden="true">
<img src="{{ url_for('static', filename='img/' ~ one.id ~ '.webp') }}" alt=""
width="480" height="600" loading="lazy"></a>
<div class="lst-text"><p class="price">{{ '%.2f' % (one.price_minor / 100) }} {{ one.currency }}</p>
<h3 class="lst-title"><a href="{{ url_for('card', ident=one.id) }}">{{ one.title }}</a></h3>
<small class="soft">{{ one.condition }} · {{ one.place }} · {{ one.created_at.strftime('%d %B %Y') }}</small>
<a class="chip" href="{{ url_for('person', handle=people[one.seller_id].handle) }}">
<span class="avatar">{{ people[one.seller_id].name[0] }}</span>{{ people[one.seller_id].name }}</a>
<p class="words">{{ one.description }}</p></div></article>{% endfor %}
</div></main><footer>{{ cards|length }} shown</footer></body></html>"""


@dataclass(frozen=True)
class Measured:
    """CPU milliseconds of a request, how many times those of Django's page, and its size on the line."""

    page: str
    millis: float
    times: float
    kilobytes: float


def plain_app(source: Flask) -> Flask:
    """The page that everything is compared with."""
    plain = Flask("plain")
    plain.jinja_loader = DictLoader({"page.html": PLAIN})
    plain.config["SQLALCHEMY_DATABASE_URI"] = source.config["SQLALCHEMY_DATABASE_URI"]
    plain.config["SQLALCHEMY_ENGINE_OPTIONS"] = source.config["SQLALCHEMY_ENGINE_OPTIONS"]
    db.init_app(plain)

    @plain.get("/")
    def page() -> str:
        query = select(Listing).where(Listing.status == "active").order_by(Listing.id.desc())
        cards = list(db.session.scalars(query.limit(CARDS)))
        sellers = [one.seller_id for one in cards]
        found = db.session.scalars(select(Member).where(Member.id.in_(sellers)))
        people = {one.id: one for one in found}
        return render_template("page.html", title="Market", cards=cards, people=people)

    @plain.get("/listing/<ident>")
    def card(ident: str) -> str:
        return ident

    @plain.get("/m/<handle>")
    def person(handle: str) -> str:
        return handle

    return plain


def fill(folder: Path) -> tuple[str, str]:
    """A community of the demo's density, ten times its size; a viewer's handle and a busy item."""
    chance = Random(11)
    trust, ratings = folder / "trust.txt", folder / "ratings.txt"
    with trust.open("w") as file:
        for who in range(1, MEMBERS + 1):
            for other in chance.sample(range(1, MEMBERS + 1), 8):
                if other != who:
                    file.write(f"{who} {other} {chance.choice([0.3, 0.6, 1])}\n")
    with ratings.open("w") as file:
        for who in range(1, MEMBERS + 1):
            for thing in {int(ITEMS * chance.random() ** 2) + 1 for _ in range(20)}:
                file.write(f"{who} {thing} {chance.randint(1, 5)} {1_700_000_000 + chance.randrange(10**7)}\n")
    import_community(Files(trust, ratings), Scale.parse("1:5", None))
    rebuild()
    members = list(db.session.scalars(select(Member.id).order_by(Member.id)))
    now = clock.now()
    rows = [
        {
            "id": new_id(),
            "seller_id": chance.choice(members),
            "kind": "sale",
            "title": f"Chair number {n}, hardly used",
            "description": "Oak, oiled last spring; to be fetched.",
            "category": "home",
            "condition": "good",
            "price_minor": 100 * chance.randint(1, 90),
            "currency": "EUR",
            "place": "Lund",
            "place_key": "lund",
            "status": "active",
            "created_at": now - timedelta(minutes=n),
            "updated_at": now,
        }
        for n in range(LISTINGS)
    ]
    with unit_of_work():
        db.session.execute(insert(Listing), rows)
    count = func.count().label("said")
    item: str = db.session.execute(
        select(Recommendation.item_id).group_by(Recommendation.item_id).order_by(count.desc()).limit(1)
    ).scalar_one()
    viewer = max(members[:40], key=lambda one: len(circle_of(one)))
    handle: str = db.session.execute(select(Member.handle).where(Member.id == viewer)).scalar_one()
    return handle, item


def asker(app: Any, path: str, handle: str | None = None) -> Callable[[], bytes]:
    """Asks the application itself, as a server does, for a page."""
    cookie = ""
    if handle is not None:
        client = app.test_client()
        sign_in(app, client, handle)
        kept = client.get_cookie("kin_session")
        cookie = f"kin_session={kept.value}" if kept else ""
    headers = [("Cookie", cookie), ("User-Agent", "bench"), ("Accept-Encoding", "gzip")]
    base = EnvironBuilder(path=path, headers=headers).get_environ()

    def ask() -> bytes:
        body, status, _headers = run_wsgi_app(app, dict(base), buffered=True)
        if not status.startswith("200"):
            raise RuntimeError(f"{path}: {status}")
        return b"".join(body)

    return ask


def measure(kind: Kind, folder: Path) -> list[Measured]:
    """The plain page first, then ours."""
    folder.mkdir(parents=True, exist_ok=True)
    with fresh_database(kind, folder / "database") as address:
        app = create_app(settings_for(address, folder / "data"))
        with app.app_context():
            who, item = fill(folder)
            db.session.remove()
        plain = plain_app(app)
        pages = {
            "plain page": asker(plain, "/"),
            DJANGO: asker(django_page(address, folder, CARDS), "/"),
            "market": asker(app, "/market", who),
            "item page": asker(app, f"/items/{item}", who),
            "feed": asker(app, "/", who),
        }
        sizes = {name: len(ask()) for name, ask in pages.items()}
        best: dict[str, float] = {}
        for _round in range(ROUNDS):
            for name, ask in pages.items():
                best[name] = min(best.get(name, 1e9), _cpu(ask))
        for one in (app, plain):
            with one.app_context():
                db.session.remove()
                db.engine.dispose()
    first = best[DJANGO]
    return [Measured(name, took * 1000, took / first, sizes[name] / 1024) for name, took in best.items()]


def _cpu(ask: Callable[[], Any]) -> float:
    began = time.thread_time()
    for _time in range(EACH):
        ask()
    return (time.thread_time() - began) / EACH


def table(kind: str, found: list[Measured]) -> str:
    """In Markdown."""
    lines = [f"| {kind} | CPU ms | times Django | mark | KB |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {m.page} | {m.millis:.2f} | {m.times:.2f} | {MARKS.get(m.page, '')} | {m.kilobytes:.0f} |" for m in found
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    kinds: list[Kind] = ["sqlite", "postgres"] if parser.parse_args().postgres else ["sqlite"]
    open_run_directory()
    try:
        for kind in kinds:
            with tempfile.TemporaryDirectory() as folder:
                print(table(kind, measure(kind, Path(folder))), end="\n\n")  # noqa: T201 - a bench says what it measured
    finally:
        close_run_directory()


if __name__ == "__main__":
    main()
