"""The processes of an instance, as its supervisor runs them."""

import os
from dataclasses import dataclass

from deploy.environment import python, python_path
from deploy.layout import ROOT, SERVERS, Instance, mail_port
from deploy.packages import nginx
from deploy.render import write_nginx
from deploy.servers import mariadb_command, redis_program

PROGRAM = """
[program:{name}]
command={command}
directory={root}
autostart={autostart}
autorestart=true
startsecs=1
startretries=999
stopwaitsecs={wait}
stopasgroup=false
killasgroup=true
priority={priority}
redirect_stderr=true
stdout_logfile={data}/log/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=3
environment={environment}
"""


@dataclass(frozen=True)
class Program:
    """One process: its command, when it starts, how long it may take to stop."""

    name: str
    command: str
    priority: int
    server: bool = False
    wait: int = 15


def programs_of(instance: Instance) -> list[Program]:
    """Return all processes of the instance: servers first, then ours, the entry last."""
    found = [Program("mariadb", " ".join(mariadb_command(instance)), 10, server=True, wait=60)]
    redis = redis_program(instance)
    found += [
        Program(f"redis-{role}", f"{redis} {instance.data}/redis-{role}.conf", 20, server=True) for role in SERVERS
    ]
    run = python()
    found += [
        Program("realtime", f"{run} -m workers.realtime", 30),
        Program("office", f"{run} -m workers.office", 40, wait=60),
        Program("nginx", f"{nginx(instance.data)} -p {instance.data} -c {instance.data}/nginx.conf", 50),
    ]
    if instance.demo:
        sink = f"{run} -m erp.kernel.paper.sink --port {mail_port(instance.port)} --folder {instance.data}/mail"
        found.append(Program("mailsink", sink, 40))
    return found


def write_configuration(instance: Instance) -> list[Program]:
    """Write nginx's and the supervisor's configuration from the templates beside this file."""
    environment = ",".join(
        f'{key}="{value.replace("%", "%%")}"' for key, value in sorted(instance.environment().items())
    )
    environment += ',SPT_NOENV="1",PYTHONUNBUFFERED="1",PYTHONDONTWRITEBYTECODE="",PYTHONPATH="' + python_path() + '"'
    programs = programs_of(instance)
    sections = "".join(
        PROGRAM.format(
            name=one.name, command=one.command.replace("%", "%%"), root=ROOT, autostart="false", wait=one.wait,
            priority=one.priority, data=instance.data,
            environment=environment,
        )
        for one in programs
    )  # fmt: skip
    # The lower number starts first and stops last: a worker without its Redis would wait for it instead of ending.
    for priority, (group, server) in enumerate((("servers", True), ("product", False)), 1):
        names = ",".join(one.name for one in programs if one.server is server)
        sections += f"\n[group:{group}]\nprograms={names}\npriority={priority}\n"
    template = (ROOT / "deploy" / "supervisor.conf.template").read_text()
    path = instance.data / "supervisor.conf"
    path.touch(mode=0o600)
    path.write_text(template.format(data=instance.data, run=instance.run, programs=sections))
    _write_nginx(instance)
    return programs


def _write_nginx(instance: Instance) -> None:
    (instance.data / "nginx-temp").mkdir(exist_ok=True)
    write_nginx(
        instance.data, run=instance.run, data=instance.data, files=instance.data / "files",
        listen=f"127.0.0.1:{instance.port}", user="root" if os.getuid() == 0 else "",
        login_rate="300r/m" if instance.demo else "30r/m", alone=True,
    )  # fmt: skip
