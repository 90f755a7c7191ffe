"""The virtual environment: made once, from lock files with hashes."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from deploy.layout import ROOT

VENV = ROOT / ".venv"
UV = "uv==0.13.9"
BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}
"""Compiled modules are kept, whatever the caller's habit: compiling at each start costs seconds, and 25 MB a process."""


def python() -> str:
    """Return the environment's Python."""
    return str(VENV / "bin" / "python")


def python_path() -> str:
    """Return where Python looks for modules: the checkout first, then what the caller added (an app under trial)."""
    added = [one for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one and one != str(ROOT)]
    return os.pathsep.join([str(ROOT), *added])


def ensure(*, tests: bool = False) -> None:
    """Make the environment match its lock file; nothing happens when it does already."""
    lock = ROOT / ("requirements-dev.lock" if tests else "requirements.lock")
    stamp = VENV / ".lock"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and wanted in stamp.read_text().split():
        return
    print(f"Python packages: installing from {lock.name}", flush=True)
    if not Path(python()).exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    _install(lock)
    subprocess.run([python(), "-c", LINK, str(ROOT), str(VENV)], check=True)
    known = stamp.read_text().split() if stamp.exists() and tests is False else []
    lines = {wanted, *known}
    if tests:
        lines.add(hashlib.sha256((ROOT / "requirements.lock").read_bytes()).hexdigest())
    stamp.write_text("\n".join(sorted(lines)))


def _install(lock: Path) -> None:
    """Install with uv, which is quick; with pip where uv cannot be had."""
    quiet = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_LINK_MODE": "copy"}
    subprocess.run([python(), "-m", "ensurepip"], check=False, env=quiet, capture_output=True)
    has_uv = subprocess.run([python(), "-m", "pip", "install", "-q", UV], check=False, env=quiet).returncode == 0
    if has_uv:
        command = [
            python(),
            "-m",
            "uv",
            "pip",
            "install",
            "-q",
            "--python",
            python(),
            "--require-hashes",
            "-r",
            str(lock),
        ]
        if subprocess.run(command, check=False, env=quiet).returncode == 0:
            return
    subprocess.run([python(), "-m", "pip", "install", "-q", "--require-hashes", "-r", str(lock)], check=True, env=quiet)


LINK = """
import pathlib, sys, sysconfig
root, venv = map(pathlib.Path, sys.argv[1:])
pathlib.Path(sysconfig.get_path("purelib"), "daifuku.pth").write_text(f"{root}\\n")
command = venv / "bin" / "erp"
command.write_text(f"#!{venv}/bin/python\\nimport sys\\nfrom erp.kernel.cli import main\\nsys.exit(main())\\n")
command.chmod(0o755)
"""
"""Puts the checkout on the path and the ``erp`` command beside Python: editable, without a build."""
