"""Home to the serving of the desk: which address it listens on, whom it lets in, and the server itself."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ytterby.desk import guard
from ytterby.terms.errors import BadValue, InputError, StoreError

PORT = 8039
"""39 is yttrium's number."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a desk listens and to whom it answers."""

    host: str
    port: int
    token: str
    hosts: frozenset[str]

    @property
    def address(self) -> str:
        """What to open in a browser; the token is part of it where one is needed."""
        name = "localhost" if self.host in ("127.0.0.1", "::1") else self.host
        if name in ("0.0.0.0", "::"):
            name = socket.gethostname()
        name = f"[{name}]" if ":" in name else name
        return f"http://{name}:{self.port}/" + (f"?token={self.token}" if self.token else "")


def place(host: str = "127.0.0.1", port: int = PORT, token: str = "", names: Iterable[str] = ()) -> Place:
    """Where to listen: this machine alone without a token, any other address with the one given or a new one.

    Raises:
        BadValue: the port is none, or the token too short to keep anybody out.
    """
    if not 0 <= port <= 65535:
        raise BadValue(f"{port} is no port", place="--port", remedy="give a number from 1 to 65535, 0 for any free one")
    if token and (len(token) < 16 or not token.isascii() or not all(c.isalnum() or c in "-_" for c in token)):
        remedy = "give 16 or more letters, digits, - and _, or none: then one is made"
        raise BadValue("a token that is easily guessed", place="--token", remedy=remedy)
    alone = host == "localhost" or (_number(host) and ipaddress.ip_address(host).is_loopback)
    hosts = set(guard.LOOPBACK) | {one.lower() for one in names}
    if not alone:
        token = token or secrets.token_urlsafe(24)
        hosts |= {host.lower(), socket.gethostname().lower(), socket.getfqdn(host).lower()}
        if host in ("0.0.0.0", "::"):
            hosts.add("*")
    return Place(host, port, token, frozenset(hosts))


def serve(project: Path | None, where: Place, ready: Callable[[Place], None] = lambda where: None) -> None:
    """Serves the desk of a project until it is stopped; `ready` is called once it listens, with the port it got.

    Raises:
        InputError: FastAPI or uvicorn is not installed.
        StoreError: no project there, or the address cannot be listened on.
    """
    try:
        import uvicorn

        from ytterby.desk.app import create_app
    except ImportError as error:
        cause = f"the desk needs {error.name or 'FastAPI'}"
        raise InputError(cause, place="ytterby serve", remedy="pip install 'ytterby[desk]'") from error

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            if self.started:
                ready(where)

    opened = _listen(where)
    where = Place(where.host, opened.getsockname()[1], where.token, where.hosts)
    try:
        app: Any = create_app(project, token=where.token, hosts=where.hosts, warm=True)
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=True,
            timeout_graceful_shutdown=2,
            h11_max_incomplete_event_size=64 * 1024,
        )
        Server(config).run(sockets=[opened])
    except KeyboardInterrupt:
        pass
    finally:
        opened.close()


def _listen(where: Place) -> socket.socket:
    try:
        family = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)[0][0]
        opened = socket.socket(family, socket.SOCK_STREAM)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((where.host, where.port))
        opened.listen(128)
    except OSError as error:
        cause = f"cannot listen there ({error.strerror or error})"
        remedy = "choose another port: ytterby serve --port 8040 (0 takes any free one)"
        raise StoreError(cause, place=f"{where.host}:{where.port}", remedy=remedy) from error
    return opened


def _number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
