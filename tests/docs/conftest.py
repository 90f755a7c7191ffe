"""A running product with its demo and the example app, found by its entry point as any installed app is.

``ERP_DOCS_DATA`` names the data folder of an instance that runs already with the app.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from erp.settings import read_file
from tests.browser.conftest import START_SECONDS, _free_port
from tests.docs.pages import EXAMPLE, ROOT, Block

PATIENCE_SECONDS = 120
SHOWN = "http://127.0.0.1:8000"


@dataclass
class Instance:
    """Where the product runs, and how a reader's shell and Python reach it."""

    data: Path
    apps: Path
    base: str

    @property
    def environment(self) -> dict[str, str]:
        mine = {key: value for key, value in os.environ.items() if not key.startswith(("ERP_", "PYTEST_"))}
        path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return {**mine, "ERP_DATA": str(self.data), "PYTHONPATH": f"{ROOT}{os.pathsep}{self.apps}", "PATH": path}

    def shown(self, text: str) -> str:
        """A block with the address of this instance in place of the usual one."""
        return text.replace(SHOWN, self.base)


class Page:
    """One reader, going through the blocks of one page."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.python: subprocess.Popen[str] | None = None

    def run(self, block: Block) -> str:
        """Run a block; return what it printed."""
        return self._python(block) if block.language == "python" else self._shell(block)

    def _shell(self, block: Block) -> str:
        command = ["bash", "-euo", "pipefail", "-c", self.instance.shown(block.text)]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.instance.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        assert done.returncode == 0, f"{block} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def _python(self, block: Block) -> str:
        if self.python is None:
            command = [sys.executable, "-m", "tests.docs.session"]
            pipe = subprocess.PIPE
            self.python = subprocess.Popen(
                command, cwd=ROOT, env=self.instance.environment, stdin=pipe, stdout=pipe, text=True
            )
        assert self.python.stdin is not None
        assert self.python.stdout is not None
        sent = {"name": str(block.page), "line": block.line, "code": self.instance.shown(block.text)}
        self.python.stdin.write(json.dumps(sent) + "\n")
        self.python.stdin.flush()
        line = self.python.stdout.readline()
        assert line, f"{block}: Python ended"
        answer = json.loads(line)
        assert not answer["error"], f"{block}\n{answer['error']}"
        return str(answer["printed"])

    def close(self) -> None:
        if self.python is not None:
            self.python.communicate(timeout=30)


@pytest.fixture
def page(instance: Instance) -> Iterator[Page]:
    one = Page(instance)
    yield one
    one.close()


@pytest.fixture(scope="session")
def instance() -> Iterator[Instance]:
    folder = Path(tempfile.mkdtemp(prefix="daifuku-docs-"))
    apps = installed(folder)
    given = os.environ.get("ERP_DOCS_DATA")
    if given:
        yield Instance(Path(given), apps, read_file(Path(given) / "env")["ERP_BASE_URL"])
        shutil.rmtree(folder)
        return
    data = folder / "data"
    own = {key: value for key, value in os.environ.items() if not key.startswith("ERP_")}
    process = subprocess.Popen(
        [str(ROOT / "bin" / "dev"), "--port", str(_free_port()), "--data", str(data)],
        env={**own, "PYTHONPATH": str(apps)}, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = next((line for line in process.stdout if line.startswith("ready ")), "")
        assert line, "bin/dev ended before it was ready"
        yield Instance(data, apps, line.split()[1].rstrip("/"))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def installed(folder: Path) -> Path:
    """Install the example app as a reader does, into a folder of its own, from a copy: building leaves traces."""
    source, target = folder / "source", folder / "apps"
    shutil.copytree(EXAMPLE, source)
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target"]
    subprocess.run([*command, str(target), str(source)], check=True)
    return target
