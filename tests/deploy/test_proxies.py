"""Who asks, and by which scheme, is told by the proxies that are ours and by nobody else."""

import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer

import pytest

from deploy.packages import nginx
from deploy.render import write_nginx


class Told(BaseHTTPRequestHandler):
    """Answers with what nginx told about who asks."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        text = f"{self.headers['X-Forwarded-For']}|{self.headers['X-Forwarded-Proto']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        del format, args


Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Callable[[int], Ask]]:
    """Return how to start nginx for so many proxies; it gives back how to ask it to sign in."""
    for name in ("log", "nginx-temp", "run"):
        (tmp_path / name).mkdir()
    started = []

    def start(proxies: int) -> Ask:
        server = ThreadingUnixStreamServer(str(tmp_path / "run" / "web.sock"), Told)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        written = write_nginx(
            tmp_path, run=tmp_path / "run", data=tmp_path, files=tmp_path, listen=f"127.0.0.1:{port}", alone=True,
            proxies=proxies, login_rate="1r/m",
        )  # fmt: skip
        started.append((server, subprocess.Popen([nginx(tmp_path), "-c", str(written)])))

        def ask(**headers: str) -> tuple[int, str]:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request(
                "POST", "/login", headers={key.replace("_", "-"): value for key, value in headers.items()}
            )
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

        for _try in range(100):
            try:
                ask()
                break
            except ConnectionError:
                time.sleep(0.05)
        return ask

    yield start
    for server, process in started:
        process.terminate()
        process.wait(10)
        server.shutdown()


def test_alone_nginx_tells_the_address_of_the_connection_whatever_was_sent(behind: Callable[[int], Ask]):
    ask = behind(1)
    assert ask(X_Forwarded_For="198.51.100.9", X_Forwarded_Proto="https") == (200, "198.51.100.9, 127.0.0.1|http")
    answers = {ask(X_Forwarded_For=f"198.51.100.{n}")[0] for n in range(30)}
    assert answers == {200, 429}, "another address pretended does not escape the limit"


@pytest.mark.parametrize("proxies", [2, 3])
def test_behind_others_the_first_of_ours_names_the_asker(behind: Callable[[int], Ask], proxies: int):
    ask = behind(proxies)
    inner = ", 10.0.0.2" * (proxies - 2)
    sent = f"1.2.3.4, 198.51.100.9{inner}"
    assert ask(X_Forwarded_For=sent, X_Forwarded_Proto="https") == (200, f"{sent}, 127.0.0.1|https")
    assert {ask(X_Forwarded_For=f"1.2.3.4, 198.51.100.{n}{inner}")[0] for n in range(30, 70)} == {200}
    one = {ask(X_Forwarded_For=f"1.2.3.{n}, 198.51.100.77{inner}")[0] for n in range(30)}
    assert one == {200, 429}, "what stands further left was written by the asker"
