"""Every setting, typed and documented, from the environment; a wrong value is told by name at start."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent.parent
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class WrongSetting(ValueError):
    """One or more settings are missing or wrong; the message names each and says what is expected."""


def setting(help: str, read: Callable[[str], Any] = str, default: Any = None, *, required: bool = False) -> Any:
    """Declare a setting: what it means, how its text is read, and what holds when it is absent."""
    return field(default=default, metadata={"help": help, "read": read, "required": required})


def _url(*schemes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if urlsplit(text).scheme not in schemes:
            raise ValueError(f"a URL that begins with {' or '.join(one + '://' for one in schemes)}")
        return text

    return read


def _urls(text: str) -> tuple[str, ...]:
    return tuple(_url("mysql+pymysql")(part.strip()) for part in text.split(",") if part.strip())


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("a time zone such as Europe/Berlin") from None
    return text


def _languages(text: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not found or any(part not in {"en", "ja"} for part in found):
        raise ValueError("a list of en, ja")
    return found


def _level(text: str) -> str:
    if text.upper() not in LEVELS:
        raise ValueError(f"one of {', '.join(LEVELS)}")
    return text.upper()


def _secret(text: str) -> str:
    if len(text) < 32:
        raise ValueError("at least 32 random characters")
    return text


def _whole(text: str) -> int:
    if not text.isdigit():
        raise ValueError("a whole number")
    return int(text)


def _yes(text: str) -> bool:
    return text.strip().lower() in {"1", "true", "yes", "on"}


@dataclass(frozen=True)
class Settings:
    """The table of settings; the variable of ``database_url`` is ``ERP_DATABASE_URL``, and so on."""

    data: Path = setting("Folder of everything that is kept outside the database", Path, ROOT / "var")
    database_url: str = setting("Runtime database user", _url("mysql+pymysql"), required=True)
    database_migrate_url: str | None = setting("Database user with DDL, for erp migrate only", _url("mysql+pymysql"))
    read_database_urls: tuple[str, ...] = setting("Replicas, comma-separated", _urls, ())
    redis_cache_url: str = setting("Redis of the cache", _url("redis", "rediss", "unix"), required=True)
    redis_queue_url: str = setting(
        "Redis of the queue (append-only file, noeviction)", _url("redis", "rediss", "unix"), required=True
    )
    redis_realtime_url: str = setting("Redis of live updates", _url("redis", "rediss", "unix"), required=True)
    secret_key: str = setting("Signs forms and internal requests", _secret, required=True)
    base_url: str = setting("Where browsers reach us", _url("http", "https"), "http://127.0.0.1:8000")
    internal_url: str = setting("Where realtime reaches web", _url("http", "http+unix"), "http://127.0.0.1:8001")
    web_bind: str = setting("Where the web process listens: unix:/path or host:port", str, "127.0.0.1:8001")
    web_workers: int = setting("Processes that serve pages, each with four threads", _whole, 2)
    realtime_bind: str = setting("Where the realtime process listens: unix:/path or host:port", str, "127.0.0.1:8002")
    timezone: str = setting("Time zone of the installation", _zone, "UTC")
    languages: tuple[str, ...] = setting("Languages offered", _languages, ("en", "ja"))
    trusted_proxies: int = setting("How many proxies in front are ours", _whole, 1)
    api_rate: int = setting("API requests a minute for each token; 0: without limit", _whole, 20_000)
    metrics_token: str | None = setting("Token that reads /metrics from elsewhere than loopback")
    audit_key_file: Path | None = setting("Key that seals the ledger", Path)
    mail_url: str | None = setting("Outgoing mail: smtp://user:pass@host:port", _url("smtp", "smtps", "smtp+starttls"))
    mail_from: str = setting("Sender of our mail", str, "erp@localhost")
    files: Path | None = setting("Folder of attachments", Path)
    log_level: str = setting("DEBUG, INFO, WARNING or ERROR", _level, "INFO")
    demo: bool = setting("A demo instance: /dev/mail is there", _yes, False)
    realtime_engine: str = setting("async_mode of the realtime process: eventlet, gevent or threading", str, "eventlet")
    pool_size: int = setting("Database connections of a process", _whole, 5)

    @property
    def root(self) -> Path:
        """Return the folder of the product's own files."""
        return ROOT

    @property
    def files_folder(self) -> Path:
        """Return where attachments are kept."""
        return self.files or self.data / "files"

    def engine_options(self) -> dict[str, Any]:
        """Return SQLAlchemy's options: READ COMMITTED, timeouts on everything, a bounded pool, no values in errors.

        Connections that come back are reset by ``records.base``, which asks the server only where it must.
        """
        return {
            "isolation_level": "READ COMMITTED", "pool_pre_ping": False, "pool_recycle": 1800, "pool_timeout": 5,
            "pool_size": self.pool_size, "max_overflow": 5, "hide_parameters": True, "pool_reset_on_return": None,
            "connect_args": self.connect_args(connect_timeout=3, read_timeout=60, write_timeout=30),
        }  # fmt: skip

    def connect_args(self, **seconds: int) -> dict[str, Any]:
        """Return the driver's options for connections with these timeouts.

        Over the machine's own socket there is nothing to encrypt: the driver would read all certificates of the
        system for each connection, 10 MB of memory.
        """
        local = {"ssl_disabled": True} if "unix_socket=" in self.database_url else {}
        return {**seconds, "local_infile": False, **local}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Return the settings of ``environment``; raise ``WrongSetting`` with every mistake at once."""
        values: dict[str, Any] = {}
        wrong: list[str] = []
        for one in fields(cls):
            name = f"ERP_{one.name.upper()}"
            text = environment.get(name, "")
            if text:
                try:
                    values[one.name] = one.metadata["read"](text)
                except ValueError as error:
                    wrong.append(f"{name}: expected {error}, got {shown(one.name, text)}")
            elif one.metadata["required"]:
                wrong.append(f"{name} is missing: {one.metadata['help']}")
        if wrong:
            raise WrongSetting("\n".join(wrong))
        return cls(**values)


def shown(name: str, text: str) -> str:
    """Return a value as an error may show it: never a secret."""
    hidden = "secret" in name or "token" in name or "@" in text
    return "(hidden)" if hidden else repr(text)


@cache
def settings() -> Settings:
    """Return the settings of this process: the environment, else the file that ``bin/dev`` keeps in the data folder."""
    environment = dict(os.environ)
    data = Path(environment.get("ERP_DATA") or ROOT / "var")
    kept = data / "env"
    if kept.exists():
        environment = {**read_file(kept), **environment}
    environment.setdefault("ERP_DATA", str(data))
    return Settings.from_environment(environment)


def read_file(path: Path) -> dict[str, str]:
    """Return the variables of an environment file: NAME=value, one a line."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#") and "=" in line)
    return dict((name.strip(), value.strip()) for name, value in pairs)  # noqa: C402 - pairs are lists


def use_data_folder(data: Path) -> None:
    """Find the settings in this data folder: what ``erp --data`` asks for."""
    os.environ["ERP_DATA"] = str(data.resolve())
    settings.cache_clear()
