"""`make run`: a living community on this machine, and one way in for each kind of person."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

KINMARKET = Path(sys.executable).with_name("kinmarket")
# The demo community's people, by what they show.
PEOPLE = {"member": "ana", "merchant": "mira", "moderator": "mo", "operator": "olga"}


def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([KINMARKET, *arguments], stdout=subprocess.PIPE, text=True, check=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    os.environ.setdefault("KINMARKET_PUBLIC_URL", f"http://127.0.0.1:{port}")
    if is_new():
        print("a new installation: making the demo community", flush=True)
        subprocess.run([KINMARKET, "demo"], check=True)
    print(f"\nKinmarket is at {os.environ['KINMARKET_PUBLIC_URL']} — sign in once with each of:")
    for role, handle in PEOPLE.items():
        link = ask("signin-link", handle)
        print(f"  {role:<10} {link.stdout.strip() if link.returncode == 0 else 'nobody: see `kinmarket member add`'}")
    print(flush=True)
    # The server takes this process over, so that Ctrl-C and signals reach it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv(KINMARKET, [str(KINMARKET), "serve", "--port", str(port)])  # noqa: S606 - no shell wanted
    return 0


def is_new() -> bool:
    """Nobody has ever joined here: an empty community has no node in its trust graph either."""
    answer = ask("signin-link", PEOPLE["operator"])
    return answer.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
