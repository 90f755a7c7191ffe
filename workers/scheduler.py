"""Keeps the timetable."""

from erp.kernel.logs import start_logging
from erp.kernel.web.application import create_app
from erp.kernel.work.processes import keep_time

if __name__ == "__main__":
    start_logging("scheduler")
    keep_time(create_app())
