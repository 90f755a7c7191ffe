"""A print reaches nothing but what it was handed."""

import http.server
import re
import resource
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from erp.kernel.paper.pdf import MOST_MEMORY, PdfTooLarge, bounded, pdf_of

HITS: list[str] = []


class Canary(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        HITS.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


@pytest.fixture
def canary() -> Iterator[str]:
    HITS.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Canary)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_no_address_in_a_document_is_fetched_and_no_file_is_read(canary: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("do not print me")
    html = f"""<html lang="en"><head><title>x</title><link rel="stylesheet" href="{canary}/a.css">
    <link rel="attachment" href="file://{secret}"><link rel="attachment" href="{canary}/att">
    <style>@import url({canary}/b.css); @font-face {{ font-family: x; src: url({canary}/f.woff2) }} p {{ font-family: x;
    background: url({canary}/bg.png) }}</style></head><body><p>text</p><img alt="" src="{canary}/i.png">
    <object data="{canary}/o.svg"></object>
    <embed src="file://{secret}"><svg><image href="{canary}/s.png" width="9" height="9"/></svg></body></html>"""
    pdf = pdf_of(html)
    assert HITS == []
    assert b"EmbeddedFile" not in unpacked(pdf)
    assert b"do not print me" not in unpacked(pdf)


def test_named_assets_are_used_and_the_document_is_tagged_for_screen_readers() -> None:
    html = '<html lang="en"><head><title>Invoice</title><link rel=stylesheet href=erp-asset:a.css></head>Hi'
    pdf = pdf_of(html, {"a.css": (b"h1 { color: red }", "text/css")})
    assert pdf.startswith(b"%PDF-")
    assert b"pdfuaid" in unpacked(pdf)
    assert b"StructTreeRoot" in unpacked(pdf)


def unpacked(pdf: bytes) -> bytes:
    """Return a PDF with its streams inflated."""

    def inflated(found: re.Match[bytes]) -> bytes:
        try:
            return zlib.decompress(found[1])
        except zlib.error:
            return found[1]

    return re.sub(rb"stream\r?\n(.*?)\r?\nendstream", inflated, pdf, flags=re.DOTALL)


def test_a_document_that_would_take_all_memory_is_refused_and_the_limits_are_lifted_again() -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(PdfTooLarge), bounded():
        bytearray(2 * MOST_MEMORY)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
