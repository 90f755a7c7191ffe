"""The Socket.IO server: lets connections into the rooms that the application names, and nothing else."""

import contextlib
import os
import socket as sockets
import time
from dataclasses import dataclass, field
from sys import intern
from typing import Any
from urllib.parse import unquote

import socketio
from flask import Flask, request
from flask_socketio import ConnectionRefusedError as NotLetIn
from flask_socketio import SocketIO, disconnect, join_room, leave_room
from redis import Redis

from erp.kernel.realtime.asking import Application, Refused
from erp.kernel.realtime.hearing import LISTENING_EVERY, PAUSED_SECONDS, Hearing, own_name
from erp.kernel.realtime.presence import Presence, field_name
from erp.settings import settings

CHECK_SECONDS = 4.0
MOST_ROOMS = 400
MOST_TOPICS = 50
MESSAGES_A_SECOND = 10
MOST_BYTES = 8192
AWAY, SIGNED_OUT = "away", "signed out"
"""Why a connection is refused: the application does not answer, so try again; or it knows no such session."""


@dataclass(slots=True)
class Connection:
    """One open browser: by what it is known, what it watches, and how much it sends."""

    key: dict[str, str]
    user: int
    version: str
    expires_at: float
    own_rooms: list[str]
    topics: dict[str, tuple[dict[str, Any], list[str]]] = field(default_factory=dict)
    here: dict[str, tuple[dict[str, Any], str]] = field(default_factory=dict)
    sent: list[float] = field(default_factory=list)

    def rooms_but(self, name: str) -> set[str]:
        """Return the rooms that this connection stays in when it leaves the topic ``name``."""
        others = [room for topic, (_plain, rooms) in self.topics.items() if topic != name for room in rooms]
        return {*self.own_rooms, *others}

    def may_send(self) -> bool:
        """Return whether this connection stays below ten messages a second."""
        now = time.monotonic()
        self.sent = [one for one in self.sent if now - one < 1] + [now]
        return len(self.sent) <= MESSAGES_A_SECOND


def names(rooms: list[str]) -> list[str]:
    """Return names of rooms of which each exists once in this process: thousands of connections share the same ones."""
    return [intern(room) for room in rooms]


def name_of(topic: dict[str, Any]) -> str:
    """Return the name under which a connection keeps a topic."""
    return f"{topic.get('kind')}:{topic.get('id') or ''}"


class Realtime:
    """The handlers of the server and the connections it holds."""

    def __init__(self, server: SocketIO, application: Application, presence: Presence, hearing: Hearing) -> None:
        self.server, self.application, self.presence, self.hearing = server, application, presence, hearing
        self.open: dict[str, Connection] = {}

    def connect(self, auth: Any) -> None:
        """Let a connection in when the application knows its cookie or token; else refuse it, and say why."""
        key = _key_of(auth)
        if "embed" not in key and not is_own_origin(request.headers.get("Origin"), request.environ):
            raise NotLetIn(SIGNED_OUT)
        try:
            known = self.application.ask("identify", key)
        except Refused as refused:
            raise NotLetIn(SIGNED_OUT if refused.status == 401 else AWAY) from None
        handle = request.sid  # type: ignore[attr-defined]
        rooms = names(known["rooms"])
        self.open[handle] = Connection(key, known["user"], intern(known["version"]), known["expires_at"], rooms)
        for room in rooms:
            join_room(room)

    def disconnect(self, *reason: Any) -> None:
        """Forget a connection, and that it was anywhere."""
        del reason
        handle = request.sid  # type: ignore[attr-defined]
        connection = self.open.pop(handle, None)
        for name in list(connection.here) if connection is not None else ():
            self._gone(handle, connection, name)  # type: ignore[arg-type]

    def watch(self, sent: Any) -> dict[str, Any]:
        """Join the rooms of the topics one may hear of; answer which."""
        connection = self._mine()
        topics = sent.get("topics") if isinstance(sent, dict) else None
        if connection is None or not isinstance(topics, list):
            return {"watching": [], "refused": []}
        wanted = [one for one in topics[:MOST_TOPICS] if isinstance(one, dict)]
        try:
            answer = self.application.ask("watch", {**connection.key, "topics": wanted}, mark=connection.version)
        except Refused:
            return {"watching": [], "refused": wanted}
        entered = [self._enter(connection, topic, join_room) for topic in answer["watching"]]
        watching = [one for one in entered if one is not None]
        full = [_plain(topic) for topic, one in zip(answer["watching"], entered, strict=True) if one is None]
        return {"watching": watching, "refused": [*answer["refused"], *full]}

    def _enter(self, connection: Connection, topic: dict[str, Any], join: Any) -> dict[str, Any] | None:
        """Let a connection into the rooms of a topic; None when it holds as many as it may."""
        name = name_of(topic)
        held = sum(len(rooms) for other, (_topic, rooms) in connection.topics.items() if other != name)
        if held + len(topic["rooms"]) > MOST_ROOMS or len({*connection.topics, name}) > MOST_TOPICS:
            return None
        connection.topics[name] = (_plain(topic), names(topic["rooms"]))
        for room in connection.topics[name][1]:
            join(room)
        return connection.topics[name][0]

    def unwatch(self, sent: Any) -> dict[str, Any]:
        """Leave the rooms of topics."""
        connection = self._mine()
        topics = sent.get("topics") if isinstance(sent, dict) else None
        if connection is None or not isinstance(topics, list):
            return {"watching": [], "refused": []}
        for topic in topics[:MOST_TOPICS]:
            name = name_of(topic) if isinstance(topic, dict) else ""
            if name in connection.topics:
                self._gone(request.sid, connection, name)  # type: ignore[attr-defined]
                for room in set(connection.topics[name][1]) - connection.rooms_but(name):
                    leave_room(room)
                del connection.topics[name]
        return {"watching": [plain for plain, _rooms in connection.topics.values()], "refused": []}

    def here(self, sent: Any) -> None:
        """Tell all who show this document who is there, and in which field; a browser repeats it while it stays."""
        connection = self._mine()
        kept = connection.topics.get(name_of(sent)) if connection is not None and isinstance(sent, dict) else None
        if connection is None or kept is None or not kept[0].get("id"):
            return
        topic, room = kept[0], kept[1][0]
        connection.here[name_of(sent)] = (topic, room)
        handle = request.sid  # type: ignore[attr-defined]
        self._tell_presence(
            topic, room, self.presence.enter(room, handle, connection.user, field_name(sent.get("field")))
        )

    def _gone(self, handle: str, connection: Connection, name: str) -> None:
        """Take a connection off a document's readers."""
        if name in connection.here:
            topic, room = connection.here.pop(name)
            self._tell_presence(topic, room, self.presence.leave(room, handle))

    def _tell_presence(self, topic: dict[str, Any], room: str, users: list[dict[str, Any]] | None) -> None:
        if users is not None:
            self.server.emit("presence", {"kind": topic["kind"], "id": topic["id"], "users": users}, to=room)

    def tell_who_went_silent(self) -> None:
        """Take the dead off the documents that are open here: their browsers said nothing and no event tells of it."""
        topics = {room: topic for one in list(self.open.values()) for topic, room in list(one.here.values())}
        for room, users in self.presence.silent(topics).items():
            self._tell_presence(topics[room], room, users)

    def _mine(self) -> Connection | None:
        connection = self.open.get(request.sid)  # type: ignore[attr-defined]
        if connection is None or not connection.may_send():
            disconnect()
            return None
        return connection

    def check_for_ever(self) -> None:
        """Every few seconds: who is still there, who is still signed in, and whose rights changed."""
        while True:
            self.server.sleep(CHECK_SECONDS)
            with contextlib.suppress(Exception):
                self.tell_who_went_silent()
            with contextlib.suppress(Exception):
                self.check()

    def listen_for_ever(self) -> None:
        """Let the open pages look again when hints may have been lost; once more when every sender surely sends again."""
        again = 0.0
        while True:
            self.server.sleep(LISTENING_EVERY)
            with contextlib.suppress(Exception):
                now = time.monotonic()
                if self.hearing.missed():
                    again = now + PAUSED_SECONDS
                elif not again or now < again:
                    continue
                else:
                    again = 0.0
                self.server.server.emit("again", {}, ignore_queue=True)

    def check(self) -> None:
        """Cut connections whose session is over; ask anew for the rooms of those whose rights changed."""
        if not self.open:
            return
        asked = {handle: one.key for handle, one in self.open.items()}
        try:
            alive = self.application.ask("alive", {"connections": asked})["alive"]
        except Refused:
            alive = {handle: one.version for handle, one in self.open.items() if one.expires_at > time.time()}
        for handle in asked:
            connection = self.open.get(handle)
            if connection is None:
                continue
            if handle not in alive:
                self.server.server.disconnect(handle)
            elif alive[handle] != connection.version:
                self._again(handle, connection)

    def _again(self, handle: str, connection: Connection) -> None:
        """Leave every room and enter those that the changed rights still open; when nobody answers, none of them."""
        inner = self.server.server
        for room in {*connection.own_rooms, *(room for _topic, rooms in connection.topics.values() for room in rooms)}:
            inner.leave_room(handle, room)
        topics = [plain for plain, _rooms in connection.topics.values()]
        connection.topics, connection.own_rooms, connection.version = {}, [], ""
        with contextlib.suppress(Refused):
            known = self.application.ask("identify", connection.key)
            answer = self.application.ask("watch", {**connection.key, "topics": topics})
            connection.version, connection.own_rooms = intern(known["version"]), names(known["rooms"])
            for room in connection.own_rooms:
                inner.enter_room(handle, room)
            for topic in answer["watching"]:
                self._enter(connection, topic, lambda room: inner.enter_room(handle, room))
        for name in connection.here.keys() - connection.topics.keys():
            self._gone(handle, connection, name)


def _key_of(auth: Any) -> dict[str, str]:
    """Return by what a connection is to be known: the address of an embed with its site, a token, or its cookie."""
    sent = auth if isinstance(auth, dict) else {}
    if sent.get("embed"):
        return {"embed": str(sent["embed"]), "origin": request.headers.get("Origin") or ""}
    if sent.get("token"):
        return {"token": str(sent["token"])}
    return {"sid": request.cookies.get("__Host-sid") or request.cookies.get("sid") or ""}


def is_own_origin(origin: str | None, environ: dict[str, Any]) -> bool:
    """Return whether a page of the product itself connects, or a program, which names no origin."""
    if not origin:
        return True
    schemes = {environ.get("wsgi.url_scheme", ""), environ.get("HTTP_X_FORWARDED_PROTO", "").split(",")[0].strip()}
    hosts = {environ.get("HTTP_HOST", ""), environ.get("HTTP_X_FORWARDED_HOST", "").split(",")[0].strip()}
    return origin in {f"{scheme}://{host}" for scheme in schemes - {""} for host in hosts - {""}}


def is_let_in(origin: str, environ: dict[str, Any]) -> bool:
    """Return whether a socket may open: from our own pages, or from another site that says it brings an embed.

    Such a one is asked for the embed next, and its cookies count for nothing.
    """
    return is_own_origin(origin, environ) or "embed=1" in environ.get("QUERY_STRING", "").split("&")


def _plain(topic: dict[str, Any]) -> dict[str, Any]:
    """Return a topic as the browser named it, without its rooms."""
    return {key: value for key, value in topic.items() if key != "rooms"}


def build(engine: str) -> tuple[Flask, SocketIO, Realtime]:
    """Return the realtime application on an engine ("eventlet", "gevent", "threading")."""
    config = settings()
    app = Flask("realtime", static_folder=None)
    manager = socketio.RedisManager(
        config.redis_realtime_url, channel="flask-socketio", redis_options={"client_name": own_name()}
    )
    server = SocketIO(
        app, async_mode=engine, client_manager=manager, transports=["websocket"], max_http_buffer_size=MOST_BYTES,
        cors_allowed_origins=is_let_in, ping_interval=20, ping_timeout=20, manage_session=False,
    )  # fmt: skip
    application = Application(config.internal_url, config.secret_key)
    redis = Redis.from_url(config.redis_realtime_url, socket_timeout=1, socket_connect_timeout=0.5)
    realtime = Realtime(server, application, Presence(redis), Hearing(redis, own_name()))
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
    server.start_background_task(realtime.listen_for_ever)
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
