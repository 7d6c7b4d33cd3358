"""`KINMARKET_DIRECT_SEND=0` serves with the libraries as they come."""

from __future__ import annotations

from pathlib import Path

import pytest
import socketio
from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI

from app import create_app
from app.platform import realtime
from app.platform.fanout.outbox import Outbox
from app.platform.fanout.rooms import DirectManager, DirectRedisManager, SparingManager, SparingRedisManager
from app.platform.settings import BadSetting, load_settings
from tests.support.databases import settings_for


@pytest.mark.parametrize(
    ("direct", "redis", "manager"),
    [
        (False, None, SparingManager),
        (True, None, DirectManager),
        (True, "redis://127.0.0.1:1/0", DirectRedisManager),
        (False, "redis://127.0.0.1:1/0", SparingRedisManager),
    ],
)
def test_who_broadcasts(
    direct: bool, redis: str | None, manager: type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socketio.PubSubManager, "initialize", lambda _: None)
    create_app(settings_for("sqlite://", tmp_path, direct_send=direct, redis_url=redis))
    server = realtime.socketio.server
    assert type(server.manager) is manager
    assert isinstance(server.eio.create_queue(), Outbox) is direct
    if not direct:
        assert issubclass(server.eio._async["websocket"], SimpleWebSocketWSGI)


def test_the_switch_is_read_from_the_environment(tmp_path: Path) -> None:
    environment = {"KINMARKET_DATA_DIR": str(tmp_path)}
    assert load_settings(environment).direct_send
    assert not load_settings({**environment, "KINMARKET_DIRECT_SEND": "0"}).direct_send
    with pytest.raises(BadSetting):
        load_settings({**environment, "KINMARKET_DIRECT_SEND": "perhaps"})
