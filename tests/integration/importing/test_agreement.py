"""For an imported member the page, the API and the command line give the same answer."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from app.community.items.queries import get_by_external
from app.importing.community import import_community
from app.importing.rules import Scale
from app.importing.values import Files
from app.people.accounts.queries import member_id
from app.people.accounts.service import issue_token
from app.platform.database import db, unit_of_work
from app.trust.circle.service import rebuild
from app.trust.commands import group

MEMBERS, ITEMS = 60, 12


@pytest.fixture
def imported(app: object, tmp_path: Path) -> None:
    chance = random.Random(5)
    trust = tmp_path / "trust.txt"
    trust.write_text(
        "".join(
            f"{a} {b} {chance.choice([0.3, 0.6, 1])}\n"
            for a in range(1, MEMBERS + 1)
            for b in chance.sample(range(1, MEMBERS + 1), 4)
            if a != b
        )
    )
    ratings = tmp_path / "ratings.txt"
    ratings.write_text(
        "".join(
            f"{who} {item} {chance.randint(1, 5)}\n"
            for who in range(1, MEMBERS + 1)
            for item in chance.sample(range(1, ITEMS + 1), 3)
        )
    )
    import_community(Files(trust, ratings), Scale.parse("1:5", None))
    rebuild()
    assert app is not None


def command(*words: str) -> Any:
    done = CliRunner().invoke(group, [*words, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.usefixtures("imported")
def test_circle_trust_and_endorsements_agree(client: FlaskClient, signed_in: Callable[..., FlaskClient]) -> None:
    me = "u7"
    head = {"Authorization": f"Bearer {issue_token(member_id(me))}"}
    browser = signed_in(client, me)

    def api(path: str) -> Any:
        response = client.get(f"/api/v1{path}", headers=head)
        assert response.status_code == 200, response.text
        return response.json

    circle = command("circle", me, "--top", "20")
    assert len(circle) == 20
    assert circle == api("/circle?limit=20")["items"]
    assert [one["score"] for one in circle] == sorted((one["score"] for one in circle), reverse=True)
    page = browser.get("/circle").text
    shown = re.findall(r'chip-link" href="/m/(u\d+)"', page)
    assert shown[:20] == [one["member"] for one in circle]

    for one in circle[:5]:
        explained = command("explain", me, one["member"])
        assert explained == api(f"/trust/{one['member']}")
        assert explained["paths"][0] == one["path"]
        assert explained["score"] == one["score"]

    seen = 0
    for external in range(1, ITEMS + 1):
        item = api(f"/items/by-external/{external}")
        answer = command("endorsements", me, str(external))
        assert answer == api(f"/items/{item['id']}/endorsements")
        said = sum(answer["others"].values()) + len(answer["trusted"])
        seen += len(answer["trusted"])
        page = browser.get(f"/items/{item['id']}").text
        for one in answer["trusted"]:
            assert f'/m/{one["member"]}"' in page
        assert said > 0
    assert seen > 20


@pytest.mark.usefixtures("imported")
def test_who_is_discreet_is_null_in_the_middle_everywhere(client: FlaskClient) -> None:
    from app.people.accounts.models import Member

    me = "u7"
    far = next(one for one in command("circle", me, "--top", "50") if len(one["path"]) == 3)
    middle = far["path"][1]
    with unit_of_work():
        db.session.get_one(Member, member_id(middle)).discreet = True
    expected = [me, None, far["member"]]
    again = next(one for one in command("circle", me, "--top", "50") if one["member"] == far["member"])
    assert again["path"] == expected
    head = {"Authorization": f"Bearer {issue_token(member_id(me))}"}
    answer = client.get(f"/api/v1/trust/{far['member']}", headers=head).json
    assert answer is not None
    assert answer["paths"][0] == expected
    assert all(middle not in path[1:-1] for path in answer["paths"])
    assert get_by_external("1").external_id == "1"
