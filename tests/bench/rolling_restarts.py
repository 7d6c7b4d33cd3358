"""Ten rolling restarts behind nginx, with the configuration of docs/operating.md, under load.

`python -m tests.bench.rolling_restarts` (nginx must be on the machine) prints how many page requests failed, and how
many senders were left without an answer for what they had sent. About three minutes.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import requests
import socketio

from app import create_app
from app.messaging.conversations import queries
from app.messaging.conversations.service import start_conversation
from app.people.accounts.service import issue_token
from app.platform.database import db
from tests.support.databases import fresh_database, settings_for
from tests.support.live import KINMARKET, ROOT, environment_for
from tests.support.people import MemberFactory
from tests.support.servers import close_run_directory, free_port, open_run_directory, start_valkey, wait_for_port

RESTARTS = 10
SENDERS, MESSAGES = 4, 4.0  # messages a second of each
READERS, PAGES = 3, 6.0  # pages a second of each
PATIENCE = 30.0  # seconds after which a sender counts as stranded


class Load:
    """What is asked and said while the processes restart."""

    def __init__(self, url: str, tokens: list[str], conversation: str) -> None:
        self.url, self.conversation = url, conversation
        self.pages: Counter[str] = Counter()
        self.sent: list[str] = []
        self.stranded = 0
        self.resent = 0
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._read, args=(tokens[0],), daemon=True) for _ in range(READERS)]
        self.threads += [
            threading.Thread(target=self._send, args=(token, sender), daemon=True)
            for sender, token in enumerate(tokens)
        ]

    def _read(self, token: str) -> None:
        paths = ("/market", "/api/v1/me", "/api/v1/circle")
        number = 0
        while not self.over.wait(1 / PAGES):
            number += 1
            path = paths[number % len(paths)]
            try:
                answer = requests.get(self.url + path, headers={"Authorization": f"Bearer {token}"}, timeout=20)
                self.pages[str(answer.status_code)] += 1
            except requests.RequestException as problem:
                self.pages[type(problem).__name__] += 1

    def _send(self, token: str, sender: int) -> None:
        client = socketio.Client(reconnection_delay=0.2, reconnection_delay_max=1)
        client.connect(self.url, auth={"token": token}, transports=["websocket"], wait_timeout=20)
        number = 0
        while not self.over.wait(1 / MESSAGES):
            number += 1
            name = f"s{sender}-{number}"
            until = time.monotonic() + PATIENCE
            while not self._try(client, name):
                self.resent += 1
                if time.monotonic() > until:
                    self.stranded += 1
                    break
                time.sleep(0.2)
        client.disconnect()

    def _try(self, client: socketio.Client, name: str) -> bool:
        said = {"conversation": self.conversation, "client_id": name, "body": "hello"}
        try:
            answer = client.call("message:send", said, timeout=5)
        except (socketio.exceptions.SocketIOError, OSError):
            return False
        if answer["ok"]:
            self.sent.append(name)
        return bool(answer["ok"])


def nginx_configuration(port: int, servers: list[int], folder: Path) -> Path:
    """The example of the documentation, with this run's ports and without TLS."""
    block = re.search(r"```nginx\n(.*?)```", (ROOT / "docs/operating.md").read_text(), re.DOTALL)
    if block is None:
        raise LookupError("docs/operating.md has no nginx example")
    text = block[1].replace("listen 443 ssl", f"listen 127.0.0.1:{port}").replace("market.example", "127.0.0.1")
    for old, new in zip((8001, 8002), servers, strict=True):
        text = text.replace(f"127.0.0.1:{old}", f"127.0.0.1:{new}")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = (
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;"
        f"events {{ worker_connections 1024; }} http {{ access_log off; {temporary}\n{text}\n}}"
    )
    path = folder / "nginx.conf"
    path.write_text(whole)
    return path


def _ready(port: int) -> None:
    until, said = time.monotonic() + 150, "nothing"
    while time.monotonic() < until:
        try:
            answer = requests.get(f"http://127.0.0.1:{port}/readyz", timeout=10)
            if answer.status_code == 200:
                return
            said = answer.text
        except requests.RequestException:
            time.sleep(0.1)
    raise TimeoutError(f"port {port} is not ready, it says {said}")


def main() -> None:
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    open_run_directory()
    folder = Path(tempfile.mkdtemp(prefix="kinmarket-restarts-"))
    started: list[subprocess.Popen[bytes]] = []
    try:
        with fresh_database("postgres", folder) as address:
            _drill(nginx, folder, address, started)
    except TimeoutError:
        sys.stderr.write((folder / "servers.log").read_text()[-3000:])
        raise
    finally:
        for process in started:
            if process.poll() is None:
                process.kill()
                process.wait(10)
        close_run_directory()
        shutil.rmtree(folder, ignore_errors=True)


def _drill(nginx: str, folder: Path, address: str, started: list[subprocess.Popen[bytes]]) -> None:
    front, redis, ports = free_port(), free_port(), [free_port(), free_port()]
    started.append(start_valkey(redis, folder))
    app = create_app(settings_for(address, folder / "data"))
    with app.app_context():
        make = MemberFactory(app)
        ids = [make(f"m{number}") for number in range(SENDERS)]
        tokens = [issue_token(one) for one in ids]
        conversation, _new = start_conversation(ids[0], ids[1:], title="All")
        db.session.remove()
    environment = environment_for(
        address, folder / "data", KINMARKET_REDIS_URL=f"redis://127.0.0.1:{redis}/0",
        KINMARKET_PUBLIC_URL=f"http://127.0.0.1:{front}", KINMARKET_TRUSTED_PROXIES="1",
    )  # fmt: skip
    logs = (folder / "servers.log").open("ab")

    def run(*words: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [*KINMARKET, *words], cwd=ROOT, env=environment, stdout=logs, stderr=logs, start_new_session=True
        )
        started.append(process)
        return process

    def serve(port: int) -> subprocess.Popen[bytes]:
        return run("serve", "--port", str(port), "--no-background")

    run("worker")
    serving = [serve(port) for port in ports]
    for port in ports:
        _ready(port)
    started.append(subprocess.Popen([nginx, "-c", str(nginx_configuration(front, ports, folder))]))
    wait_for_port(front, started[-1])
    load = Load(f"http://127.0.0.1:{front}", tokens, conversation)
    for thread in load.threads:
        thread.start()
    begun, codes = time.monotonic(), []
    for turn in range(RESTARTS):
        which = turn % 2
        serving[which].send_signal(signal.SIGTERM)
        codes.append(serving[which].wait(40))
        serving[which] = serve(ports[which])
        _ready(ports[which])
    seconds = time.monotonic() - begun
    load.over.set()
    for thread in load.threads:
        thread.join(60)
    with app.app_context():
        kept = {one.client_id for one in queries.messages_after(conversation, 0)}
        position = 200
        while more := queries.messages_after(conversation, position):
            kept |= {one.client_id for one in more}
            position += len(more)
        db.session.remove()
        db.engine.dispose()
    failed = sum(count for code, count in load.pages.items() if code != "200")
    lost = len(set(load.sent) - kept)
    sys.stdout.write(
        f"{RESTARTS} restarts in {seconds:.0f} s, exit codes {sorted(set(codes))}\n"
        f"pages: {sum(load.pages.values())} asked, {failed} failed {dict(load.pages)}\n"
        f"messages: {len(load.sent)} acknowledged, {lost} of them lost, {load.resent} sent again, "
        f"{load.stranded} senders stranded\n"
    )


if __name__ == "__main__":
    main()
