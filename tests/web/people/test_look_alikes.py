"""Nobody looks like the house, and no name is made of letters that nobody sees."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from app.kernel.errors import Conflict, Invalid
from app.kernel.titles import is_name
from app.merchants.stores.service import edit_store, open_store
from app.messaging.groups.service import open_room, rename
from app.people.accounts.models import Member
from app.people.accounts.rules import _RESERVED, HandleFault, chosen_handle_fault, handle_fault, poses_as_house
from app.people.accounts.service import add_member
from app.people.profiles.service import edit_profile
from app.platform.database import db
from app.platform.markup import clean_line
from tests.support.people import PASSWORD, MemberFactory

# One letter written as another that looks the same in small letters.
SWAPS = (("o", "0"), ("l", "1"), ("i", "1"), ("e", "3"), ("a", "4"), ("s", "5"), ("t", "7"), ("m", "rn"), ("w", "vv"))


def test_nothing_reads_like_a_handle_of_the_house() -> None:
    for word in sorted(word for word in _RESERVED if len(word) >= 4):
        dressed = [f"{word}_", f"_{word}", f"__{word}__", "_".join(word), word.replace(word[-1], f"_{word[-1]}")]
        dressed += [word.replace(letter, like) for letter, like in SWAPS]
        for handle in dressed:
            if len(handle) <= 30:
                assert chosen_handle_fault(handle) is HandleFault.RESERVED, handle


@pytest.mark.parametrize(
    "handle",
    [
        *("admin1", "moderator_2", "support24", "kinmarket_support", "kinmarket_team", "official_kinmarket"),
        *("the_admin", "kinm4rket_5upport", "staff_team_7", "g0ne_5", "gone5", "_gone_5", "go_ne_12"),
    ],
)
def test_nothing_is_made_of_the_houses_words(handle: str) -> None:
    assert chosen_handle_fault(handle) is HandleFault.RESERVED


@pytest.mark.parametrize("handle", ["m3", "rn3", "m7", "u_17", "moderator_2", "gone5"])
def test_who_runs_the_house_gives_any_other_handle(handle: str) -> None:
    assert handle_fault(handle) is None


@pytest.mark.parametrize("handle", ["u_17", "u17_", "_u17", "u1_7"])
def test_nothing_reads_like_an_imported_member(handle: str) -> None:
    assert chosen_handle_fault(handle) is HandleFault.IMPORTED


@pytest.mark.parametrize(
    "handle",
    [
        *("mall", "modesty", "marketa", "appelt", "trustee", "rosa_mail", "ana_admin_graz", "home_of_bo", "me2u"),
        *("gonewind", "teamwork_ana", "moda", "helper", "user1", "ownerless", "u2fan", "system_of_a_down", "m3", "rn3"),
    ],
)
def test_who_only_shares_letters_with_the_house_is_welcome(handle: str) -> None:
    assert chosen_handle_fault(handle) is None


# What leaves nothing that anybody could see, and what hides in a name.
UNSEEN = ("\u200d", "\u200c\u200c", "\u2800", "\u034f", "\ufe0f", "\u0301", "\u17b4", "\u200b\u200d", "\U000e0041")
HIDDEN = (
    *("\u202e", "\u2066", "\u200b", "\u200c", "\u200d", "\u00ad"),
    *("\u2060", "\ufeff", "\u034f", "\u2800", "\ufe0e", "\u061c"),
)


def test_a_name_can_be_seen(app: Flask, member: MemberFactory, signed_in: Callable[..., FlaskClient]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    member("ana")
    signed = signed_in(app.test_client(), "ana")
    for number, name in enumerate(UNSEEN):
        assert not is_name(clean_line(name, 80)), ascii(name)
        handle = f"newbo{number}"
        fields = {"handle": handle, "name": name, "email": "n@example.org", "password": PASSWORD}
        app.test_client().post("/register", data=fields)
        assert db.session.scalar(select(Member.name).where(Member.handle == handle)) in {None, handle}
        assert signed.post("/settings/profile", data={"name": name}).status_code == 422, ascii(name)
        assert db.session.scalar(select(Member.name).where(Member.handle == "ana")) == "Ana"


def test_a_name_has_no_twin_that_looks_the_same(member: MemberFactory) -> None:
    ident = member("ana")
    for hidden in HIDDEN:
        for name in (f"A{hidden}na", f"An{hidden}a", f"{hidden}Ana", f"Ana{hidden}", f"A{hidden}{hidden}na"):
            edit_profile(ident, name=name, bio="", place="", discreet=False)
            assert db.session.scalar(select(Member.name).where(Member.id == ident)) == "Ana", ascii(name)


@pytest.mark.parametrize(
    "name",
    [
        *("می\u200cخواهم", "ශ්\u200dරී", "क्\u200dष", "👩\u200d👩\u200d👧", "❤️"),
        *("Nuñez", "Ole\u0301", "🌻", "3", "O’Neil", "茶"),
        *("👩🏽\u200d❤️\u200d💋\u200d👨🏿", "🏴\u200d☠️", "1️⃣", "نام\u200cها ana"),
    ],
)
def test_names_of_all_scripts_stay(name: str) -> None:
    assert clean_line(name, 80) == unicodedata.normalize("NFC", name)
    assert is_name(name)


def test_only_the_staff_is_called_like_the_house(
    app: Flask, member: MemberFactory, signed_in: Callable[..., FlaskClient]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    member("ana")
    member("mo", role="moderator")
    for name in ("Kinmarket", "Kinmarket Support", "KINMARKET-TEAM", "Moderator", "@admin", "The Ｍoderators"):
        answers = {
            who: signed_in(app.test_client(), who).post("/settings/profile", data={"name": name}).status_code
            for who in ("ana", "mo")
        }
        assert answers == {"ana": 422, "mo": 302}, name
    fields = {"handle": "newbo", "name": "Kinmarket", "email": "n@example.org", "password": PASSWORD}
    answer = app.test_client().post("/register", data=fields)
    assert answer.status_code == 422
    assert "This name is reserved" in answer.text


# Cyrillic and Greek letters that are drawn like Latin ones.
DRAWN = str.maketrans({"a": "а", "e": "е", "o": "ο", "k": "к", "m": "м", "p": "р", "c": "с", "i": "і"})


def test_no_alphabet_writes_the_houses_name(member: MemberFactory) -> None:
    ana, shop, mo = member("ana"), member("shop", role="merchant"), member("mo", role="moderator")
    room, store = open_room(ana, "Lamps"), open_store(shop, name="Lamps", slug="lamps")
    doors: dict[str, Callable[[str], object]] = {
        "profile": lambda name: edit_profile(ana, name=name, bio="", place="", discreet=False),
        "room": lambda name: open_room(ana, name),
        "room renamed": lambda name: rename(ana, room, name),
        "store": lambda name: open_store(member("other", role="merchant"), name=name, slug="other"),
        "store renamed": lambda name: edit_store(shop, store, name=name, about=""),
    }
    for word in ("Kinmarket", "kinmarket support", "Moderator", "Official Team", "Administrator"):
        assert poses_as_house(word)
        assert poses_as_house(word.translate(DRAWN)), "every look-alike at once"
        for letter in set(word) & set(map(chr, DRAWN)):
            assert poses_as_house(word.replace(letter, letter.translate(DRAWN))), (word, letter)
    for door, write in doors.items():
        for name in ("Kinmarket", "Kinmarket Support".translate(DRAWN)):
            with pytest.raises(Invalid):
                write(name)
                pytest.fail(f"{door}: {name!r} was taken")
            db.session.rollback()
            if door == "store":
                db.session.execute(delete(Member).where(Member.handle == "other"))
                db.session.commit()
    open_room(mo, "Kinmarket support")


def test_no_alphabet_writes_anothers_handle(member: MemberFactory) -> None:
    ana = member("ana")
    member("marko_popa")
    member("peck")

    for name in ("mаrko_popa", "Mаrko Popa", "Markо-Popa", "реck", "The Рeck"):
        with pytest.raises(Invalid):
            edit_profile(ana, name=name, bio="", place="", discreet=False)
            pytest.fail(f"{name!r} was taken")
        with pytest.raises(Invalid):
            add_member("newcomer", name=name, chosen=True)
    # One alphabet, nobody's handle, or one's own.
    for name in ("Marko Popa", "Марко Попа", "Ρέα", "Реск", "Bаbа", "Аna"):
        edit_profile(ana, name=name, bio="", place="", discreet=False)
        assert db.session.scalar(select(Member.name).where(Member.id == ana)) == name, ascii(name)


def test_handles_differ_by_more_than_underscores(member: MemberFactory) -> None:
    member("bob_smith")
    member("carla")
    for handle in ("bobsmith", "bob__smith", "b_obsmith", "_bob_smith", "car_la", "carla_"):
        with pytest.raises(Conflict) as refused:
            add_member(handle, chosen=True)
        assert refused.value.error_code == "handle_taken"
    for handle in ("bob_smyth", "bobsmith2", "car1a"):
        assert add_member(handle, chosen=True)
    assert add_member("bobsmith"), "who runs the house knows whom it is for"
