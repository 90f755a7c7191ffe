"""HTML into PDF: no network, no files, only what is handed in by name. Runs in the PDF worker."""

import resource
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import weasyprint
from weasyprint.urls import URLFetcher, URLFetcherResponse

from erp.kernel.paper.assets import ASSET

LARGEST_PDF = 50_000_000
MOST_MEMORY = 1_500_000_000
MOST_SECONDS = 180


class PdfTooLarge(Exception):
    """A rendered document is bigger than anybody would open or mail."""


class Assets(URLFetcher):  # type: ignore[misc]
    """Serves ``data:`` and the named assets of one print; every other address is refused."""

    def __init__(self, named: Mapping[str, tuple[bytes, str]]) -> None:
        super().__init__(timeout=1, allowed_protocols=("data",), allow_redirects=False)
        self._named = named

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """Return a named asset or the content of a ``data:`` address, or raise ``ValueError``."""
        if not url.startswith(ASSET):
            return super().fetch(url, headers)
        name = url.removeprefix(ASSET)
        if name not in self._named:
            raise ValueError(f"no such asset: {name}")
        content, mime = self._named[name]
        return URLFetcherResponse(url, BytesIO(content), {"Content-Type": mime})


@contextmanager
def bounded() -> Iterator[None]:
    """Let one document take so much memory and processor time, no more: a bomb ends its own process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used_seconds = int(usage.ru_utime + usage.ru_stime)
    with Path("/proc/self/statm").open() as file:
        mapped = int(file.read().split()[0]) * resource.getpagesize()
    wanted = {resource.RLIMIT_AS: mapped + MOST_MEMORY, resource.RLIMIT_CPU: used_seconds + MOST_SECONDS}
    before = {limit: resource.getrlimit(limit) for limit in wanted}
    for limit, soft in wanted.items():
        hard = before[limit][1]
        resource.setrlimit(limit, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
    try:
        yield
    except MemoryError:
        raise PdfTooLarge("the document takes too much memory") from None
    finally:
        for limit, pair in before.items():
            resource.setrlimit(limit, pair)


def pdf_of(html: str, assets: Mapping[str, tuple[bytes, str]] | None = None) -> bytes:
    """Return ``html`` as a tagged PDF (PDF/UA-1) that screen readers can follow."""
    with bounded():
        document = weasyprint.HTML(string=html, base_url=ASSET, url_fetcher=Assets(assets or {}))
        made: bytes = document.write_pdf(pdf_variant="pdf/ua-1", uncompressed_pdf=False)
    if len(made) > LARGEST_PDF:
        raise PdfTooLarge(f"{len(made)} bytes")
    return made
