"""Backup and restore: one consistent dump of the database, the attachments, and a list of checksums."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qs

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url

from erp.kernel.change.audit_checks import Finding, run_audit
from erp.kernel.change.work import snapshot
from erp.kernel.cli import application
from erp.kernel.database.migrate import engine_with_ddl, migrate
from erp.kernel.records.types import utc_now
from erp.kernel.rights import system_actor
from erp.settings import settings

DUMP, MANIFEST = "database.sql", "manifest.json"
OF_THIS_HOST = ("process_heartbeat",)
"""Tables whose rows say what runs here and now: elsewhere, or later, they would be wrong."""


class BackupFailed(Exception):
    """The backup could not be made or is damaged; what was there before is unchanged."""


def _client(url: URL, *program: str) -> list[str]:
    """Return a database client's command line; the password travels in its environment."""
    query = parse_qs(str(url.render_as_string(hide_password=True)).partition("?")[2])
    where = (
        [f"--socket={query['unix_socket'][0]}"]
        if "unix_socket" in query
        else [f"--host={url.host}", f"--port={url.port or 3306}"]
    )
    return [*program, *where, f"--user={url.username}"]


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path=f"/usr/bin:/usr/local/bin:{settings().data}/tools/usr/bin")
    if found is None:
        raise BackupFailed(f"{name} is not installed (package mariadb-client-core)")
    return found


def back_up(folder: Path) -> Path:
    """Write a backup into a new folder below ``folder``; return it. It is complete only when its manifest is there."""
    target = folder / utc_now().strftime("daifuku-%Y%m%d-%H%M%S")
    folder.mkdir(parents=True, exist_ok=True)
    target.mkdir(mode=0o700)  # it holds everything, also the hashes of passwords
    url = make_url(str(settings().database_migrate_url or settings().database_url))
    command = [
        *_client(url, _program("mariadb-dump")), "--single-transaction", "--quick", "--skip-lock-tables", "--hex-blob",
        "--default-character-set=utf8mb4", "--skip-comments",
        *[f"--ignore-table-data={url.database}.{name}" for name in OF_THIS_HOST], str(url.database),
    ]  # fmt: skip
    with (target / DUMP).open("wb") as dump:
        done = subprocess.run(
            command, stdout=dump, stderr=subprocess.PIPE, check=False, env={"MYSQL_PWD": url.password or ""}
        )
    if done.returncode != 0:
        raise BackupFailed(done.stderr.decode(errors="replace").strip())
    files = settings().files_folder
    if files.exists():
        shutil.copytree(files, target / "files")
    sums = {str(path.relative_to(target)): _sum(path) for path in sorted(target.rglob("*")) if path.is_file()}
    (target / MANIFEST).write_text(json.dumps({"made_at": utc_now().isoformat(), "files": sums}, indent=1))
    return target


def _sum(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def check(folder: Path) -> Path:
    """Return the backup in ``folder`` (itself, or the newest below it); raise ``BackupFailed`` when it is damaged."""
    found = (
        folder
        if (folder / MANIFEST).exists()
        else max((one.parent for one in folder.glob(f"*/{MANIFEST}")), default=None)
    )
    if found is None:
        raise BackupFailed(f"there is no complete backup in {folder}")
    wanted = json.loads((found / MANIFEST).read_text())["files"]
    damaged = [name for name, digest in wanted.items() if not (found / name).exists() or _sum(found / name) != digest]
    if damaged:
        raise BackupFailed(f"damaged or missing: {', '.join(damaged[:5])}")
    return found


def bring_back(folder: Path) -> list[Finding]:
    """Replace database and attachments by a backup, migrate it, audit it; return the findings."""
    found = check(folder)
    url = make_url(str(settings().database_migrate_url or settings().database_url))
    _empty(url)
    with (found / DUMP).open("rb") as dump:
        command = [*_client(url, _program("mariadb")), "--default-character-set=utf8mb4", str(url.database)]
        done = subprocess.run(
            command, stdin=dump, stderr=subprocess.PIPE, check=False, env={"MYSQL_PWD": url.password or ""}
        )
    if done.returncode != 0:
        raise BackupFailed(done.stderr.decode(errors="replace").strip())
    files = settings().files_folder
    if (found / "files").exists():
        shutil.rmtree(files, ignore_errors=True)
        shutil.copytree(found / "files", files)
    migrate()
    with application(), snapshot(system_actor("restore")) as work:
        return run_audit(work)


def _empty(url: URL) -> None:
    """Drop every table, so that nothing of the present content remains."""
    engine = engine_with_ddl()
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT table_name FROM information_schema.tables WHERE table_schema = :db"), {"db": url.database}
        )
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 0"))
        for (name,) in list(rows):
            connection.execute(text(f"DROP TABLE IF EXISTS `{name}`"))
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 1"))
    engine.dispose()
