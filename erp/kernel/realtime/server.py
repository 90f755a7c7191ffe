"""The Socket.IO server: lets connections into the rooms that the application names, and nothing else."""

import contextlib
import os
import socket as sockets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import socketio
from flask import Flask, request
from flask_socketio import SocketIO, disconnect, emit, join_room, leave_room

from erp.kernel.realtime.asking import Application, Refused
from erp.settings import settings

CHECK_SECONDS = 4.0
MOST_ROOMS = 400
MOST_TOPICS = 50
MESSAGES_A_SECOND = 10
MOST_BYTES = 8192
PRESENCE_SECONDS = 30


@dataclass
class Connection:
    """One open browser: by what it is known, what it watches, and how much it sends."""

    key: dict[str, str]
    user: int
    version: int
    expires_at: float
    own_rooms: list[str]
    topics: dict[str, tuple[dict[str, Any], list[str]]] = field(default_factory=dict)
    sent: list[float] = field(default_factory=list)

    def may_send(self) -> bool:
        """Return whether this connection stays below ten messages a second."""
        now = time.monotonic()
        self.sent = [one for one in self.sent if now - one < 1] + [now]
        return len(self.sent) <= MESSAGES_A_SECOND


def name_of(topic: dict[str, Any]) -> str:
    """Return the name under which a connection keeps a topic."""
    return f"{topic.get('kind')}:{topic.get('id') or ''}"


class Realtime:
    """The handlers of the server and the connections it holds."""

    def __init__(self, server: SocketIO, application: Application) -> None:
        self.server, self.application = server, application
        self.open: dict[str, Connection] = {}

    def connect(self, auth: Any) -> bool | None:
        """Let a connection in when the application knows its cookie or token."""
        key = {"token": str(auth["token"])} if isinstance(auth, dict) and auth.get("token") else {}
        if not key:
            key = {"sid": request.cookies.get("__Host-sid") or request.cookies.get("sid") or ""}
        try:
            known = self.application.ask("identify", key)
        except Refused:
            return False
        handle = request.sid  # type: ignore[attr-defined]
        self.open[handle] = Connection(key, known["user"], known["version"], known["expires_at"], known["rooms"])
        for room in known["rooms"]:
            join_room(room)
        return None

    def disconnect(self, *reason: Any) -> None:
        """Forget a connection."""
        del reason
        self.open.pop(request.sid, None)  # type: ignore[attr-defined]

    def watch(self, sent: Any) -> dict[str, Any]:
        """Join the rooms of the topics one may hear of; answer which."""
        connection = self._mine()
        topics = sent.get("topics") if isinstance(sent, dict) else None
        if connection is None or not isinstance(topics, list):
            return {"watching": [], "refused": []}
        wanted = [one for one in topics[:MOST_TOPICS] if isinstance(one, dict)]
        try:
            answer = self.application.ask("watch", {**connection.key, "topics": wanted}, cached=True)
        except Refused:
            return {"watching": [], "refused": wanted}
        for topic in answer["watching"]:
            self._enter(connection, topic, join_room)
        watching = [{key: value for key, value in topic.items() if key != "rooms"} for topic in answer["watching"]]
        return {"watching": watching, "refused": answer["refused"]}

    def _enter(self, connection: Connection, topic: dict[str, Any], join: Any) -> None:
        held = sum(len(rooms) for _topic, rooms in connection.topics.values())
        if held + len(topic["rooms"]) > MOST_ROOMS or len(connection.topics) > MOST_TOPICS:
            return
        plain = {key: value for key, value in topic.items() if key != "rooms"}
        connection.topics[name_of(topic)] = (plain, topic["rooms"])
        for room in topic["rooms"]:
            join(room)

    def unwatch(self, sent: Any) -> dict[str, Any]:
        """Leave the rooms of topics."""
        connection = self._mine()
        topics = sent.get("topics") if isinstance(sent, dict) else None
        if connection is None or not isinstance(topics, list):
            return {"watching": [], "refused": []}
        for topic in topics[:MOST_TOPICS]:
            _plain, rooms = connection.topics.pop(name_of(topic), ({}, []))
            for room in rooms:
                leave_room(room)
        return {"watching": [plain for plain, _rooms in connection.topics.values()], "refused": []}

    def here(self, sent: Any) -> None:
        """Tell the others who show this document that one is there, and in which field."""
        connection = self._mine()
        if connection is None or not isinstance(sent, dict):
            return
        kept = connection.topics.get(name_of(sent))
        if kept is None or not sent.get("id"):
            return
        user = {"id": connection.user, "field": str(sent.get("field") or "")[:100] or None}
        data = {"kind": sent["kind"], "id": sent["id"], "users": [user]}
        emit("presence", data, to=kept[1][0], include_self=False)

    def _mine(self) -> Connection | None:
        connection = self.open.get(request.sid)  # type: ignore[attr-defined]
        if connection is None or not connection.may_send():
            disconnect()
            return None
        return connection

    def check_for_ever(self) -> None:
        """Every few seconds: who is still signed in, and whose rights changed."""
        while True:
            self.server.sleep(CHECK_SECONDS)
            with contextlib.suppress(Exception):
                self.check()

    def check(self) -> None:
        """Cut connections whose session is over; ask anew for the rooms of those whose rights changed."""
        if not self.open:
            return
        asked = {handle: one.key for handle, one in self.open.items()}
        try:
            alive = self.application.ask("alive", {"connections": asked})["alive"]
        except Refused:
            return
        for handle in asked:
            connection = self.open.get(handle)
            if connection is None:
                continue
            if handle not in alive:
                self.server.server.disconnect(handle)
            elif alive[handle] != connection.version:
                self._again(handle, connection, alive[handle])

    def _again(self, handle: str, connection: Connection, version: int) -> None:
        """Leave every room and enter those that the changed rights still open."""
        inner = self.server.server
        for room in [*connection.own_rooms, *(room for _topic, rooms in connection.topics.values() for room in rooms)]:
            inner.leave_room(handle, room)
        topics = [plain for plain, _rooms in connection.topics.values()]
        connection.topics = {}
        known = self.application.ask("identify", connection.key)
        connection.version, connection.own_rooms = version, known["rooms"]
        for room in known["rooms"]:
            inner.enter_room(handle, room)
        answer = self.application.ask("watch", {**connection.key, "topics": topics})
        for topic in answer["watching"]:
            self._enter(connection, topic, lambda room: inner.enter_room(handle, room))


def build(engine: str) -> tuple[Flask, SocketIO, Realtime]:
    """Return the realtime application on an engine ("eventlet", "gevent", "threading")."""
    config = settings()
    app = Flask("realtime", static_folder=None)
    manager = socketio.RedisManager(config.redis_realtime_url, channel="flask-socketio")
    server = SocketIO(
        app, async_mode=engine, client_manager=manager, transports=["websocket"], max_http_buffer_size=MOST_BYTES,
        cors_allowed_origins=None, ping_interval=20, ping_timeout=20, manage_session=False,
    )  # fmt: skip
    realtime = Realtime(server, Application(config.internal_url, config.secret_key))
    server.on_event("connect", realtime.connect)
    server.on_event("disconnect", realtime.disconnect)
    server.on_event("watch", realtime.watch)
    server.on_event("unwatch", realtime.unwatch)
    server.on_event("here", realtime.here)

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    return app, server, realtime


def serve(engine: str) -> None:
    """Listen on the address in ERP_REALTIME_BIND: ``unix:/path`` or ``host:port``."""
    app, server, realtime = build(engine)
    server.start_background_task(realtime.check_for_ever)
    address = os.environ.get("ERP_REALTIME_BIND", "127.0.0.1:8002")
    if engine == "eventlet":
        _serve_eventlet(app, address)
    host, _colon, port = address.rpartition(":")
    server.run(app, host=host, port=int(port), log_output=False, allow_unsafe_werkzeug=True)


def _serve_eventlet(app: Flask, address: str) -> None:
    """Serve on eventlet's own server, which also listens on unix sockets; its limit of connections is raised."""
    import eventlet  # noqa: PLC0415 - only where this engine was chosen
    import eventlet.wsgi  # noqa: PLC0415

    if address.startswith("unix:"):
        path = unquote(address.removeprefix("unix:"))
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)  # noqa: PTH108
        listening = eventlet.listen(path, family=sockets.AF_UNIX)
    else:
        host, _colon, port = address.rpartition(":")
        listening = eventlet.listen((host, int(port)))
    eventlet.wsgi.server(listening, app, max_size=8000, log_output=False)
    raise SystemExit(0)
