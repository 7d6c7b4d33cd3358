"""Every setting of an installation, read from the environment once."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from ipaddress import IPv6Address
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from app.kernel.errors import DomainError
from app.platform.mail_way import mail_way

_HIDDEN = "•••"
_KEYS = frozenset({"secret_key", "stripe_key", "stripe_webhook_secret"})
_SECRET = re.compile("pass|pwd|secret|token|key|auth|credential", re.IGNORECASE)


# What an order waits for (docs/orders.md); of each how long, and how long before the end somebody is reminded.
ORDER_TIMES: Final = (
    *("answer", "card", "transfer", "receipt", "time", "meeting", "shipment", "arrival", "completion", "offer"),
)
# Of a case (the same page).
CASE_TIMES: Final = tuple(
    f"case_{state}"
    for state in (
        *("open", "talk", "friend_asked", "friend_named", "friend", "return", "returning", "replace", "replacing"),
    )
)
OrderTimes = tuple[tuple[str, timedelta, timedelta | None], ...]
_TIME = re.compile(r"(?P<name>[a-z_]+)=(?P<after>[1-9][0-9]{0,3}[mhd])(?:/(?P<remind>[0-9]{1,4}[mhd]))?")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


class BadSetting(DomainError):
    """A setting that the process cannot start with."""

    code = "bad_setting"
    status = 500


def _about(meaning: str, *, secret: bool = False) -> dict[str, object]:
    return {"meaning": meaning, "secret": secret}


@dataclass(frozen=True, slots=True)
class Settings:
    """Values of the `KINMARKET_…` variables, checked."""

    data_dir: Path = field(metadata=_about("where database, uploads, mail and keys live"))
    database_url: str = field(metadata=_about("SQLAlchemy address of the database", secret=True))
    redis_url: str | None = field(
        default=None, metadata=_about("Redis, needed when more than one process runs", secret=True)
    )
    secret_key: str = field(default="", metadata=_about("signs sessions and links", secret=True))
    public_url: str = field(default="http://127.0.0.1:8000", metadata=_about("the address that members see"))
    trusted_proxies: int = field(default=0, metadata=_about("how many reverse proxies stand in front"))
    mail_url: str | None = field(
        default=None,
        metadata=_about("smtp://user:password@host:port; absent: mail goes to files", secret=True),
    )
    direct_send: bool = field(default=True, metadata=_about("0: broadcasts take python-socketio's own, slower way"))
    stripe_key: str | None = field(
        default=None, metadata=_about("Stripe's secret key; absent: no cards are taken", secret=True)
    )
    stripe_webhook_secret: str | None = field(
        default=None, metadata=_about("what Stripe signs its messages with", secret=True)
    )
    stripe_url: str = field(default="https://api.stripe.com", metadata=_about("where Stripe answers"))
    commission: str = field(default="0", metadata=_about("per cent of a card payment that the community keeps"))
    payout_iban: str | None = field(default=None, metadata=_about("the bank account that payouts leave from"))
    payout_name: str = field(default="Kinmarket", metadata=_about("whose account that is"))
    order_times: OrderTimes = field(
        default=(),
        metadata=_about(
            "how long steps of an order may take, as `transfer=72h answer=24h/6h` (reminder before the end)"
        ),
    )
    testing: bool = field(default=False, metadata=_about("set by the test suite only"))

    @property
    def takes_cards(self) -> bool:
        """Whether the operator has set up what a card payment needs."""
        return bool(self.stripe_key and self.stripe_webhook_secret)

    @property
    def commission_ppm(self) -> int:
        """The commission in millionths."""
        return int(Decimal(self.commission) * 10_000)

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def origins(self) -> list[str]:
        """Where sockets may come from; never empty, for an empty list turns the check off."""
        parts = urlsplit(self.public_url)
        origin = f"{parts.scheme}://{parts.netloc}"
        found = [origin]
        if parts.hostname == "127.0.0.1":
            found.append(origin.replace("127.0.0.1", "localhost", 1))
        return found

    @property
    def hosts(self) -> list[str]:
        """The names that requests may come by, without ports.

        The loopback's too: a proxy on this machine passes on the address that it asks, unless told otherwise.
        """
        return list(dict.fromkeys([urlsplit(self.public_url).hostname or "", "127.0.0.1", "localhost"]))

    @property
    def warnings(self) -> list[str]:
        """What the operator has to know of settings that are allowed; one line each, no secrets."""
        if not self.mail_url or not (way := mail_way(self.mail_url)).overheard:
            return []
        said = f"KINMARKET_MAIL_URL: mail and the sign-in links in it go to {way.host} in clear"
        return [f"{said}; smtp:// or smtps:// encrypts the way"]

    def described(self) -> list[tuple[str, str, str]]:
        """Rows of variable, value (secrets masked) and meaning."""
        rows = []
        for spec in fields(self):
            if spec.name == "testing":
                continue
            value = getattr(self, spec.name)
            shown = "" if value is None else str(value)
            if spec.name == "order_times":
                shown = " ".join(f"{name}={after}" for name, after, _remind in value)
            shown = _masked(shown, wholly=spec.name in _KEYS)
            rows.append((f"KINMARKET_{spec.name.upper()}", shown, str(spec.metadata["meaning"])))
        return rows


def _masked(value: str, *, wholly: bool = False) -> str:
    """Without passwords and keys, wherever they stand; what is no proper address is hidden as a whole."""
    if wholly:
        return _HIDDEN if value else ""
    if "://" not in value:
        return value
    try:
        parts = urlsplit(value)
        asked = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return _HIDDEN
    name, at, host = parts.netloc.rpartition("@")
    if at:
        name = name.split(":", 1)[0] + (f":{_HIDDEN}" if ":" in name else "")
    query = "&".join(f"{key}={_HIDDEN if _SECRET.search(key) else one}" for key, one in asked)
    if parts.fragment:
        return _HIDDEN
    shown = f"{parts.scheme}://{name}{at}{host}{parts.path}"
    return f"{shown}?{query}" if query else shown


def load_settings(environ: Mapping[str, str] | None = None, *, port: int = 8000) -> Settings:
    """Settings from the environment; raises `BadSetting` with one clear line."""
    env = os.environ if environ is None else environ
    data_dir = Path(env.get("KINMARKET_DATA_DIR") or "instance").resolve()
    _open_data_dir(data_dir)
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(env.get("KINMARKET_DATABASE_URL"), data_dir),
        redis_url=_redis_url(env.get("KINMARKET_REDIS_URL")),
        secret_key=env.get("KINMARKET_SECRET_KEY") or _kept_secret(data_dir),
        public_url=_public_url(env.get("KINMARKET_PUBLIC_URL"), port),
        trusted_proxies=_count(env.get("KINMARKET_TRUSTED_PROXIES")),
        mail_url=_mail_url(env.get("KINMARKET_MAIL_URL")),
        order_times=_order_times(env.get("KINMARKET_ORDER_TIMES")),
        direct_send=_switch("KINMARKET_DIRECT_SEND", env.get("KINMARKET_DIRECT_SEND")),
        stripe_key=env.get("KINMARKET_STRIPE_KEY") or None,
        stripe_webhook_secret=env.get("KINMARKET_STRIPE_WEBHOOK_SECRET") or None,
        stripe_url=_with_port("KINMARKET_STRIPE_URL", env.get("KINMARKET_STRIPE_URL") or "https://api.stripe.com"),
        commission=_percent("KINMARKET_COMMISSION", env.get("KINMARKET_COMMISSION")),
        payout_iban=env.get("KINMARKET_PAYOUT_IBAN") or None,
        payout_name=env.get("KINMARKET_PAYOUT_NAME") or "Kinmarket",
    )


def _order_times(text: str | None) -> OrderTimes:
    found = []
    for one in (text or "").replace(",", " ").split():
        match = _TIME.fullmatch(one)
        if match is None or match["name"] not in (*ORDER_TIMES, *CASE_TIMES):
            raise BadSetting(
                "KINMARKET_ORDER_TIMES: “%(one)s” is no time; write name=48h or name=14d/3d, with one of %(names)s",
                one=one,
                names=", ".join((*ORDER_TIMES, *CASE_TIMES)),
            )
        found.append((match["name"], _span(match["after"]), _span(match["remind"]) if match["remind"] else None))
    return tuple(found)


def _span(text: str) -> timedelta:
    return int(text[:-1]) * _UNITS[text[-1]]


def _open_data_dir(path: Path) -> None:
    """Ours alone: whatever lies there is for nobody else on the machine."""
    try:
        fresh = not path.exists()
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A folder that somebody else made for more than this is left as it is.
        if fresh or any((path / name).exists() for name in ("secret_key", "kinmarket.db")):
            _make_private(path)
        if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            raise BadSetting(f"KINMARKET_DATA_DIR: {path} cannot be read and written by this user")
    except OSError as problem:
        raise BadSetting(f"KINMARKET_DATA_DIR: {path}: {problem.strerror or problem}") from problem


def _make_private(path: Path) -> None:
    with suppress(PermissionError):  # of another user, as in some containers
        path.chmod(0o700)
        for one in path.iterdir():
            if not one.is_symlink():
                with suppress(FileNotFoundError, PermissionError):
                    one.chmod(0o700 if one.is_dir() else 0o600)


def _with_port(name: str, value: str) -> str:
    """The address; raises `BadSetting`, which does not repeat it, for a port or host that is none."""
    try:
        parts = urlsplit(value)
        if parts.port == 0:
            raise ValueError
    except ValueError:
        raise BadSetting(f"{name}: the host or port of this address is none") from None
    return value


def _percent(name: str, value: str | None) -> str:
    try:
        number = Decimal(value or "0")
    except InvalidOperation:
        raise BadSetting(f"{name}: a number of per cent, such as 5 or 2.5") from None
    if not (number.is_finite() and 0 <= number <= 50 and number * 10_000 == int(number * 10_000)):
        raise BadSetting(f"{name}: between 0 and 50 per cent, with at most 4 decimals")
    return str(number)


def _database_url(value: str | None, data_dir: Path) -> str:
    if not value:
        return f"sqlite:///{data_dir / 'kinmarket.db'}"
    scheme, _, rest = value.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return _with_port("KINMARKET_DATABASE_URL", f"postgresql+psycopg://{rest}")
    if scheme == "sqlite":
        return value
    raise BadSetting(f"KINMARKET_DATABASE_URL: only sqlite:///FILE and postgresql://… are supported, not “{scheme}”")


def _redis_url(value: str | None) -> str | None:
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise BadSetting("KINMARKET_REDIS_URL: must start with redis://, rediss:// or unix://")
    return _with_port("KINMARKET_REDIS_URL", value) if value else None


def _mail_url(value: str | None) -> str | None:
    if value:
        try:
            mail_way(value)
        except ValueError as problem:
            raise BadSetting(f"KINMARKET_MAIL_URL: {problem}") from problem
    return value or None


def _public_url(value: str | None, port: int) -> str:
    if not value:
        return f"http://127.0.0.1:{port}"
    problem = BadSetting("KINMARKET_PUBLIC_URL: must be an address such as https://example.org, with no path")
    try:
        parts = urlsplit(value.strip())
        host, number = parts.hostname, parts.port
    except ValueError:
        raise problem from None
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in {"http", "https"} or not host or more:
        raise problem
    if ":" in host:
        # As browsers write it: in brackets, as short as can be.
        try:
            host = f"[{IPv6Address(host).compressed}]"
        except ValueError:
            raise problem from None
    if not host.isascii():
        # As browsers write it in Host and Origin.
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            raise problem from None
    return f"{parts.scheme}://{host}" + (f":{number}" if number else "")


def _count(value: str | None) -> int:
    if not value:
        return 0
    if not (value.isascii() and value.isdigit() and len(value) < 4):
        raise BadSetting("KINMARKET_TRUSTED_PROXIES: must be a whole number, 0 or more")
    return int(value)


def _switch(name: str, value: str | None) -> bool:
    if value not in {None, "", "0", "1"}:
        raise BadSetting(f"{name}: must be 0 or 1")
    return value != "0"


def _kept_secret(data_dir: Path) -> str:
    path = data_dir / "secret_key"
    try:
        # Exclusive creation: two processes that start together must agree on one key.
        with (
            suppress(FileExistsError),
            os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file,
        ):
            file.write(secrets.token_urlsafe(48))
        key = path.read_text("ascii").strip()
    except OSError as problem:
        raise BadSetting(f"the secret key {path} cannot be read: {problem.strerror or problem}") from problem
    except UnicodeDecodeError:
        raise BadSetting(f"the secret key {path} is no text; delete the file") from None
    if len(key) < 32:
        raise BadSetting(f"the secret key in {path.name} is too short; delete the file")
    return key
