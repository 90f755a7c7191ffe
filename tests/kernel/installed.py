"""An extension app installed as packages are: a folder on the path with its own ``dist-info``."""

import os
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from deploy.layout import ROOT

SITE = Path(__file__).parent / "extension" / "site"


class Installed:
    """An instance whose Python finds the extension app, with a database of its own."""

    def __init__(self, site: Path, settings: dict[str, str]) -> None:
        own = {key: value for key, value in os.environ.items() if not key.startswith("ERP_")}
        self.environment = {**own, **settings, "PYTHONPATH": f"{site}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *words]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)

    def erp(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "erp.kernel.cli", *words)

    def start(self, module: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", module], cwd=ROOT, env=self.environment)


def speak_japanese(site: Path, words: dict[str, str]) -> None:
    """Write the app's own catalogue."""
    catalogue = Catalog(locale="ja")
    for english, japanese in words.items():
        catalogue.add(english, japanese)
    folder = site / "lending" / "translations" / "ja" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
