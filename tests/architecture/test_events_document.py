"""docs/events.md names every event, what it carries, and nothing that is gone."""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, fields
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from app import reactions
from app.kernel.events import Event

ROOT = Path(__file__).parents[2]
REQUIRED = Path(__file__).with_name("event_fields.json")
DOCUMENT = ROOT / "docs" / "events.md"


def events() -> dict[str, type[Event]]:
    for path in sorted((ROOT / "app").rglob("events.py")):
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return {name: kind for name, kind in Event.registry.items() if kind.__module__.startswith("app.")}


def test_every_event_is_documented_with_its_fields() -> None:
    text = DOCUMENT.read_text()
    missing = []
    for name, kind in sorted(events().items()):
        line = next((line for line in text.splitlines() if line.startswith(f"| `{name}` |")), None)
        if line is None:
            missing.append(f"{name} ({kind.__module__}) is not in docs/events.md")
            continue
        missing += [
            f"{name}.{field.name} is not on its line in docs/events.md"
            for field in fields(kind)
            if not re.search(rf"\b{field.name}\b", line)
        ]
    assert not missing, "\n".join(missing)


def test_the_document_names_no_event_that_is_gone() -> None:
    named = set(re.findall(r"^\|\s*`([A-Z]\w+)`", DOCUMENT.read_text(), flags=re.MULTILINE))
    assert named <= set(events()), named - set(events())


def test_events_carry_ids_and_amounts_only() -> None:
    """So that erasing a person never rewrites history."""
    suspicious = {"name", "text", "body", "email", "title", "description", "bio", "reason", "message"}
    found = [
        f"{name}.{field.name}" for name, kind in events().items() for field in fields(kind) if field.name in suspicious
    ]
    assert not found


def test_a_stored_event_stays_readable() -> None:
    """The log keeps events for ever: what an event has asked for from its first day is all it may ask for.

    A field that comes later has a default, or the event gets another name. A new event is added to
    the file by hand, with the fields that it needs.
    """
    then: dict[str, list[str]] = json.loads(REQUIRED.read_text())
    now = {name: [field.name for field in fields(kind) if field.default is MISSING] for name, kind in events().items()}
    asks_for_more = {name: more for name in now if (more := sorted({*now[name]} - {*then.get(name, now[name])}))}
    assert not asks_for_more
    assert sorted({*now} - {*then}) == [], "add the new events to event_fields.json"


def test_the_document_says_which_reactions_hear_each_event() -> None:
    heard: dict[str, set[str]] = {}
    for one in iter_modules(reactions.__path__):
        module = import_module(f"app.reactions.{one.name}")
        if hasattr(module, "react"):
            for kind in module.LISTENS_TO:
                heard.setdefault(kind.__name__, set()).add(module.NAME)
    wrong = []
    for line in DOCUMENT.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        name = cells[0].strip("`")
        if len(cells) == 4 and name in events():
            said = set(re.findall(r"`(\w+)`", cells[3]))
            if said != heard.get(name, set()):
                wrong.append(f"{name}: {sorted(heard.get(name, set()))}, not {sorted(said)}")
    assert not wrong, "\n".join(wrong)
