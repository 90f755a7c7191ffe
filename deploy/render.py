"""nginx's configuration from the one template: for ``bin/dev``, and by hand for a server of one's own.

Usage: python3 -m deploy.render FOLDER [--run DIR] [--data DIR] [--files DIR] [--listen ADDRESS] [--user NAME]
"""

import argparse
from pathlib import Path

from deploy.layout import ROOT


def write_nginx(
    folder: Path, *, run: Path, data: Path, files: Path, listen: str, user: str = "", login_rate: str = "30r/m",
    alone: bool = False, proxies: int = 1,
) -> Path:  # fmt: skip
    """Write ``nginx.conf`` and what it includes into ``folder``; return it. ``run`` holds the sockets of our processes.

    ``alone``: one process without a master. Under a supervisor that watches the master only, a killed master would
    leave its workers on the port, and no new one could open it; systemd and containers end those workers themselves.
    ``proxies``: how many in front of the web process are ours, this nginx counted (``ERP_TRUSTED_PROXIES``).
    """
    text = (ROOT / "deploy" / "nginx.conf.template").read_text()
    values = {
        "folder": folder, "data": data, "run": run, "root": ROOT, "files": files, "web": run / "web.sock",
        "realtime": run / "realtime.sock", "listen": listen, "user": f"user {user};" if user else "",
        "login_rate": login_rate, "alone": "master_process off;" if alone else "",
        "outside": outside(proxies),
    }  # fmt: skip
    target = folder / "nginx.conf"
    target.write_text(text.format(**values))
    (folder / "nginx-proxy.conf").write_text((ROOT / "deploy" / "nginx-proxy.conf.template").read_text())
    return target


def outside(proxies: int) -> str:
    """Return the maps that tell who asks and by which scheme: of this connection, or as the proxies before it say.

    Each proxy adds the address it was asked from to the right of ``X-Forwarded-For``: with ``proxies`` of ours, this
    one counted, the asker is the one which the first of them wrote, ``proxies - 1`` from the right.
    """
    if proxies < 2:
        return "  map $scheme $asked_scheme { default $scheme; }\n  map $remote_addr $asker { default $remote_addr; }"
    further = rf"(\s*,[^,]+){{{proxies - 2}}}" if proxies > 2 else ""
    return (
        "  map $http_x_forwarded_proto $asked_scheme { https https; default http; }\n"
        f'  map $http_x_forwarded_for $asker {{ "~(?<one>[^,\\s]+){further}\\s*$" $one; default $remote_addr; }}'
    )


def main() -> None:
    """Write the configuration for a server that systemd or compose runs."""
    parser = argparse.ArgumentParser(prog="deploy.render", description="Write nginx's configuration.")
    parser.add_argument("folder", type=Path, help="where the configuration goes")
    parser.add_argument("--run", type=Path, default=Path("/run/daifuku"), help="the sockets of our processes")
    parser.add_argument("--data", type=Path, default=Path("/var/lib/daifuku"), help="logs and temporary files")
    parser.add_argument("--files", type=Path, help="attachments (DATA/files)")
    parser.add_argument("--listen", default="127.0.0.1:8000", help="address and port for browsers or a TLS proxy")
    parser.add_argument("--user", default="", help="the user that serves, where nginx starts as root")
    parser.add_argument("--proxies", type=int, default=1, help="proxies in front that are ours, this nginx counted")
    asked = parser.parse_args()
    for folder in (asked.folder, asked.data / "log", asked.data / "nginx-temp"):
        folder.mkdir(parents=True, exist_ok=True)
    files = asked.files or asked.data / "files"
    print(write_nginx(
        asked.folder, run=asked.run, data=asked.data, files=files, listen=asked.listen, user=asked.user, proxies=asked.proxies,
    ))  # fmt: skip


if __name__ == "__main__":
    main()
