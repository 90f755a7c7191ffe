"""The same rows as a posting writes, by hand: parameterised statements of the bare driver in one durable transaction."""

from dataclasses import dataclass, field
from typing import Any

from erp.kernel.uid import new_uid
from tests.load.company import Scratch
from tests.load.instance import Instance

Row = dict[str, Any]
PATTERN = {
    "sales_invoice": "id = %(id)s",
    "sales_invoice_line": "sales_invoice_id = %(id)s",
    "audit_entry": "kind = 'sales_invoice' AND record_id = %(id)s ORDER BY id",
    "issued_number": "kind = 'sales_invoice' AND record_id = %(id)s",
    "open_item": "voucher_kind = 'sales_invoice' AND voucher_id = %(id)s",
    "ledger_entry": "voucher_kind = 'sales_invoice' AND voucher_id = %(id)s ORDER BY seq",
    "search_entry": "kind = 'sales_invoice' AND record_id = %(id)s",
}
"""Every table to which a posting adds rows, and which rows are those of one posting."""


@dataclass
class ByHand:
    """What a posting of this invoice wrote, to be written again and again with keys and numbers of its own."""

    connection: Any
    company: int
    rows: dict[str, list[Row]] = field(default_factory=dict)

    @classmethod
    def like(cls, instance: Instance, company: Scratch, record_id: int) -> "ByHand":
        """Read the rows of a posted invoice."""
        found = cls(instance.database(), company.id)
        with found.connection.cursor() as cursor:
            for table, condition in PATTERN.items():
                cursor.execute(f"SELECT * FROM {table} WHERE {condition}", {"id": record_id})
                names = [column[0] for column in cursor.description]
                found.rows[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        found.connection.commit()
        return found

    def write(self) -> int:
        """Write a whole voucher in one transaction and return its id; every statement is one that posting needs."""
        connection, head = self.connection, self.rows["sales_invoice"][0]
        with connection.cursor() as cursor:
            series = self.rows["issued_number"][0]["series_id"]
            cursor.execute(BALANCE, (self.company, head["customer_id"], head["total"]))
            cursor.execute("UPDATE number_series SET last = LAST_INSERT_ID(last + 1) WHERE id = %s", (series,))
            n = cursor.lastrowid
            number = f"{head['number'][:-5]}{n:05}"
            record = self._add(cursor, "sales_invoice", uid=new_uid().bytes, number=number)
            lines = self._add_all(cursor, "sales_invoice_line", sales_invoice_id=record, uid=None)
            self._add_all(cursor, "audit_entry", record_id=record)
            self._add(cursor, "issued_number", n=n, number=number, record_id=record)
            key = f"sales_invoice:{record}:1"
            self._add(cursor, "open_item", key=key, voucher_id=record, voucher_number=number)
            self._add(cursor, "search_entry", record_id=record, title=number)
            self._entries(cursor, record, number, lines, key)
        connection.commit()
        return record

    def _entries(self, cursor: Any, record: int, number: str, first_line: int, key: str) -> None:
        """Write the ledger entries under the lock of the company's head."""
        entries = self.rows["ledger_entry"]
        lines = [row["id"] for row in self.rows["sales_invoice_line"]]
        cursor.execute(HEAD, (len(entries), self.company))
        seq = cursor.lastrowid - len(entries)
        rows = []
        for place, entry in enumerate(entries, 1):
            line = entry["voucher_line_id"]
            rows.append(
                {
                    **entry, "seq": seq + place, "uid": new_uid().bytes, "voucher_id": record, "voucher_number": number,
                    "open_item": key if entry["open_item"] else None,
                    "voucher_line_id": first_line + lines.index(line) if line else None,
                }
            )  # fmt: skip
        _insert(cursor, "ledger_entry", rows)

    def _add(self, cursor: Any, table: str, **changed: Any) -> int:
        return _insert(cursor, table, [{**self.rows[table][0], **changed}])

    def _add_all(self, cursor: Any, table: str, **changed: Any) -> int:
        rows = [{**row, **changed} for row in self.rows[table]]
        if "uid" in changed:
            rows = [{**row, "uid": new_uid().bytes} for row in rows]
        return _insert(cursor, table, rows)


BALANCE = (
    "INSERT INTO party_balance (company_id, party_kind, party_id, balance) VALUES (%s, 'customer', %s, %s) "
    "ON DUPLICATE KEY UPDATE balance = balance + VALUES(balance)"
)
HEAD = "UPDATE ledger_head SET seq = LAST_INSERT_ID(seq + %s) WHERE company_id = %s"


def _insert(cursor: Any, table: str, rows: list[Row]) -> int:
    """Insert rows in one statement; return the id of the first."""
    names = [name for name in rows[0] if name != "id"]
    signs = ", ".join(["%s"] * len(names))
    columns = ", ".join(f"`{name}`" for name in names)
    statement = f"INSERT INTO {table} ({columns}) VALUES {', '.join([f'({signs})'] * len(rows))}"
    cursor.execute(statement, [row[name] for row in rows for name in names])
    return int(cursor.lastrowid or 0)
