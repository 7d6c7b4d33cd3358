"""A large demo has people with names, each another."""

from __future__ import annotations

from app.demo.community import extra_person
from app.people.accounts.rules import chosen_handle_fault


def test_people_beyond_the_cast_have_names_of_their_own() -> None:
    people = [extra_person(number) for number in range(3200)]
    names = [name for _handle, name in people]
    assert names[0] == "Noa Weber"
    assert not any(letter.isdigit() for name in names[:1517] for letter in name)
    assert len(set(names)) == len(names)
    handles = [handle for handle, _name in people]
    assert len({handle.replace("_", "") for handle in handles}) == len(handles)
    assert {chosen_handle_fault(handle) for handle in handles} == {None}
