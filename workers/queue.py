"""Runs ordinary jobs and mails."""

from erp.kernel.logs import start_logging
from erp.kernel.web.application import create_app
from erp.kernel.work.processes import serve_queues

if __name__ == "__main__":
    start_logging("queue")
    serve_queues(create_app(), "worker", ["default", "mail", "long"])
