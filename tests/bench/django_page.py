"""The plain page once more, as one writes it in Django: models, the template language, four `{% url %}` a card.

The project's own default middleware, no viewer and no badges; the same rows of the same database.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from sqlalchemy import make_url

TEMPLATE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>
<link rel="stylesheet" href="{% url 'card' ident='app.css' %}"></head><body>
<header><nav>{% for name in menu %}
<a href="{% url 'page' %}">{{ name }}</a>{% endfor %}</nav></header><main><div class="grid">
{% for one in cards %}<article class="card lst">
<a class="lst-pic" href="{% url 'card' ident=one.id %}" tabindex="-1" aria-hidden="true">
<img src="{% url 'photo' ident=one.id %}" alt=""
width="480" height="600" loading="lazy"></a>
<div class="lst-text"><p class="price">{{ one.price }} {{ one.currency }}</p>
<h3 class="lst-title"><a href="{% url 'card' ident=one.id %}">{{ one.title }}</a></h3>
<small class="soft">{{ one.condition }} · {{ one.place }} · {{ one.created_at|date:"d F Y" }}</small>
<a class="chip" href="{% url 'person' handle=one.seller.handle %}">
<span class="avatar">{{ one.seller.name|slice:":1" }}</span>{{ one.seller.name }}</a>
<p class="words">{{ one.description }}</p></div></article>{% endfor %}
</div></main><footer>{{ cards|length }} shown</footer></body></html>"""


def django_page(database_url: str, folder: Path, cards: int) -> Any:
    """A WSGI application with the page at `/`; Django is configured once for each process."""
    (folder / "page.html").write_text(TEMPLATE)
    settings.configure(
        SECRET_KEY="only for a measurement",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="plain_django",
        USE_TZ=True,
        DATABASES={"default": _database(database_url)},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [str(folder)]}],
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
    )
    django.setup()
    sys.modules["plain_django"] = _urls(cards)
    return get_wsgi_application()


def _database(address: str) -> dict[str, Any]:
    url = make_url(address)
    if url.drivername.startswith("sqlite"):
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url.database}
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": url.database, "USER": url.username,
        "PASSWORD": url.password, "HOST": url.query.get("host") or url.host, "PORT": url.port or "",
        "CONN_MAX_AGE": 600,
    }  # fmt: skip


def _urls(cards: int) -> ModuleType:
    """Models and addresses; made here, because models can be defined after `setup` only."""
    from django.db import models
    from django.shortcuts import render
    from django.urls import path

    class Member(models.Model):
        handle = models.CharField(max_length=30)
        name = models.CharField(max_length=80)

        class Meta:
            app_label, db_table, managed = "plain", "member", False

    class Listing(models.Model):
        id = models.CharField(max_length=26, primary_key=True)
        seller = models.ForeignKey(Member, models.CASCADE, related_name="+")
        title = models.CharField(max_length=120)
        description = models.TextField()
        condition = models.CharField(max_length=10, null=True)
        price_minor = models.IntegerField(null=True)
        currency = models.CharField(max_length=3)
        place = models.CharField(max_length=80)
        status = models.CharField(max_length=10)
        created_at = models.DateTimeField()

        class Meta:
            app_label, db_table, managed = "plain", "listing", False

        @property
        def price(self) -> str:
            return f"{(self.price_minor or 0) / 100:.2f}"

    def page(request: Any) -> Any:
        found = Listing.objects.filter(status="active").select_related("seller").order_by("-id")[:cards]
        menu = ["Circle", "Explore", "Market", "Messages"]
        return render(request, "page.html", {"title": "Market", "cards": list(found), "menu": menu})

    module = ModuleType("plain_django")
    module.urlpatterns = [  # type: ignore[attr-defined] # what Django asks of it
        path("", page, name="page"),
        path("listing/<str:ident>", page, name="card"),
        path("photos/<str:ident>", page, name="photo"),
        path("m/<str:handle>", page, name="person"),
    ]
    return module
