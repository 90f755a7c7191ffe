"""How the realtime process asks the application: a signed request over loopback or a unix socket, cached for seconds."""

import hmac
import http.client
import json
import socket
import time
from hashlib import sha256
from typing import Any
from urllib.parse import unquote, urlsplit

CACHED_SECONDS = 5.0
TIMEOUT_SECONDS = 5.0


class Refused(Exception):
    """The application does not know this session, or is away; ``status`` is 0 when it did not answer."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=TIMEOUT_SECONDS)
        self.path = path

    def connect(self) -> None:
        """Connect to the application's unix socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT_SECONDS)
        self.sock.connect(self.path)


class Application:
    """The web application as the realtime process sees it."""

    def __init__(self, url: str, secret: str) -> None:
        self.url, self.secret = urlsplit(url), secret.encode()
        self._cache: dict[str, tuple[float, Any]] = {}

    def ask(self, question: str, sent: dict[str, Any], *, mark: str = "") -> Any:
        """Return the answer to a question; raise ``Refused`` when there is none.

        With ``mark``, the mark of the asker's rights, the answer is kept for seconds - and only for these rights.
        """
        body = json.dumps(sent, sort_keys=True).encode()
        key = f"{question}\n{mark}\n{body.decode()}"
        if mark and key in self._cache and self._cache[key][0] > time.monotonic():
            return self._cache[key][1]
        answer = self._post(f"/internal/live/{question}", body)
        if mark:
            if len(self._cache) > 10_000:
                self._cache.clear()
            self._cache[key] = (time.monotonic() + CACHED_SECONDS, answer)
        return answer

    def _post(self, path: str, body: bytes) -> Any:
        signed = hmac.new(self.secret, b"internal\n" + body, sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Internal-Signature": signed, "Host": "internal"}
        connection = self._connection()
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            content = response.read()
        except OSError:
            raise Refused(0) from None
        finally:
            connection.close()
        if response.status != 200:
            raise Refused(response.status)
        return json.loads(content)

    def _connection(self) -> http.client.HTTPConnection:
        if self.url.scheme == "http+unix":
            return _UnixConnection(unquote(self.url.netloc or self.url.path))
        return http.client.HTTPConnection(self.url.hostname or "127.0.0.1", self.url.port, timeout=TIMEOUT_SECONDS)
