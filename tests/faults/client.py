"""A program that uses a running instance: it signs in, posts with keys, and asks again when the line is cut."""

import http.client
import http.cookiejar
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

PASSWORD = "correct horse battery"


class Browser:
    """Pages with a session of their own, by plain forms."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=20) as answer:
            return str(answer.read().decode())

    def look(self, path: str) -> tuple[int, str]:
        """Return status and text of a page, also of one that says what is wrong."""
        try:
            return 200, self.get(path)
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def post(self, path: str, form: str, **values: str) -> str:
        """Fill in the form that ``form`` shows and send it to ``path``."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(form))
        assert found is not None, f"{form} shows no form"
        body = urllib.parse.urlencode({"csrf_token": found[1], **values}).encode()
        with self.opener.open(self.base + path, body, timeout=20) as answer:
            return str(answer.read().decode())


class Program:
    """A program with a token. ``insist`` repeats one request, under one key, until it has an answer."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token
        self.repeats = 0

    def call(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        try:
            connection.request(method, f"/api/v1{path}", json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        return answer.status, json.loads(content) if content[:1] in (b"{", b"[") else content

    def insist(self, method: str, path: str, body: Any = None, key: str = "", seconds: float = 120) -> Any:
        """Return the answer; a cut line, 5xx and 409 (still running) are asked again, a refusal is an error."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            try:
                status, found = self.call(method, path, body, key)
            except (OSError, http.client.HTTPException):
                status, found = 0, b""
            if 200 <= status < 300 and status != 202:
                return found
            assert status in {0, 202, 409} or status >= 500, f"{status}: {found}"
            self.repeats += 1
            time.sleep(0.2)
        job = found.get("job") if isinstance(found, dict) else None
        state = self.call("GET", f"/jobs/{job}")[1] if job else ""
        raise AssertionError(f"{method} {path}: no answer in {seconds} s but {status} {found} {state}")


def invoice(day: int = 1, month: int = 3) -> dict[str, Any]:
    """Return the body of an invoice over 21.00."""
    return {
        "customer": {"code": "C1"}, "posting_date": f"2026-{month:02}-{day:02}",
        "lines": [{"item": {"code": "TEA"}, "quantity": "2", "price": "10.50"}],
    }  # fmt: skip


def set_up(port: int) -> None:
    """Go through the first run: a company, its chart and an administrator."""
    Browser(port).post(
        "/first-run", "/first-run", name="Kalo Ltd", country="GB", language="en", person="Ada", login="ada",
        email="ada@kalo.example", password=PASSWORD,
    )  # fmt: skip


def signed_in(port: int) -> Browser:
    """Return a browser in which the administrator is signed in."""
    browser = Browser(port)
    browser.post("/login", "/login", login="ada", password=PASSWORD)
    return browser
