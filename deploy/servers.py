"""Private servers: MariaDB and Redis with their own data, sockets and secrets; no system service is touched."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from deploy.layout import SERVERS, Instance, program

MARIADB = """[mysqld]
datadir={data}/mariadb
socket={socket}
pid-file={run}/mariadb.pid
log-error={data}/log/mariadb.log
skip-networking
skip-name-resolve
character-set-server=utf8mb4
collation-server=utf8mb4_uca1400_as_ci
default-time-zone=+00:00
performance_schema=OFF
innodb_buffer_pool_size={pool}
innodb_log_file_size={log}
innodb_log_buffer_size=4M
query_cache_size=0
query_cache_type=0
innodb_flush_log_at_trx_commit={flush}
sync_binlog={sync}
log_bin={data}/mariadb/binlog
binlog_format=ROW
gtid_strict_mode=1
expire_logs_days=14
transaction_isolation=READ-COMMITTED
innodb_snapshot_isolation=ON
innodb_rollback_on_timeout=ON
innodb_lock_wait_timeout=5
innodb_print_all_deadlocks=ON
lock_wait_timeout=10
idle_transaction_timeout=120
innodb_ft_min_token_size=1
innodb_ft_enable_stopword=OFF
local_infile=0
secure_file_priv={data}/no-files
tmpdir={data}/mariadb-tmp
max_connections=80
max_allowed_packet=64M
key_buffer_size=1M
aria_pagecache_buffer_size=1M
table_open_cache=800
sql_mode=STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION,ONLY_FULL_GROUP_BY
"""

REDIS = """port 0
unixsocket {socket}
unixsocketperm 700
dir {data}/redis-{role}
logfile {data}/log/redis-{role}.log
save ""
appendonly {aof}
appendfsync everysec
maxmemory-policy {policy}
maxmemory {memory}
daemonize no
"""


def write_configuration(instance: Instance) -> None:
    """Write the servers' configuration files into the data folder."""
    instance.prepare()
    durable = not instance.fast
    for folder in ("no-files", "mariadb-tmp"):  # a server empties its temporary folder of another's tables at start
        (instance.data / folder).mkdir(exist_ok=True)
    text = MARIADB.format(
        data=instance.data, run=instance.run, socket=instance.socket("mariadb"), pool="96M" if durable else "64M",
        log="64M" if durable else "32M", flush=1 if durable else 0, sync=1 if durable else 0,
    )  # fmt: skip
    (instance.data / "mariadb.cnf").write_text(text)
    for role in SERVERS:
        (instance.data / f"redis-{role}").mkdir(exist_ok=True)
        queue = role == "queue"
        config = REDIS.format(
            data=instance.data, role=role, socket=instance.socket(f"redis-{role}"), aof="yes" if queue else "no",
            policy="noeviction" if queue else "allkeys-lru", memory="256mb" if queue else "64mb",
        )  # fmt: skip
        (instance.data / f"redis-{role}.conf").write_text(config)


def redis_program(instance: Instance) -> str:
    """Return the Redis server; Debian's redis-tools carries it under another name."""
    try:
        return program("redis-server", "valkey-server")
    except FileNotFoundError:
        link = instance.data / "redis-server"
        if not link.exists():
            link.symlink_to(program("redis-check-rdb"))
        return str(link)


def mariadb_command(instance: Instance) -> list[str]:
    """Return the command that runs the database server."""
    command = [program("mariadbd", "mysqld"), f"--defaults-file={instance.data}/mariadb.cnf"]
    return [*command, "--user=root"] if os.getuid() == 0 else command


def initialise_database(instance: Instance) -> None:
    """Make an empty data directory once; a half-made one is made again."""
    done = instance.data / "mariadb" / ".initialised"
    if done.exists():
        return
    shutil.rmtree(instance.data / "mariadb", ignore_errors=True)
    (instance.data / "mariadb").mkdir()
    command = [
        program("mariadb-install-db"), f"--defaults-file={instance.data}/mariadb.cnf", "--skip-test-db",
        "--auth-root-authentication-method=normal", f"--datadir={instance.data}/mariadb",
    ]  # fmt: skip
    if os.getuid() == 0:
        command.append("--user=root")
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    done.touch()


def run_sql(instance: Instance, statements: str) -> None:
    """Run statements as the database's root, through its private socket."""
    command = [program("mariadb", "mysql"), f"--socket={instance.socket('mariadb')}", "-uroot"]
    subprocess.run(command, input=statements.encode(), check=True, capture_output=True)


def wait_for_database(instance: Instance, seconds: float = 30) -> None:
    """Return when the database answers; raise ``TimeoutError`` with the end of its log."""
    command = [program("mariadb", "mysql"), f"--socket={instance.socket('mariadb')}", "-uroot", "-e", "SELECT 1"]
    ends = time.monotonic() + seconds
    while subprocess.run(command, capture_output=True, check=False).returncode != 0:
        if time.monotonic() > ends:
            log = instance.data / "log" / "mariadb.log"
            raise TimeoutError(
                "MariaDB does not answer:\n" + "\n".join(log.read_text(errors="replace").splitlines()[-15:])
            )
        time.sleep(0.1)


def make_users(instance: Instance, database: str = "daifuku") -> None:
    """Make the database and its two users: one with DDL, one whose table rights ``erp migrate`` grants."""
    migrate, runtime = instance.secret("database-daifuku_migrate"), instance.secret("database-daifuku")
    run_sql(
        instance,
        f"""CREATE DATABASE IF NOT EXISTS `{database}` CHARACTER SET utf8mb4 COLLATE utf8mb4_uca1400_as_ci;
        CREATE USER IF NOT EXISTS daifuku_migrate@localhost IDENTIFIED BY '{migrate}';
        ALTER USER daifuku_migrate@localhost IDENTIFIED BY '{migrate}';
        CREATE USER IF NOT EXISTS daifuku@localhost IDENTIFIED BY '{runtime}';
        ALTER USER daifuku@localhost IDENTIFIED BY '{runtime}';
        GRANT ALL PRIVILEGES ON `{database}`.* TO daifuku_migrate@localhost WITH GRANT OPTION;""",
    )


class Servers:
    """MariaDB and Redis started by hand, for tests and trials; ``stop`` ends exactly what ``start`` began."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> "Servers":
        """Start all servers and return when the database answers."""
        write_configuration(self.instance)
        initialise_database(self.instance)
        log = (self.instance.data / "log" / "servers.log").open("ab")
        commands = [mariadb_command(self.instance)]
        redis = redis_program(self.instance)
        commands += [[redis, str(self.instance.data / f"redis-{role}.conf")] for role in SERVERS]
        for command in commands:
            self.processes.append(subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True))
        wait_for_database(self.instance)
        return self

    def stop(self) -> None:
        """Stop what was started and remove its sockets."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.instance.run, ignore_errors=True)


def remove(folder: Path) -> None:
    """Remove a data folder, if it is one of ours."""
    if (folder / ".daifuku").exists():
        shutil.rmtree(folder)
