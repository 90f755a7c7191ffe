"""What a bare Debian lacks: named with the reason, installed without questions when that is allowed."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.layout import program


@dataclass(frozen=True)
class Need:
    """A package, why it is needed, and how one sees that it is there."""

    package: str
    why: str
    programs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def is_there(self) -> bool:
        """Return whether the machine has it already."""
        for name in self.programs:
            try:
                program(name)
            except FileNotFoundError:
                return False
        patterns = [any(Path("/").glob(pattern.lstrip("/"))) for pattern in self.files]
        return all(patterns)


RUN = (
    Need(
        "python3-venv",
        "keeps our Python packages apart from the system's",
        files=("/usr/lib/python3*/ensurepip/__init__.py",),
    ),
    Need("mariadb-server-core", "the database server; starts nothing by itself", ("mariadbd", "mariadb-install-db")),
    Need("mariadb-client-core", "the database's command line", ("mariadb",)),
    Need("redis-tools", "the queue and the live channel; starts nothing by itself", ("redis-check-rdb",)),
    Need("libpango-1.0-0", "lays out printed documents", files=("/usr/lib/*/libpango-1.0.so.0",)),
    Need("libpangoft2-1.0-0", "lays out printed documents", files=("/usr/lib/*/libpangoft2-1.0.so.0",)),
    Need("libharfbuzz-subset0", "keeps printed documents small", files=("/usr/lib/*/libharfbuzz-subset.so.0",)),
    Need("fonts-noto-cjk", "Japanese in printed documents", files=("/usr/share/fonts/**/NotoSansCJK-Regular.ttc",)),
    Need("fonts-dejavu-core", "Latin letters in printed documents", files=("/usr/share/fonts/**/DejaVuSans.ttf",)),
    Need("ca-certificates", "trusted connections", files=("/etc/ssl/certs/ca-certificates.crt",)),
)
NGINX_LIBRARY = Need("libpcre2-8-0", "the web server's patterns", files=("/usr/lib/*/libpcre2-8.so.0",))
TEST = (Need("chromium", "drives the product in the browser tests", ("chromium",)),)


def python_needs() -> tuple[Need, ...]:
    """Return what must be there: a Python that brings its own ensurepip needs no package for it."""
    import importlib.util

    has_venv = importlib.util.find_spec("ensurepip") is not None
    return tuple(need for need in RUN if need.package != "python3-venv" or not has_venv)


def ensure(*, tests: bool = False) -> None:
    """Install what is missing, or print the one command that does and exit with 2."""
    missing = [need for need in (*python_needs(), NGINX_LIBRARY, *(TEST if tests else ())) if not need.is_there()]
    if not missing:
        return
    print("These Debian packages are missing and will be installed:", flush=True)
    for need in missing:
        print(f"  {need.package:24} {need.why}", flush=True)
    names = [need.package for need in missing]
    prefix = _privilege()
    if prefix is None or shutil.which("apt-get") is None:
        print("\nRun this once, then start again:\n  sudo apt-get install --no-install-recommends " + " ".join(names))
        sys.exit(2)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    quiet = ["-qq", "-o=Dpkg::Use-Pty=0"]
    subprocess.run([*prefix, "apt-get", *quiet, "update"], check=True, env=environment)
    subprocess.run(
        [*prefix, "apt-get", *quiet, "install", "-y", "--no-install-recommends", *names], check=True, env=environment,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


def _privilege() -> list[str] | None:
    """Return how to become root: not at all, by sudo without a password, or None."""
    if os.getuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
    return None


def nginx(data: Path) -> str:
    """Return nginx: the machine's own, or Debian's package unpacked (installing it would start a service)."""
    return unpacked(data, "nginx", "usr/sbin/nginx")


def dump_program(data: Path) -> str:
    """Return mariadb-dump: the machine's own, or unpacked (its package would bring a Perl that nothing here needs)."""
    return unpacked(data, "mariadb-client", "usr/bin/mariadb-dump")


def unpacked(data: Path, package: str, path: str) -> str:
    """Return a program of the machine, or of Debian's package unpacked into ``data/tools`` and not installed."""
    try:
        return program(Path(path).name)
    except FileNotFoundError:
        pass
    folder = data / "tools"
    found = folder / path
    if not found.exists():
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(["apt-get", "download", package], cwd=folder, capture_output=True, check=False)
        if done.returncode != 0:
            _update_lists()
            subprocess.run(["apt-get", "download", package], cwd=folder, check=True, capture_output=True)
        archive = next(folder.glob(f"{package}_*.deb"))
        subprocess.run(["dpkg", "-x", str(archive), str(folder)], check=True)
        archive.unlink()
    return str(found)


def _update_lists() -> None:
    prefix = _privilege()
    if prefix is None:
        print("Run this once, then start again:\n  sudo apt-get update")
        sys.exit(2)
    subprocess.run([*prefix, "apt-get", "-qq", "update"], check=True)
