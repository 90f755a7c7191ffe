"""``bin/dev``: from nothing to a running product in the foreground."""

import argparse
import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO

from deploy import environment, packages, servers
from deploy.layout import ROOT, Instance
from deploy.programs import write_configuration

LOGINS = "admin, sales, approver, accounts, stock, buyer - password: daifuku-demo"


def arguments(given: list[str]) -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="bin/dev", description="Start Daifuku from nothing, in the foreground.")
    parser.add_argument("--port", type=int, default=8000, help="the one port for browsers (8000)")
    parser.add_argument("--data", type=Path, default=ROOT / "var", help="data folder (var)")
    parser.add_argument("--no-demo", action="store_true", help="an empty installation, without demo data")
    parser.add_argument("--fresh", action="store_true", help="throw the data folder away first")
    return parser.parse_args(given)


class Supervisor:
    """The supervisor of one instance, as a child of this process."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.process: subprocess.Popen[bytes] | None = None
        self.configuration = str(instance.data / "supervisor.conf")

    def start(self) -> None:
        """Start the supervisor; end one that an interrupted start left behind."""
        self.stop_stale()
        command = [environment.python(), "-m", "supervisor.supervisord", "-c", self.configuration]
        log = (self.instance.data / "log" / "supervisor.out").open("ab")
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        socket = self.instance.run / "supervisor.sock"
        ends = time.monotonic() + 15
        while not socket.exists():
            if time.monotonic() > ends or self.process.poll() is not None:
                sys.exit("The supervisor did not start; see " + str(self.instance.data / "log" / "supervisor.out"))
            time.sleep(0.05)

    def stop_stale(self) -> None:
        """End processes of this data folder that outlived their supervisor, and remove what they left."""
        for pid in owned_processes(self.instance):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        ends = time.monotonic() + 20
        while (left := owned_processes(self.instance)) and time.monotonic() < ends:
            time.sleep(0.1)
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for path in self.instance.run.glob("*"):
            with contextlib.suppress(OSError):
                path.unlink()

    def control(self, *words: str) -> None:
        """Ask the supervisor to start or stop programs."""
        command = [environment.python(), "-m", "supervisor.supervisorctl", "-c", self.configuration, *words]
        subprocess.run(command, cwd=ROOT, check=False, capture_output=True)

    def stop(self) -> None:
        """Stop every process and wait for the last one."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(90)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.stop_stale()
        with contextlib.suppress(OSError):
            self.instance.run.rmdir()


def owned_processes(instance: Instance) -> list[int]:
    """Return the processes that run on this data folder: their command or their environment names it."""
    found = []
    marks = (f"{instance.data}/".encode(), f"ERP_DATA={instance.data}\0".encode())
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) in {os.getpid(), os.getppid()}:
            continue
        with contextlib.suppress(OSError):
            command = (entry / "cmdline").read_bytes()
            if b"deploy.dev" in command:
                continue
            ours = b"supervisord" in command or b"mariadbd" in command or b"redis" in command or b"nginx" in command
            if (ours and marks[0] in command.replace(b"\0", b" ")) or marks[1] in (
                entry / "environ"
            ).read_bytes() + b"\0":
                if is_server(command):
                    found.append(int(entry.name))
    return found


def is_server(command: bytes) -> bool:
    """Return whether a command line is one of our long-running processes, not a shell or an operator's command."""
    names = (
        b"supervisord",
        b"mariadbd",
        b"redis",
        b"nginx",
        b"gunicorn",
        b"workers.",
        b"daifuku ",
        b"erp.kernel.paper.sink",
    )
    return any(name in command for name in names)


def erp(instance: Instance, *words: str) -> int:
    """Run the operator's command on this instance."""
    command = [environment.python(), "-m", "erp.kernel.cli", *words]
    values = {**os.environ, **instance.environment(), "PYTHONPATH": environment.python_path(), **environment.BYTECODE}
    return subprocess.run(command, cwd=ROOT, env=values, check=False).returncode


def wait_until_ready(instance: Instance, seconds: float = 240) -> None:
    """Return when the login page answers through nginx."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with contextlib.suppress(urllib.error.URLError, OSError):
            with urllib.request.urlopen(f"http://127.0.0.1:{instance.port}/login", timeout=2) as answer:
                if answer.status == 200:
                    return
        time.sleep(0.1)
    sys.exit(f"The login page does not answer; see {instance.data / 'log'}")


def bring_up(instance: Instance, supervisor: Supervisor) -> None:
    """Start servers, migrate, load the demo once, start the product."""
    supervisor.start()
    supervisor.control("start", "servers:*")
    servers.wait_for_database(instance)
    servers.make_users(instance)
    if erp(instance, "migrate", "--quiet") != 0:
        supervisor.stop()
        sys.exit("The database could not be migrated.")
    supervisor.control("start", "product:*")
    if instance.demo and not (instance.data / "demo-loaded").exists():
        if erp(instance, "demo", "load") != 0:
            supervisor.stop()
            sys.exit("The demo data could not be loaded.")
        (instance.data / "demo-loaded").touch()
    wait_until_ready(instance)


def keep_up(instance: Instance, supervisor: Supervisor) -> None:
    """Return when the supervisor was told to end; one that was killed is started again, with all its processes."""
    while supervisor.process is not None:
        ended = supervisor.process.poll()
        if ended == 0:
            return
        if ended is not None:
            print("The supervisor was killed: everything is started again.", flush=True)
            bring_up(instance, supervisor)
            print(f"ready http://127.0.0.1:{instance.port}", flush=True)
        time.sleep(0.5)


def alone(instance: Instance, seconds: float = 60) -> IO[bytes]:
    """Return the lock of the data folder; wait for a start that is just ending, refuse beside one that runs."""
    opened = (instance.data.parent / f".{instance.data.name}.lock").open("wb")
    ends = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > ends:
                sys.exit(f"Another bin/dev runs on {instance.data}. Stop it, or choose another --data and --port.")
            time.sleep(0.2)
        else:
            return opened


def main() -> None:
    """Start, say that it is ready, wait for the end, stop."""
    asked = arguments(sys.argv[1:])
    instance = Instance(asked.data.resolve(), asked.port, demo=not asked.no_demo)
    packages.ensure()
    environment.ensure()
    instance.prepare()
    lock = alone(instance)
    supervisor = Supervisor(instance)
    if asked.fresh:
        supervisor.stop_stale()
        servers.remove(instance.data)
    servers.write_configuration(instance)
    write_configuration(instance)
    packages.dump_program(instance.data)
    instance.write_environment()
    servers.initialise_database(instance)

    def stopped(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stopped)
    try:
        bring_up(instance, supervisor)
        print(f"ready http://127.0.0.1:{instance.port}", flush=True)
        print(LOGINS if instance.demo else "No users yet: open the page, it leads through the first steps.", flush=True)
        keep_up(instance, supervisor)
    except KeyboardInterrupt:
        print("stopping", flush=True)
    finally:
        supervisor.stop()
        lock.close()


if __name__ == "__main__":
    main()
