"""Home to the guard at the door: who may ask, for what, how much; and the headers every answer bears.

It stands before everything else and knows nothing of pages. Refusals are handed to `refuse`, which tells them as a
page.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit

from ytterby.desk import urls

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Refuse: TypeAlias = Callable[[Scope, int, str, str], App]
"""(scope, status, cause, remedy) -> the answer."""

LONGEST = 8_000
"""Characters of an address."""
LARGEST = 32 * 2**20
"""Bytes of what is sent: documents to read."""
TOKEN_COOKIE = "ytterby-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Of pages: nothing from elsewhere, no inline script, no inline style."""
DRAWING = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Of a figure by itself, which carries its style."""

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)


class Guard:
    """An ASGI application around another: lets through what may pass."""

    def __init__(
        self, app: App, refuse: Refuse, *, hosts: Iterable[str], token: str = "", largest: int = LARGEST
    ) -> None:
        self.app = app
        self.refuse = refuse
        self.hosts = frozenset(one.lower() for one in hosts)
        self.token = token
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        heads = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
        send = _with_headers(send)
        query = scope.get("query_string", b"")
        refused = self._refusal(scope, heads, len(scope.get("raw_path") or b"") + len(query))
        if refused is not None:
            await self.refuse(scope, *refused)(scope, receive, send)
            return
        if self.token and not self._known(scope, heads):
            asked = dict(parse_qsl(query.decode("latin-1"))).get("token", "")
            if scope["method"] == "GET" and _same(asked, self.token):
                await self._welcome(scope, send)
            elif scope["path"] == urls.TOKEN or scope["path"].startswith(urls.STATIC):
                await self._through(scope, heads, receive, send)
            else:
                cause = "this desk answers only with its token"
                remedy = "open the address that was printed when it was started, or send 'Authorization: Bearer ...'"
                await self.refuse(scope, 401, cause, remedy)(scope, receive, send)
            return
        await self._through(scope, heads, receive, send)

    def _refusal(self, scope: Scope, heads: dict[str, str], length: int) -> tuple[int, str, str] | None:
        if length > LONGEST:
            return 414, f"an address of {length:,} characters", f"keep it below {LONGEST:,}"
        if not self._host(heads.get("host", "")):
            cause = f"'{heads.get('host', '')[:80]}' is not a name of this desk"
            return 403, cause, "use the address that was printed when it was started"
        if scope["method"] not in SAFE and not _own_origin(scope, heads):
            return 403, "this was sent from another site", "send it from a page of this desk"
        try:
            size = int(heads.get("content-length", "0"))
        except ValueError:
            return 400, "the request does not say how long it is", "send it again"
        if size > self.largest:
            return 413, f"{size / 2**20:,.0f} MB were sent", f"send at most {self.largest // 2**20} MB at once"
        return None

    def _host(self, written: str) -> bool:
        name = _name(written)
        if name in self.hosts:
            return True
        # An open desk is reached by addresses it cannot know; a number is never a name that somebody forged.
        return "*" in self.hosts and _number(name)

    def _known(self, scope: Scope, heads: dict[str, str]) -> bool:
        kind, _, given = heads.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and _same(given.strip(), self.token):
            return True
        return _same(cookies(heads.get("cookie", "")).get(TOKEN_COOKIE, ""), self.token)

    async def _welcome(self, scope: Scope, send: Send) -> None:
        """Keeps the token in a cookie and takes it out of the address, so that it is not copied along with it."""
        kept = [pair for pair in parse_qsl(scope["query_string"].decode("latin-1")) if pair[0] != "token"]
        path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").split("?")[0]
        # Two slashes at the beginning would name another host.
        target = "/" + path.lstrip("/\\") + (f"?{urlencode(kept)}" if kept else "")
        headers = [(b"location", target.encode("latin-1")), (b"set-cookie", token_cookie(self.token).encode())]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _through(self, scope: Scope, heads: dict[str, str], receive: Receive, send: Send) -> None:
        """Lets a request through and counts what comes in: a length may be untold, or a lie."""
        came, over, begun = 0, False, False

        async def counted() -> Message:
            nonlocal came, over
            message = await receive()
            came += len(message.get("body", b""))
            if came > self.largest:
                over = True
                return {"type": "http.disconnect"}
            return message

        async def answered(message: Message) -> None:
            nonlocal begun
            if over and not begun:
                return
            begun = True
            await send(message)

        try:
            await self.app(scope, counted, answered)
        except Exception:
            if not over:
                raise
        if over and not begun:
            remedy = f"send at most {self.largest // 2**20} MB at once"
            await self.refuse(scope, 413, "too much was sent", remedy)(scope, receive, send)


def token_cookie(token: str) -> str:
    """The header that keeps a token in the browser, for its own site only and out of reach of scripts."""
    return f"{TOKEN_COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000"


def cookies(header: str) -> dict[str, str]:
    """The cookies of a request; a broken header holds none."""
    try:
        return {name: one.value for name, one in SimpleCookie(header[:8000]).items()}
    except CookieError:
        return {}


def _with_headers(send: Send) -> Send:
    async def headed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            names = {name.lower() for name, _ in headers}
            headers += [(name, value) for name, value in _HEADERS if name not in names]
            if b"content-security-policy" not in names:
                headers.append((b"content-security-policy", POLICY.encode()))
            if b"cache-control" not in names:
                headers.append((b"cache-control", b"no-store"))
            message = {**message, "headers": headers}
        await send(message)

    return headed


def _own_origin(scope: Scope, heads: dict[str, str]) -> bool:
    """Whether a change comes from a page of this desk, or from no browser at all."""
    site = heads.get("sec-fetch-site", "")
    if site not in ("", "same-origin", "none"):
        return False
    origin = heads.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc.lower() == heads.get("host", "").lower() and origin != "null"


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())


def _name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower().rstrip(".")
    except ValueError:
        return ""


def _number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
