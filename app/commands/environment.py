"""What a command reads of its surroundings before anything of the application is loaded."""

from __future__ import annotations

import os

from app.platform.settings import BadSetting, Settings, load_settings

DEFAULT_PORT = 8000


def port_from_environment() -> int:
    """$PORT, or 8000; raises `BadSetting`."""
    given = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not (given.isascii() and given.isdigit() and 0 < int(given[:6]) < 65536):
        raise BadSetting("PORT: must be a number from 1 to 65535")
    return int(given)


def settings_here() -> Settings:
    """The settings of a command that serves nothing itself."""
    return load_settings(port=port_from_environment())
