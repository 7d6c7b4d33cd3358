"""A stored event is read as today's code knows it, or refused by name: nothing else comes of it."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.events import Event, UnreadableEvent
from tests.architecture.test_events_document import events

KINDS = [kind for _name, kind in sorted(events().items())]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def types_of(kind: type[Event], field: str) -> tuple[type, ...]:
    hint = get_type_hints(kind)[field]
    # An id is stored as what it is made of.
    return tuple(getattr(one, "__supertype__", one) for one in get_args(hint) or (hint,))


def sample(kind: type[Event]) -> dict[str, Any]:
    """A payload as the class writes it."""
    values: dict[type, Any] = {int: 7, str: "01j", bool: True, float: 0.5}
    return {field.name: values[types_of(kind, field.name)[0]] for field in fields(kind)}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_an_event_writes_is_read_again(kind: type[Event]) -> None:
    event = Event.load(kind.__name__, sample(kind))
    assert event.payload() == sample(kind)
    assert Event.load(kind.__name__, {**sample(kind), "of_another_age": [1]}) == event


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_missing_and_ill_typed_fields_are_refused_by_name(kind: type[Event]) -> None:
    for field in fields(kind):
        rest = {name: value for name, value in sample(kind).items() if name != field.name}
        if field.default is MISSING:
            with pytest.raises(UnreadableEvent, match=rf"{kind.__name__} has no {field.name}"):
                Event.load(kind.__name__, rest)
        else:
            assert Event.load(kind.__name__, rest).payload()[field.name] == field.default
        wrong = 1 if str in types_of(kind, field.name) or bool in types_of(kind, field.name) else "one"
        with pytest.raises(UnreadableEvent, match=rf"{kind.__name__}.{field.name} is a "):
            Event.load(kind.__name__, {**rest, field.name: wrong})


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_payload_is_an_event_or_unreadable(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    names = st.sampled_from([field.name for field in fields(kind)] or ["x"]) | st.text(max_size=3)
    payload = data.draw(
        st.dictionaries(names, VALUES).map(lambda some: {**sample(kind), **some})
        | st.dictionaries(names, VALUES)
        | VALUES
    )
    try:
        event = Event.load(kind.__name__, payload)
    except UnreadableEvent:
        return
    for field in fields(kind):
        value = getattr(event, field.name)
        allowed = types_of(kind, field.name)
        assert type(value) in allowed or (float in allowed and type(value) is int)


def test_an_event_that_is_gone_from_the_code_is_refused() -> None:
    with pytest.raises(UnreadableEvent, match="no event is called FarewellSung"):
        Event.load("FarewellSung", {})


def test_a_field_that_came_later_has_its_default() -> None:
    @dataclass(frozen=True, kw_only=True)
    class LampLit(Event):
        lamp: int
        brightness: float = 1.0

    assert Event.load("LampLit", {"lamp": 3}) == LampLit(lamp=3)
