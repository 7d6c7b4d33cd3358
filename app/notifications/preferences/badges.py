"""What every page has to know of the viewer."""

from __future__ import annotations

from app.notifications.preferences.queries import chosen_zone

FACTS = {"timezone": chosen_zone}
