"""The background processes of one host: loaded once, forked, each started again when it dies."""

from erp.kernel.logs import start_logging
from erp.kernel.work.office import keep_office

if __name__ == "__main__":
    start_logging("office")
    keep_office()
