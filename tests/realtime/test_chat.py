"""Two clients talk through a real server."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
import requests
from socketio.exceptions import ConnectionError as Refused

from app.messaging.conversations import changes, queries, service
from app.moderation.held_messages import service as held_messages
from app.people.accounts.service import issue_token, revoke_tokens
from app.people.blocks.service import block
from tests.realtime.conftest import NO_ORIGIN, Connect, Pair
from tests.support.live import LiveServer


def test_what_ana_says_bo_hears(connect: Connect, pair: Pair) -> None:
    ana, bo = connect(pair.ana_token), connect(pair.bo_token)
    joined = bo.ask("conversation:join", conversation=pair.conversation, after_seq=0)
    assert joined == {"ok": True, "seq": 0, "change_seq": 0, "messages": [], "changed": [], "more": False}
    assert ana.ask("conversation:join", conversation=pair.conversation, after_seq=0)["ok"]
    sent = ana.ask("message:send", conversation=pair.conversation, client_id="c1", body="**hello**")
    assert (sent["ok"], sent["seq"]) == (True, 1)
    heard = bo.hear("message:new")
    assert heard["id"] == sent["id"]
    assert {key: heard[key] for key in ("conversation", "seq", "client_id", "author", "body", "html")} == {
        "conversation": pair.conversation,
        "seq": 1,
        "client_id": "c1",
        "author": pair.ana_handle,
        "body": "**hello**",
        "html": "<p><strong>hello</strong></p>",
    }
    assert bo.hear("notification:new")["conversation"] == pair.conversation
    again = ana.ask("message:send", conversation=pair.conversation, client_id="c1", body="changed")
    assert (again["id"], again["seq"]) == (sent["id"], 1)
    assert bo.hears_nothing("message:new")


def test_typing_and_reading(connect: Connect, pair: Pair) -> None:
    ana, bo = connect(pair.ana_token), connect(pair.bo_token)
    for client in (ana, bo):
        client.ask("conversation:join", conversation=pair.conversation, after_seq=0)
    ana.ask("conversation:typing", conversation=pair.conversation)
    assert bo.hear("conversation:typing")["member"] == pair.ana_handle
    assert ana.hears_nothing("conversation:typing", 0.3)
    ana.ask("message:send", conversation=pair.conversation, client_id="c", body="x")
    assert bo.ask("conversation:read", conversation=pair.conversation, seq=9) == {"ok": True, "seq": 1}
    assert ana.hear("conversation:read")["seq"] == 1


@pytest.mark.databases("sqlite", "postgres")
def test_catching_up_after_a_cut(connect: Connect, pair: Pair) -> None:
    ana, bo = connect(pair.ana_token), connect(pair.bo_token)
    for client in (ana, bo):
        client.ask("conversation:join", conversation=pair.conversation, after_seq=0)
    ana.ask("message:send", conversation=pair.conversation, client_id="c1", body="one")
    assert bo.hear("message:new")["seq"] == 1
    bo.cut()
    for n in range(2, 252):
        ana.ask("message:send", conversation=pair.conversation, client_id=f"c{n}", body=f"text {n}")
    first = queries.messages_after(pair.conversation, 0, 1)[0]
    changes.remove_message(pair.ana, first.id)
    back = connect(pair.bo_token)
    seen, changed, after, after_change, more = [1], [], 1, 0, True
    while more:
        answer = back.ask(
            "conversation:join", conversation=pair.conversation, after_seq=after, after_change=after_change
        )
        seen += [one["seq"] for one in answer["messages"]]
        changed += [one["seq"] for one in answer["changed"]]
        after, after_change, more = seen[-1], answer["change_seq"], answer["more"]
    assert seen == list(range(1, 252))
    assert changed == [1]
    ana.ask("message:send", conversation=pair.conversation, client_id="last", body="still here")
    assert back.hear("message:new")["seq"] == 252


@pytest.mark.databases("sqlite", "postgres")
def test_edits_reactions_and_removals_find_who_was_away(connect: Connect, pair: Pair, live_server: LiveServer) -> None:
    ana, bo = connect(pair.ana_token), connect(pair.bo_token)
    for client in (ana, bo):
        client.ask("conversation:join", conversation=pair.conversation, after_seq=0)
    sent = [
        ana.ask("message:send", conversation=pair.conversation, client_id=f"c{n}", body=f"text {n}") for n in range(4)
    ]
    assert [bo.hear("message:new")["seq"] for _ in sent] == [1, 2, 3, 4]
    requests.put(
        f"{live_server.url}/api/v1/messages/{sent[0]['id']}/reactions/👍",
        headers={"Authorization": f"Bearer {pair.bo_token}"},
        timeout=15,
    ).raise_for_status()
    live = bo.hear("message:changed")
    assert (live["seq"], live["change_seq"], live["reactions"][0]["emoji"]) == (1, 1, "👍")
    bo.cut()
    changes.edit_message(pair.ana, sent[1]["id"], "put differently")
    changes.remove_message(pair.ana, sent[2]["id"])
    changes.react(pair.ana, sent[0]["id"], "🎉", on=True)
    ana.ask("message:send", conversation=pair.conversation, client_id="r", body="an answer", reply_to=2)
    back = connect(pair.bo_token)
    answer = back.ask("conversation:join", conversation=pair.conversation, after_seq=4, after_change=1)
    assert [(one["seq"], one["change_seq"]) for one in answer["changed"]] == [(2, 2), (3, 3), (1, 4)]
    edited, removed, reacted = answer["changed"]
    assert (edited["body"], bool(edited["edited_at"])) == ("put differently", True)
    assert (removed["body"], removed["deleted"]) == ("", True)
    assert [one["emoji"] for one in reacted["reactions"]] == ["🎉", "👍"]
    assert answer["messages"][0]["reply_to"]["excerpt"] == "put differently"
    assert (answer["change_seq"], answer["more"]) == (4, False)


def test_a_held_message_keeps_its_number_and_comes_later(
    connect: Connect, pair: Pair, newcomer: Callable[..., int]
) -> None:
    ana, bo = connect(pair.ana_token), connect(pair.bo_token)
    for client in (ana, bo):
        client.ask("conversation:join", conversation=pair.conversation, after_seq=0)
    body = "Log in to confirm: http://paypa1.com/ and send a steam card"
    sent = ana.ask("message:send", conversation=pair.conversation, client_id="x", body=body)
    assert (sent["seq"], sent["held"]) == (1, True)
    heard = bo.hear("message:new")
    assert (heard["seq"], heard["body"], heard["html"], heard["held"]) == (1, "", "", True)
    assert bo.hears_nothing("notification:new", 0.3)
    held_messages.release(newcomer("mo", role="moderator"), sent["id"], "A joke.")
    (freed,) = bo.ask("conversation:join", conversation=pair.conversation, after_seq=1, after_change=0)["changed"]
    assert (freed["body"], freed["held"], freed["change_seq"]) == (body, False, 1)


def test_500_messages_of_one_client_stay_in_order(connect: Connect, pair: Pair) -> None:
    ana, bo = connect(pair.ana_token), connect(pair.bo_token)
    bo.ask("conversation:join", conversation=pair.conversation, after_seq=0)
    answers: list[dict[str, object]] = []
    for n in range(500):
        data = {"conversation": pair.conversation, "client_id": f"c{n}", "body": str(n)}
        ana.sio.emit("message:send", data, callback=answers.append)
    heard = [bo.hear("message:new", 30) for _ in range(500)]
    assert [one["body"] for one in heard] == [str(n) for n in range(500)]
    assert [one["seq"] for one in heard] == list(range(1, 501))
    until = time.monotonic() + 10
    while len(answers) < 500 and time.monotonic() < until:
        time.sleep(0.05)
    assert [one["seq"] for one in answers] == list(range(1, 501))


def test_a_burst_beyond_the_limit_is_refused_in_words(connect: Connect, pair: Pair) -> None:
    ana = connect(pair.ana_token)
    answers: list[dict[str, object]] = []
    for _ in range(130):
        ana.sio.emit("conversation:typing", {"conversation": pair.conversation}, callback=answers.append)
    until = time.monotonic() + 10
    while len(answers) < 130 and time.monotonic() < until:
        time.sleep(0.05)
    refused = [one for one in answers if not one["ok"]]
    assert refused
    assert refused[0]["code"] == "too_many"
    assert int(str(refused[0]["retry_after"])) >= 1


def test_strangers_are_refused_at_join_and_at_send(connect: Connect, pair: Pair, newcomer: Callable[..., int]) -> None:
    cem = connect(issue_token(newcomer()))
    ana = connect(pair.ana_token)
    for event, more in (
        ("conversation:join", {"after_seq": 0}),
        ("message:send", {"client_id": "x", "body": "hello"}),
        ("conversation:typing", {}),
        ("conversation:read", {"seq": 1}),
    ):
        answer = cem.ask(event, conversation=pair.conversation, **more)
        assert (answer["ok"], answer["code"]) == (False, "not_found"), event
    ana.ask("message:send", conversation=pair.conversation, client_id="x", body="secret")
    assert cem.hears_nothing("message:new")


@pytest.mark.parametrize(
    "payload",
    [None, [], "x", {}, {"conversation": 1}, {"conversation": "x\0"}, {"conversation": "x", "after_seq": -1},
     {"conversation": "x", "after_seq": "1"}, {"conversation": "x", "after_seq": 2**70}],
)  # fmt: skip
def test_odd_payloads_get_an_answer(connect: Connect, pair: Pair, payload: object) -> None:
    ana = connect(pair.ana_token)
    for event in ("conversation:join", "message:send", "conversation:read", "conversation:typing"):
        answer = ana.sio.call(event, payload, timeout=10)
        assert answer["ok"] is False
        assert answer["code"] in {"bad_payload", "not_found", "out_of_bounds"}


def test_who_is_not_let_in(connect: Connect, pair: Pair) -> None:
    for token in (None, "", "kin_wrong", 7):
        with pytest.raises(Refused):
            connect(auth={"token": token} if token is not None else None, wait_timeout=2)
    for origin in ("http://evil.example", "null", "http://127.0.0.1.evil.example"):
        for transport in ("websocket", "polling"):
            with pytest.raises(Refused):
                connect(pair.ana_token, origin=origin, transports=[transport], wait_timeout=2)


def test_our_origin_and_polling_are_let_in(connect: Connect, pair: Pair, live_server: LiveServer) -> None:
    for address in (live_server.url, live_server.url.replace("127.0.0.1", "localhost")):
        for transport in ("websocket", "polling"):
            client = connect(pair.ana_token, origin=address, transports=[transport])
            assert client.ask("conversation:join", conversation=pair.conversation, after_seq=0)["ok"]


def browser(live_server: LiveServer, member_id: int) -> tuple[requests.Session, str]:
    """A signed-in browser's cookies, and its page's CSRF token."""
    from app.people.accounts.service import signin_link

    session = requests.Session()
    link = signin_link(member_id)
    address = link if link.startswith("http") else live_server.url + link
    address = re.sub(r"^http://[^/]+", live_server.url, address)
    page = session.get(address)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
    assert token
    session.post(address, data={"csrf_token": token[1]})
    page = session.get(f"{live_server.url}/messages")
    assert page.url.endswith("/messages"), page.url
    token = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
    assert token
    return session, token[1]


def cookies_of(session: requests.Session) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{one.name}={one.value}" for one in session.cookies)}


def test_a_browser_session_needs_the_pages_token_or_our_origin(
    connect: Connect, pair: Pair, live_server: LiveServer
) -> None:
    session, token = browser(live_server, pair.ana)
    cookie = cookies_of(session)
    for refused in (
        {"token": None, "transports": NO_ORIGIN},
        {"token": "made up", "transports": NO_ORIGIN},
        {"token": "made up", "origin": live_server.url},
        {"token": None, "origin": "http://evil.example"},
    ):
        with pytest.raises(Refused):
            connect(headers=cookie, wait_timeout=2, **refused)
    for welcome in ({"token": token, "transports": NO_ORIGIN}, {"token": token}, {"origin": live_server.url}):
        client = connect(headers=cookie, **welcome)
        assert client.ask("conversation:join", conversation=pair.conversation, after_seq=0)["ok"]


def test_sign_out_ends_the_browsers_sockets_only(connect: Connect, pair: Pair, live_server: LiveServer) -> None:
    session, token = browser(live_server, pair.ana)
    page, script = connect(token, headers=cookies_of(session)), connect(pair.ana_token)
    session.post(f"{live_server.url}/logout", data={"csrf_token": token})
    page.hear("disconnect")
    assert script.ask("conversation:join", conversation=pair.conversation, after_seq=0)["ok"]


def test_revoked_tokens_end_their_sockets(connect: Connect, pair: Pair) -> None:
    ana, bo = connect(pair.ana_token), connect(pair.bo_token)
    # In another process than the server's, as `kinmarket` commands are.
    assert revoke_tokens(pair.ana) == 1
    ana.hear("disconnect")
    assert bo.ask("conversation:join", conversation=pair.conversation, after_seq=0)["ok"]
    with pytest.raises(Refused):
        connect(pair.ana_token)


def test_suspension_ends_sockets(connect: Connect, pair: Pair, newcomer: Callable[..., int]) -> None:
    from app.people.accounts.service import suspend

    ana = connect(pair.ana_token)
    suspend(newcomer("mo", role="moderator"), pair.ana)
    ana.hear("disconnect")
    with pytest.raises(Refused):
        connect(pair.ana_token)


def test_a_block_ends_the_shared_conversation(connect: Connect, pair: Pair, newcomer: Callable[..., int]) -> None:
    cem = newcomer()
    other, _ = service.start_conversation(pair.ana, [cem])
    ana, elsewhere = connect(pair.ana_token), connect(pair.ana_token)
    assert ana.ask("conversation:join", conversation=pair.conversation, after_seq=0)["ok"]
    assert elsewhere.ask("conversation:join", conversation=other, after_seq=0)["ok"]
    block(pair.bo, pair.ana)
    ana.hear("disconnect")
    assert elsewhere.ask("conversation:join", conversation=other, after_seq=0)["ok"]
    sent = elsewhere.ask("message:send", conversation=pair.conversation, client_id="x", body="hello")
    assert (sent["ok"], sent["code"]) == (False, "blocked")


def test_too_large_a_packet_ends_the_socket(connect: Connect, pair: Pair) -> None:
    ana, bo = connect(pair.ana_token), connect(pair.bo_token)
    data = {"conversation": pair.conversation, "client_id": "x", "body": "x" * 200_000}
    ana.sio.emit("message:send", data)
    ana.hear("disconnect")
    assert bo.ask("conversation:join", conversation=pair.conversation, after_seq=0)["seq"] == 0


def test_no_compression_is_agreed(live_server: LiveServer) -> None:
    import base64
    import os
    import socket

    with socket.create_connection(("127.0.0.1", live_server.port), timeout=10) as wire:
        key = base64.b64encode(os.urandom(16)).decode()
        wire.sendall(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n".encode()
        )
        head = wire.recv(4096).lower()
    assert b" 101 " in head.split(b"\r\n", 1)[0]
    assert b"permessage-deflate" not in head


def test_a_reader_that_does_not_read_is_let_go() -> None:
    """Without a server: the watch looks at the queues of the transports."""
    import queue
    from types import SimpleNamespace

    from app.platform.socket_watch import MAX_UNREAD, end_slow_readers

    closed = []
    slow, quick = queue.Queue[int](), queue.Queue[int]()
    for n in range(MAX_UNREAD + 1):
        slow.put(n)
    transports = {
        "slow": SimpleNamespace(queue=slow, close=lambda **how: closed.append("slow")),
        "quick": SimpleNamespace(queue=quick, close=lambda **how: closed.append("quick")),
    }
    server = SimpleNamespace(server=SimpleNamespace(eio=SimpleNamespace(sockets=transports)))
    assert end_slow_readers(server) == 1
    assert closed == ["slow"]
