"""Renders documents, with WeasyPrint loaded once before any fork."""

import erp.kernel.paper.pdf  # noqa: F401 - loaded here, shared by every child
from erp.kernel.logs import start_logging
from erp.kernel.web.application import create_app
from erp.kernel.work.processes import serve_queues

if __name__ == "__main__":
    start_logging("pdf")
    serve_queues(create_app(), "pdf", ["pdf", "mail", "default"], forking=True)
