"""``bin/test fresh``: proof in a minimal Debian 12 that both commands need nothing but ``python3`` and what apt brings.

A folder made by debootstrap, entered by chroot, as root and as an ordinary user. Needs root and debootstrap. The network
settings of this machine (package sources, certificates, proxies) are taken over, nothing else.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from deploy.layout import ROOT, program

NETWORK = (
    "etc/apt/sources.list", "etc/apt/sources.list.d", "etc/apt/apt.conf.d", "etc/apt/auth.conf.d", "etc/apt/keyrings",
    "usr/share/keyrings", "etc/resolv.conf", "etc/hosts", "etc/ssl/certs", "usr/local/share/ca-certificates",
    "etc/pip.conf", "usr/share/ca-certificates",
)  # fmt: skip
PASSED_ON = (
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "PIP_CERT",
    "SSL_CERT_FILE",
)
USER = "tester"


def mirror() -> str:
    """Return the package source of this machine."""
    for path in [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]:
        for line in path.read_text(errors="replace").splitlines() if path.is_file() else []:
            words = line.split()
            if words[:1] == ["URIs:"] and words[1].rstrip("/").endswith("/debian"):
                return words[1]
            if words[:1] == ["deb"] and "/debian" in line:
                return next(word for word in words if "://" in word)
    return "http://deb.debian.org/debian"


def make(target: Path) -> None:
    """Make the minimal Debian, with this machine's way to the network and one ordinary user."""
    subprocess.run(
        [program("debootstrap"), "--variant=minbase", "--include=python3,ca-certificates,git", "bookworm", str(target), mirror()],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    for name in NETWORK:
        source, goal = Path("/") / name, target / name
        if source.exists():
            goal.parent.mkdir(parents=True, exist_ok=True)
            whole = ["-T"] if source.is_dir() else ["-L"]
            subprocess.run(["cp", "-a", "--remove-destination", *whole, str(source), str(goal)], check=True)
    inside(target, "useradd", "-m", USER)
    for goal in ("root", f"home/{USER}"):
        subprocess.run(["git", "clone", "-q", f"file://{ROOT}", str(target / goal / "daifuku")], check=True)
    inside(target, "chown", "-R", f"{USER}:{USER}", f"/home/{USER}")


def inside(target: Path, *command: str, user: str = "root") -> int:
    """Run a command inside, showing what it prints; return its exit code."""
    home = "/root" if user == "root" else f"/home/{user}"
    values = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home, "LANG": "C.UTF-8", "TMPDIR": "/tmp", "CI": "true",
        **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
    }  # fmt: skip
    as_user = (
        [] if user == "root" else ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--inh-caps=-all"]
    )
    enter = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "chroot", str(target), "/bin/sh", "-c"]
    words = shlex.join(command)
    mounts = "mount -t proc proc /proc && mount -t tmpfs tmpfs /dev/shm 2>/dev/null"
    script = f"{mounts}; cd {home}/daifuku 2>/dev/null; exec {' '.join(as_user)} {words}"
    return subprocess.run([*enter, script], env=values, check=False).returncode


START = (
    "import subprocess, sys, time\n"
    "t = time.time()\n"
    "p = subprocess.Popen(['bin/dev', *sys.argv[1:]], stdout=subprocess.PIPE, text=True)\n"
    "seen = False\n"
    "for line in p.stdout:\n"
    "    print(line, end='', flush=True)\n"
    "    if line.startswith('ready'):\n"
    "        seen = True\n"
    "        print(f'ready after {time.time() - t:.0f} s', flush=True)\n"
    "        p.terminate()\n"
    "sys.exit(0 if seen and p.wait() == 0 else 1)\n"
)


def steps(target: Path) -> list[tuple[str, int]]:
    """Run both commands as root, then as an ordinary user on the same machine; return the exit codes."""
    found = []
    for user in ("root", USER):
        for name, words in (
            ("empty", ["--no-demo", "--port", "8311"]),
            ("demo", ["--port", "8312", "--data", "demo-data"]),
        ):
            started = time.monotonic()
            code = inside(target, "python3", "-c", START, *words, user=user)
            print(f"--- bin/dev, {name}, as {user}: {code} ({time.monotonic() - started:.0f} s)", flush=True)
            found.append((f"bin/dev {name} {user}", code))
        code = inside(target, "bin/test", "tests/accounts", "tests/kernel/work", user=user)
        print(f"--- bin/test as {user}: {code}", flush=True)
        found.append((f"bin/test {user}", code))
    return found


def main() -> None:
    """Make the machine, try both commands, close with the counts."""
    if os.getuid() != 0 or shutil.which("debootstrap") is None:
        print("bin/test fresh needs root and debootstrap: apt-get install debootstrap")
        print("0 passed, 1 failed, 0 skipped")
        sys.exit(1)
    target = Path(tempfile.mkdtemp(prefix="daifuku-fresh-"))
    target.chmod(0o755)
    try:
        make(target)
        found = steps(target)
    finally:
        if "--keep" not in sys.argv:
            shutil.rmtree(target, ignore_errors=True)
    failed = sum(1 for _name, code in found if code != 0)
    print(f"{len(found) - failed} passed, {failed} failed, 0 skipped")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
