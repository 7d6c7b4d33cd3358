"""Stripe as our code meets it: `localstripe` as a process of its own, behind a proxy that adds what it lacks.

The proxy honours idempotency keys, knows checkout pages, and signs events, which a test may send late, twice or
in any order.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import requests

KEY, SECRET = "sk_test_kinmarket", "whsec_of_the_tests"
_CARD = {
    "type": "card",
    "card[number]": "4242424242424242",
    "card[exp_month]": "12",
    "card[exp_year]": "2040",
    "card[cvc]": "123",
}


class StripeProxy:
    """Where our code is sent to; `asked` are the addresses of what reached the provider itself."""

    def __init__(self, behind: str) -> None:
        self.behind = behind
        self.asked: list[str] = []
        self._answers: dict[str, tuple[int, bytes]] = {}
        self._sessions: dict[str, str] = {}
        self._lock = threading.Lock()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                status, body = proxy.answer(self.path, self.rfile.read(length), self.headers.get("Idempotency-Key"))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, body: bytes, key: str | None) -> tuple[int, bytes]:
        with self._lock:
            if key is not None and key in self._answers:
                return self._answers[key]
            self.asked.append(path)
            made = self._checkout(body) if path == "/v1/checkout/sessions" else self._pass_on(path, body)
            if key is not None:
                self._answers[key] = made
            return made

    def call(self, path: str, **form: str) -> dict[str, Any]:
        status, body = self._pass_on(path, urlencode(form).encode())
        found: dict[str, Any] = json.loads(body)
        assert status == 200, found
        return found

    def pay(self, address: str) -> dict[str, Any]:
        """The buyer pays by card on the page of this address; answers the payment."""
        return self.call(f"/v1/payment_intents/{self._sessions[address]}/confirm")

    def _pass_on(self, path: str, body: bytes) -> tuple[int, bytes]:
        answer = requests.post(f"{self.behind}{path}", data=dict(parse_qsl(body.decode())), auth=(KEY, ""), timeout=30)
        return answer.status_code, answer.content

    def _checkout(self, body: bytes) -> tuple[int, bytes]:
        asked = dict(parse_qsl(body.decode()))
        card = self.call("/v1/payment_methods", **_CARD)
        intent = self.call(
            "/v1/payment_intents",
            payment_method=card["id"],
            amount=asked["line_items[0][price_data][unit_amount]"],
            currency=asked["line_items[0][price_data][currency]"],
            **{"metadata[kinmarket_payment]": asked["payment_intent_data[metadata][kinmarket_payment]"]},
        )
        address = f"{self.url}/c/pay/{intent['id']}"
        self._sessions[address] = intent["id"]
        session = {"id": f"cs_{intent['id']}", "object": "checkout.session", "url": address}
        return 200, json.dumps(session).encode()


def event(ident: str, kind: str, thing: dict[str, Any]) -> bytes:
    """A message as Stripe writes it."""
    return json.dumps({"id": ident, "object": "event", "type": kind, "data": {"object": thing}}).encode()


def signature(body: bytes, *, secret: str = SECRET, at: float | None = None) -> str:
    """What Stripe sends beside it."""
    moment = int(time.time() if at is None else at)
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


@contextmanager
def stripe_proxy(folder: Path) -> Iterator[StripeProxy]:
    """Both, until the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        proxy = StripeProxy(f"http://127.0.0.1:{port}")
        try:
            yield proxy
        finally:
            proxy.close()
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("localstripe has ended")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("localstripe does not answer")
