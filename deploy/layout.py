"""Where an instance keeps what: its data folder, its short-named folder of sockets, its secrets."""

import hashlib
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVERS = ("cache", "queue", "realtime")


@dataclass(frozen=True)
class Instance:
    """One instance: everything it owns lies under ``data``, except its sockets, whose names must be short."""

    data: Path
    port: int = 8000
    demo: bool = True
    fast: bool = False

    @property
    def run(self) -> Path:
        """Return the folder of sockets: 0700, under the system's temporary directory."""
        digest = hashlib.sha256(str(self.data).encode()).hexdigest()[:10]
        return Path(tempfile.gettempdir()) / f"daifuku-{os.getuid()}-{digest}"

    def socket(self, name: str) -> Path:
        """Return the path of a socket."""
        return self.run / f"{name}.sock"

    def prepare(self) -> None:
        """Make the folders, private to their owner."""
        for folder in (
            self.data,
            self.data / "log",
            self.data / "files",
            self.data / "secrets",
            self.data / "mail",
            self.run,
        ):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.run, self.data / "secrets"):
            folder.chmod(0o700)
        marker = self.data / ".daifuku"
        marker.touch()

    def secret(self, name: str) -> str:
        """Return a secret, made at the first question and kept readable for its owner only."""
        path = self.data / "secrets" / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(32))
        return path.read_text().strip()

    def database_url(self, user: str, database: str = "daifuku") -> str:
        """Return the URL of the private database for one of its two users."""
        return (
            f"mysql+pymysql://{user}:{self.secret('database-' + user)}@localhost/{database}"
            f"?unix_socket={self.socket('mariadb')}&charset=utf8mb4"
        )

    def environment(self, database: str = "daifuku") -> dict[str, str]:
        """Return the settings of this instance as environment variables."""
        found = {
            "ERP_DATA": str(self.data),
            "ERP_DATABASE_URL": self.database_url("daifuku", database),
            "ERP_DATABASE_MIGRATE_URL": self.database_url("daifuku_migrate", database),
            "ERP_SECRET_KEY": self.secret("secret-key"),
            "ERP_BASE_URL": f"http://127.0.0.1:{self.port}",
            "ERP_INTERNAL_URL": f"http+unix://{str(self.socket('web')).replace('/', '%2F')}",
            "ERP_WEB_BIND": f"unix:{self.socket('web')}",
            "ERP_REALTIME_BIND": f"unix:{self.socket('realtime')}",
            "ERP_FILES": str(self.data / "files"),
            "ERP_AUDIT_KEY_FILE": str(self.data / "secrets" / "audit-key"),
        }
        self.secret("audit-key")
        for role in SERVERS:
            found[f"ERP_REDIS_{role.upper()}_URL"] = f"unix://{self.socket('redis-' + role)}"
        if self.demo:
            found["ERP_DEMO"] = "1"
            found["ERP_MAIL_URL"] = f"smtp://127.0.0.1:{mail_port(self.port)}"
            found["ERP_MAIL_FROM"] = "Daifuku demo <erp@daifuku.example>"
        return found

    def write_environment(self) -> None:
        """Keep the settings where the operator's command finds them."""
        path = self.data / "env"
        path.touch(mode=0o600)
        path.write_text("".join(f"{key}={value}\n" for key, value in sorted(self.environment().items())))


def mail_port(port: int) -> int:
    """Return the loopback port of the demo's mail sink, beside the web port."""
    return port + 10_000 if port < 50_000 else port - 10_000


def program(*names: str) -> str:
    """Return the path of a program; Debian keeps servers in /usr/sbin, which users do not search."""
    for name in names:
        found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin:/usr/local/bin:/usr/bin")
        if found:
            return found
    raise FileNotFoundError(names[0])
