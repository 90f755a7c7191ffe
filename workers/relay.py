"""Hands due tasks to the workers."""

from erp.kernel.logs import start_logging
from erp.kernel.web.application import create_app
from erp.kernel.work.processes import relay_for_ever

if __name__ == "__main__":
    start_logging("relay")
    relay_for_ever(create_app())
