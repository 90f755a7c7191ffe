"""Run the acceptance cases against a private server: ``erp conformance`` on a fresh database."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.layout import Instance
from deploy.servers import Servers, make_users


def main() -> int:
    """Start servers, migrate, run the cases, stop; return the command's exit code."""
    data = Path(tempfile.mkdtemp(prefix="daifuku-cases-"))
    instance = Instance(data, fast=True)
    servers = Servers(instance).start()
    try:
        make_users(instance)
        environment = {**os.environ, **instance.environment(), "ERP_LOG_LEVEL": "ERROR"}
        erp = [sys.executable, "-m", "erp.kernel.cli"]
        subprocess.run([*erp, "migrate", "--quiet"], check=True, env=environment)
        return subprocess.run([*erp, "conformance", *sys.argv[1:]], check=False, env=environment).returncode
    finally:
        servers.stop()
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
