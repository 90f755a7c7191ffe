"""Tables in files: CSV as it really comes (UTF-8, BOM, Windows Japanese, Latin; comma, semicolon, tab) and XLSX."""

import csv
import importlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

ENCODINGS = ("utf-8-sig", "cp932", "latin-1")
DELIMITERS = ",;\t|"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
LARGEST_UNPACKED = 300_000_000
XLSX_MAGIC = b"PK\x03\x04"
UTF16 = (b"\xff\xfe", b"\xfe\xff")


class UnreadableTable(ValueError):
    """The file is no table that we can read; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file; ``number`` counts as the spreadsheet does, the header being 1."""

    number: int
    cells: dict[str, str]

    @property
    def is_blank(self) -> bool:
        """Return whether nobody wrote anything into it."""
        return not any(value.strip() for value in self.cells.values())


@dataclass(frozen=True, slots=True)
class Table:
    """A file with its header; ``rows`` is read once, as the file is."""

    header: tuple[str, ...]
    rows: Iterable[Row]


def read_table(content: bytes, name: str = "") -> Table:
    """Return the table in ``content``; raise ``UnreadableTable`` when it has no header or repeats a column."""
    if content[:4] == XLSX_MAGIC or Path(name).suffix.lower() == ".xlsx":
        lines: Iterator[Sequence[str]] = _xlsx(content)
    else:
        lines = _csv(content)
    header = tuple(cell.strip() for cell in next(lines, ()))
    while header and not header[-1]:
        header = header[:-1]
    if not any(header):
        raise UnreadableTable("the first row must name the columns")
    twice = sorted({title for title in header if title and header.count(title) > 1})
    if twice:
        raise UnreadableTable(f"the column occurs twice: {', '.join(twice)}")
    return Table(header, _rows(header, lines))


def _rows(header: tuple[str, ...], lines: Iterator[Sequence[str]]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=2):
        cells = {title: line[at] if at < len(line) else "" for at, title in enumerate(header) if title}
        row = Row(number, cells)
        if not row.is_blank:
            yield row


def _csv(content: bytes) -> Iterator[Sequence[str]]:
    text = decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=False)
    try:
        for line in reader:
            yield [typed_cell(cell) for cell in line]
    except csv.Error as error:
        raise UnreadableTable(f"line {reader.line_num}: {error}") from error


def decoded(content: bytes) -> str:
    """Return the text of a file, trying the encodings in the order in which they exclude each other."""
    if content[:2] in UTF16:
        return content.decode("utf-16")
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "cp932" or _is_japanese(text):
            return text
    return content.decode("latin-1")


def _is_japanese(text: str) -> bool:
    """Return whether a Windows Japanese reading makes sense: kana or kanji, not half-width noise from Latin bytes."""
    signs = [character for character in text if ord(character) > 127]
    wide = sum(0x3000 <= ord(sign) <= 0x9FFF or 0xFF00 <= ord(sign) <= 0xFF60 for sign in signs)
    half = sum(0xFF61 <= ord(sign) <= 0xFF9F for sign in signs)
    runs = any(0xFF61 <= ord(a) <= 0xFF9F and 0xFF61 <= ord(b) <= 0xFF9F for a, b in pairwise(text))
    kana = any(0x3041 <= ord(sign) <= 0x30FF for sign in signs)
    return bool(signs) and (kana or (wide >= half and wide * 2 > len(signs) and wide > 1) or (half > 2 and runs))


def delimiter_of(text: str) -> str:
    """Return what separates the columns: the sign that occurs most often, outside quotes, in the header row."""
    counts = dict.fromkeys(DELIMITERS, 0)
    quoted = False
    for character in text:
        if character == '"':
            quoted = not quoted
        elif not quoted and character in "\r\n":
            break
        elif not quoted and character in counts:
            counts[character] += 1
    return max(counts, key=lambda sign: counts[sign])


def _xlsx(content: bytes) -> Iterator[Sequence[str]]:
    library = _workbooks()
    _must_be_bounded(content)
    try:
        book = library.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (library.utils.exceptions.InvalidFileException, KeyError, OSError, ValueError) as error:
        raise UnreadableTable("this is no XLSX workbook") from error
    sheet = book.worksheets[0]
    for line in sheet.iter_rows(values_only=True):
        yield [cell_text(value) for value in line]
    book.close()


def _workbooks() -> Any:
    """Load the library at the first workbook: 7 MB, which most processes never need."""
    return importlib.import_module("openpyxl")


def _must_be_bounded(content: bytes) -> None:
    """Refuse a workbook that unpacks into more than anybody typed."""
    try:
        size = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(content)).infolist())
    except zipfile.BadZipFile:
        raise UnreadableTable("this is no XLSX workbook") from None
    if size > LARGEST_UNPACKED:
        raise UnreadableTable("this workbook is too large")


def cell_text(value: Any) -> str:
    """Return a spreadsheet cell as text, without the noise of binary fractions."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return format(Decimal(format(value, ".15g")), "f")
    return str(value)


def safe_cell(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula; numbers stay numbers."""
    if text.startswith(DANGEROUS) and not _is_number(text):
        return "'" + text
    return text


def typed_cell(text: str) -> str:
    """Return a cell as it was before an export made it safe for spreadsheets."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(DANGEROUS) else text


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield a UTF-8 CSV with BOM (spreadsheets expect it) in chunks of about 64 kB."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([safe_cell(title) for title in header])
    for row in rows:
        writer.writerow([safe_cell(export_text(value)) for value in row])
        if buffer.tell() > 64_000:
            yield _drained(buffer)
    yield _drained(buffer)


def _drained(buffer: io.StringIO) -> bytes:
    chunk = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return chunk


def export_text(value: Any) -> str:
    """Return a value as an export writes it: exact decimals, ISO dates, codes joined by a space."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        text = format(value + 0, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(part, dict) for part in value)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return " ".join(export_text(part) for part in value)
    return str(value)


def write_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]], into: BinaryIO) -> None:
    """Write one sheet: numbers as numbers, dates as dates, text never as a formula."""
    book = _workbooks().Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    sheet.append([_cell(sheet, name) for name in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    book.save(into)


def _sheet_title(title: str) -> str:
    return "".join(sign for sign in title if sign not in "[]:*?/\\")[:31] or "Sheet"


def _cell(sheet: Any, value: Any) -> Any:
    """Return a value as the workbook takes it; only a text that looks like a formula needs a cell of its own."""
    if value is None or (isinstance(value, Decimal | date | int) and not isinstance(value, bool | datetime)):
        return value
    text = _printable(export_text(value))
    if not text.startswith("="):
        return text or None
    cell = _workbooks().cell.WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


def _printable(text: str) -> str:
    return text if text.isprintable() else "".join(sign for sign in text if sign >= " " or sign in "\t\n\r")
