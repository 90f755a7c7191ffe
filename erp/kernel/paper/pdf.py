"""HTML into PDF: no network, no files, only what is handed in by name. Runs in the PDF worker."""

import logging
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import weasyprint
from weasyprint.urls import URLFetcher, URLFetcherResponse

ASSET = "erp-asset:"
LARGEST_PDF = 50_000_000
log = logging.getLogger(__name__)


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


def pdf_of(html: str, assets: Mapping[str, tuple[bytes, str]] | None = None) -> bytes:
    """Return ``html`` as a tagged PDF (PDF/UA-1) that screen readers can follow."""
    document = weasyprint.HTML(string=html, base_url=ASSET, url_fetcher=Assets(assets or {}))
    made: bytes = document.write_pdf(pdf_variant="pdf/ua-1", uncompressed_pdf=False)
    if len(made) > LARGEST_PDF:
        raise PdfTooLarge(f"{len(made)} bytes")
    return made
