"""The realtime process: sockets, rooms and hints. No database, no business code; rights are asked of the application."""

import contextlib
import os
import resource

# One open browser is one file: as many as the system lets this process have.
with contextlib.suppress(ValueError, OSError):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)

ENGINE = os.environ.get("ERP_REALTIME_ENGINE", "eventlet")
if ENGINE == "eventlet":
    os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")  # everything it calls is on this machine or in its hosts file
    import eventlet

    eventlet.monkey_patch()
elif ENGINE == "gevent":
    from gevent import monkey

    monkey.patch_all()

from erp.kernel.realtime.server import serve  # noqa: E402 - the engine must patch the sockets first

if __name__ == "__main__":
    serve(ENGINE)
