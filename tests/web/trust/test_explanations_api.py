"""Explanations over JSON and on the command line: reasons, several people, and who is never named."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from flask import Flask

from app.people.accounts.service import add_member
from app.platform.event_log import run_reactions
from app.trust.commands import group
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory
from tests.web.trust.test_api import Caller

SECRETS = ("quiet", "Very Quiet", "a secret", "another secret")


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> Caller:
    me, bo, cem, dee = (member(one) for one in ("ana", "bo", "cem", "dee"))
    vouch(me, bo, "trust", "school", "Bicycles")
    # Three who fit: a mask over one alone would hide nobody.
    for number in ("", "er", "est"):
        quiet = member(f"quiet{number}", name=f"Very Quiet{number}", discreet=True)
        vouch(bo, quiet, "trust", "a secret")
        vouch(quiet, cem, "trust", "another secret")
    vouch(bo, dee, "trust")
    return Caller(app, me)


def test_each_link_has_its_reason(ana: Caller) -> None:
    status, told = ana("GET", "/trust/dee")
    assert status == 200
    assert told["paths"] == [["ana", "bo", "dee"]]
    assert told["links"] == [
        [
            {"kind": "vouch", "strength": "trust", "reason": "school", "topic": "bikes"},
            {"kind": "vouch", "strength": "trust"},
        ]
    ]
    assert "borrowed" not in told
    assert ana("GET", "/trust/dee?paths=1&topic=bicycles")[0] == 200
    for bad in ("0", "11", "x", "-1", "٣"):
        assert ana("GET", f"/trust/dee?paths={bad}")[1]["code"] == "bad_paths"


def test_who_is_not_to_be_named_is_named_nowhere(app: Flask, ana: Caller) -> None:
    runner = CliRunner()
    answers = [json.dumps(ana("GET", path)[1]) for path in ("/trust/cem", "/trust?members=cem,dee", "/members/cem")]
    with app.app_context():
        for words in (["explain", "ana", "cem"], ["explain", "ana", "cem", "dee"], ["explain", "ana", "cem", "--json"]):
            done = runner.invoke(group, words)
            assert done.exit_code == 0, done.output
            answers.append(done.output)
        assert runner.invoke(group, ["circle", "ana"]).output.count("quiet") == 3, "as the end of a path only"
    for answer in answers:
        assert not [one for one in SECRETS if one in answer], answer
    assert ana("GET", "/trust/cem")[1]["paths"] == [["ana", "bo", None, "cem"]] * 3
    assert [link["kind"] for link in ana("GET", "/trust/cem")[1]["links"][0]] == ["vouch", "hidden", "hidden"]


def test_several_at_once(ana: Caller) -> None:
    status, told = ana("GET", "/trust?members=cem,dee,%20DEE")
    assert status == 200
    assert (told["people"], told["independent_ways"]) == (2, 1)
    # All that cem has comes through people with a single vouch to give.
    assert [one["member"] for one in told["members"]] == ["dee", "cem"]
    assert ana("GET", "/trust?members=cem,nobody")[0] == 404
    assert ana("GET", "/trust")[1]["code"] == "missing_field"
    assert ana("GET", "/trust?members=" + ",".join(["cem"] * 60))[0] in {404, 422}


def test_borrowed_is_said(app: Flask, ana: Caller) -> None:
    with app.app_context():
        eve = Caller(app, add_member("eve", inviter_id=1))
        run_reactions()
    assert eve("GET", "/trust/bo")[1]["borrowed"] is True
    assert all(one["borrowed"] is True for one in eve("GET", "/circle")[1]["items"])
    assert not any("borrowed" in one for one in ana("GET", "/circle")[1]["items"] if one["member"] != "eve")


def test_the_command_line_tells_reasons(app: Flask, ana: Caller) -> None:
    with app.app_context():
        runner = CliRunner()
        said = runner.invoke(group, ["explain", "ana", "dee"]).output
        assert "ana -> bo: vouch trust, on: Bicycles — school" in said
        together = runner.invoke(group, ["explain", "ana", "dee", "cem"]).output
        assert "2 of 2 reached, independent ways 1" in together
        assert runner.invoke(group, ["seeds", "add", "ana", "bo"]).output == "ana is a seed now\nbo is a seed now\n"
        assert json.loads(runner.invoke(group, ["seeds", "list", "--json"]).output) == ["ana", "bo"]
        assert runner.invoke(group, ["seeds", "remove", "bo"]).exit_code == 0
        assert "members=7 certified=7" in runner.invoke(group, ["reputation"]).output
