"""A new installation says what it does, and nothing of the libraries inside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

KINMARKET = Path(sys.executable).with_name("kinmarket")


def test_the_first_command_prints_no_warning(tmp_path: Path) -> None:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("KINMARKET_", "PYTHONWARN"))}
    first = subprocess.run(
        [KINMARKET, "member", "add", "ana"],
        env={**plain, "KINMARKET_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (first.stdout, first.stderr, first.returncode) == ("added ana\n", "", 0)
