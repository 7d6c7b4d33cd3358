"""Events survive being written down and read by a later version."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class TeapotPoured(Event):
    teapot_id: int
    cups: int = 1


def test_an_event_is_read_as_it_was_written() -> None:
    happened = TeapotPoured(teapot_id=3, cups=2)
    assert Event.load("TeapotPoured", happened.payload()) == happened


def test_a_field_that_is_gone_is_left_out() -> None:
    assert Event.load("TeapotPoured", {"teapot_id": 3, "sugar": True}) == TeapotPoured(teapot_id=3)


def test_two_events_of_one_name_are_refused() -> None:
    with pytest.raises(TypeError):
        type("TeapotPoured", (Event,), {"__module__": "elsewhere"})
