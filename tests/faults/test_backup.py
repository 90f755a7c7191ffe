"""A backup of one instance, brought back in another: the same books, the same files, the same people."""

import hashlib
import http.client
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from erp.settings import read_file
from tests.faults.client import Program, invoice, signed_in
from tests.faults.conftest import Running, free_port

MOVING = {"process_heartbeat", "schedule_run", "task"}
"""What a running product writes without being asked."""
BOOKS = {"audit_entry", "issued_number", "ledger_entry"}


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Running]:
    """A second, fresh instance beside the first one."""
    running = Running(tmp_path / "other", free_port())
    running.start()
    yield running
    running.stop()


def tables(instance: Running) -> dict[str, tuple[int, str]]:
    """Return how many rows each table has, and a checksum of them all."""
    engine = create_engine(read_file(instance.data / "env")["ERP_DATABASE_MIGRATE_URL"])
    found = {}
    with engine.connect() as connection:
        for name in sorted(set(inspect(connection).get_table_names()) - MOVING):
            rows = sorted(repr(tuple(row)) for row in connection.execute(text(f"SELECT * FROM `{name}`")))
            found[name] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    engine.dispose()
    return found


def files(instance: Running) -> dict[str, str]:
    """Return the checksum of each attachment."""
    folder = instance.data / "files"
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def attach(program: Program, path: str, name: str, content: bytes) -> None:
    """Attach a file to a record."""
    head = (
        f'--cut\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'
    )
    connection = http.client.HTTPConnection("127.0.0.1", program.port, timeout=20)
    headers = {"Authorization": f"Bearer {program.token}", "Content-Type": "multipart/form-data; boundary=cut"}
    connection.request("POST", f"/api/v1{path}", head.encode() + content + b"\r\n--cut--\r\n", headers)
    answer = connection.getresponse()
    assert answer.status == 201, answer.read()
    connection.close()


def test_a_backup_is_brought_back_in_another_fresh_instance(
    instance: Running, program: Program, other: Running, tmp_path: Path
):
    instance.wait(instance.is_well, 60)
    made = [program.insist("POST", "/sales-invoices?submit=1", invoice(8), f"backup-{n}") for n in range(3)]
    customer = program.insist("GET", "/customers?code=C1")["data"][0]["id"]
    attach(program, f"/customers/{customer}/files", "terms.txt", b"thirty days")
    program.insist("GET", f"/sales-invoices/{made[0]['id']}/print.pdf")

    backed_up = instance.erp("backup", str(tmp_path / "kept"))
    assert backed_up.returncode == 0, backed_up.stderr
    books, kept = tables(instance), files(instance)
    assert all(books[name][0] > 0 for name in BOOKS)
    assert b"thirty days" in [(instance.data / "files" / name).read_bytes() for name in kept]
    assert tables(other)["sales_invoice"][0] == 0

    restored = other.erp("restore", str(tmp_path / "kept"), "--yes")
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "0 failed" in restored.stdout
    other.stop()
    other.start()

    assert {name for name, found in tables(other).items() if books[name] != found} == set()
    assert files(other) == kept
    audit = json.loads(other.erp("audit", "--json").stdout)
    assert [one["name"] for one in audit["checks"] if not one["ok"]] == []
    assert made[0]["number"] in signed_in(other.port).get(f"/sales-invoices/{made[0]['id']}")
    again = Program(other.port, program.token)
    first, second = (again.insist("GET", f"/sales-invoices/{one['id']}/ledger") for one in made[:2])
    assert len(first["entries"]) == len(second["entries"]) == 2
    following = again.insist("POST", "/sales-invoices?submit=1", invoice(9), "after the restore")
    assert int(following["number"][-5:]) == int(made[-1]["number"][-5:]) + 1
    assert instance.is_well(), "the first instance goes on beside the second"


def test_a_damaged_backup_is_refused_and_nothing_is_replaced(instance: Running, program: Program, tmp_path: Path):
    instance.wait(instance.is_well, 60)
    assert instance.erp("backup", str(tmp_path / "kept")).returncode == 0
    (made,) = (tmp_path / "kept").iterdir()
    assert made.stat().st_mode & 0o077 == 0
    with (made / "database.sql").open("ab") as dump:
        dump.write(b"DROP TABLE ledger_entry;")
    before = tables(instance)
    refused = instance.erp("restore", str(made), "--yes")
    assert (refused.returncode, refused.stderr) == (1, "erp: damaged or missing: database.sql\n")
    assert instance.erp("restore", str(tmp_path), "--yes").stderr.startswith("erp: there is no complete backup in")
    assert tables(instance) == before
