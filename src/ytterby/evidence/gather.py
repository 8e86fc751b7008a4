"""Home to the door to the outside: the only place of the package that opens a connection to a page.

An address is resolved once, every IP it has is checked, and the connection goes to the IP that was checked; each
redirect is checked again. Pages are read up to a size, in a time; proxies of the environment are not used.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from ytterby.evidence.addresses import Address, Ip, address, joined, public
from ytterby.terms.errors import InputError, shown

AGENT = "Ytterby/0 (reads rare-earth news for one analyst; obeys robots.txt)"
_ROBOT = "Ytterby"
_NUMERIC = re.compile(r"[0-9a-fx.]+", re.IGNORECASE)
_CHUNK = 1 << 16
_LONGEST_PAUSE = 10.0
_KINDS = "text/html, application/xhtml+xml, application/pdf, text/plain, application/rss+xml, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one page may cost."""

    body: int = 32 * 2**20
    """Bytes, also after unpacking."""
    seconds: float = 60.0
    """From the first name looked up to the last byte, redirects included."""
    redirects: int = 5
    wait: float = 15.0
    """Seconds without a byte."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came."""

    url: str
    """Asked for."""
    final_url: str
    """After redirects."""
    content: bytes
    media: str = ""
    charset: str = ""
    etag: str = ""
    modified: str = ""
    unchanged: bool = False
    """True where the server says that nothing changed since; `content` is then empty."""
    cut: bool = False
    """True where `content` stops at a limit; only where the caller allowed it."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes
    cut: bool


@dataclass
class Door:
    """One run's way out: remembers robots.txt of each host, and which private hosts the user named.

    With `allow_private` an address the user names may be private; a page or redirect may lead to a private address
    only within the same host and port.
    """

    allow_private: bool = False
    robots: bool = True
    limits: Limits = field(default_factory=Limits)
    _named: set[tuple[str, int]] = field(default_factory=set)
    _rules: dict[str, Any] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)

    def name(self, url: str) -> None:
        """Enter an address the user gave: where private addresses are allowed, this host may be one."""
        if self.allow_private:
            self._named.add(address(url).origin)

    def fetch(
        self, url: str, *, etag: str = "", modified: str = "", cut: Callable[[bytes], bool] | None = None
    ) -> Fetched:
        """The page at an address.

        Args:
            url: http or https.
            etag: of the last visit, for a conditional request.
            modified: ``Last-Modified`` of the last visit, likewise.
            cut: asked with the first bytes of a page that is too large or too slow: whether what came will do.

        Raises:
            InputError: the address may not be reached, robots.txt forbids it, the page is missing, too large or late.
        """
        headers = {"User-Agent": AGENT, "Accept": _KINDS, "Accept-Encoding": "gzip, deflate", "Connection": "close"}
        if etag:
            headers["If-None-Match"] = etag
        if modified:
            headers["If-Modified-Since"] = modified
        until = time.monotonic() + self.limits.seconds
        at = address(url)
        for _ in range(self.limits.redirects + 1):
            self._permitted(at, until)
            answer = self._ask("GET", at, headers, None, until, self.limits.body, cut)
            onward = answer.headers.get("location", "")
            if answer.status in (301, 302, 303, 307, 308) and onward:
                at = address(joined(str(at), onward))
                continue
            return _fetched(url, at, answer)
        raise InputError(
            f"the address redirects more than {self.limits.redirects} times",
            place=shown(url, 160),
            remedy="open it in a browser and give the address it ends at",
        )

    def _permitted(self, at: Address, until: float) -> None:
        """Refuse what robots.txt of the host forbids; wait where it asks for a pause between visits."""
        if not self.robots:
            return
        rules = self._robots(at, until)
        if not rules.can_fetch(str(at), _ROBOT):
            raise InputError(
                "the site's robots.txt asks programs not to read this page",
                place=str(at),
                remedy="open it in a browser, save it, and read the file",
            )
        pause = min(float(rules.crawl_delay(_ROBOT) or 0.0), _LONGEST_PAUSE)
        since = time.monotonic() - self._last.get(at.netloc, -_LONGEST_PAUSE)
        if 0 < pause > since:
            time.sleep(min(pause - since, max(0.0, until - time.monotonic())))
        self._last[at.netloc] = time.monotonic()

    def _robots(self, at: Address, until: float) -> Any:
        from protego import Protego

        site = f"{at.scheme}://{at.netloc}"
        if site not in self._rules:
            step = address(f"{site}/robots.txt")
            text = ""
            for _ in range(self.limits.redirects + 1):
                headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip, deflate", "Connection": "close"}
                answer = self._ask("GET", step, headers, None, until, 512 * 1024, lambda _: True)
                onward = answer.headers.get("location", "")
                if answer.status in (301, 302, 303, 307, 308) and onward:
                    step = address(joined(str(step), onward))
                    continue
                if answer.status >= 500:
                    raise InputError(
                        f"the site's robots.txt cannot be read (status {answer.status}): what it allows is not known",
                        place=str(step),
                        remedy="try again later",
                    )
                text = answer.content.decode("utf-8", "replace") if answer.status < 300 else ""
                break
            self._rules[site] = Protego.parse(text)
        return self._rules[site]

    def _ask(
        self,
        method: str,
        at: Address,
        headers: Mapping[str, str],
        body: bytes | None,
        until: float,
        most: int,
        cut: Callable[[bytes], bool] | None = None,
    ) -> _Answer:
        """One request to one address that was checked; nothing is followed."""
        ip = self._checked(at, until)
        left = until - time.monotonic()
        if left <= 0:
            raise _late(at, self.limits.seconds)
        wait = min(self.limits.wait, left)
        with _told(at, self.limits.seconds, until):
            connection = _connection(at, ip, wait)
            try:
                connection.connect()
                with _clock(connection, until):
                    connection.request(
                        method, at.target, body=body, headers={"Host": at.netloc, **headers},
                        preload_content=False, decode_content=False,
                    )  # fmt: skip
                    response = connection.getresponse()
                    try:
                        told = {name.lower(): value for name, value in response.headers.items()}
                        content, was_cut = _body(response, told, at, until, most, self.limits.seconds, cut)
                    finally:
                        response.close()
                    return _Answer(response.status, told, content, was_cut)
            finally:
                connection.close()

    def _checked(self, at: Address, until: float) -> Ip:
        """The IP to connect to; refuses where any IP of the host is not public."""
        ips = _resolved(at, until)
        closed = [ip for ip in ips if not public(ip)]
        if closed and at.origin not in self._named:
            raise InputError(
                f"the address leads into a private network or this machine ({closed[0]})",
                place=str(at),
                remedy="name it yourself with private addresses allowed; pages and redirects never may lead there",
            )
        return ips[0]


def fetch(url: str, *, etag: str = "", modified: str = "", allow_private: bool = False) -> Fetched:
    """The page at an address, through a door opened for it alone; see `Door.fetch`."""
    door = Door(allow_private=allow_private)
    door.name(url)
    return door.fetch(url, etag=etag, modified=modified)


def post(
    url: str, headers: Mapping[str, str], body: bytes, timeout: float = 60.0, *, allow_private: bool = False
) -> bytes:
    """The answer to a body sent to an address the user configured; redirects are not followed.

    Raises:
        InputError: the address may not be reached, the answer is late, larger than 32 MiB, or no success.
    """
    door = Door(allow_private=allow_private, limits=Limits(seconds=timeout, wait=timeout))
    door.name(url)
    at = address(url)
    sent = {"User-Agent": AGENT, "Accept-Encoding": "gzip, deflate", "Connection": "close", **headers}
    answer = door._ask("POST", at, sent, body, time.monotonic() + timeout, door.limits.body)
    if not 200 <= answer.status < 300:
        said = shown(answer.content[:300].decode("utf-8", "replace"), 200)
        raise InputError(
            f"the address answered with status {answer.status}" + (f": {said}" if said else ""),
            place=str(at),
            remedy="check the address, the key and the name of the model",
        )
    return answer.content


def _fetched(url: str, at: Address, answer: _Answer) -> Fetched:
    media, _, rest = answer.headers.get("content-type", "").partition(";")
    charset = rest.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
    etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
    if answer.status == 304:
        return Fetched(url, str(at), b"", media.strip().lower(), charset, etag, modified, unchanged=True)
    if not 200 <= answer.status < 300:
        why = {
            401: "it wants a login",
            402: "it wants to be paid",
            403: "it refuses programs",
            404: "there is no such page",
            410: "the page is gone",
            429: "it was asked too often",
        }.get(answer.status, "the site failed" if answer.status >= 500 else "no page came")
        raise InputError(
            f"{why} (status {answer.status})",
            place=str(at),
            remedy="try again later"
            if answer.status in (429, 500, 502, 503, 504)
            else "open it in a browser, save it, and read the file",
        )
    return Fetched(url, str(at), answer.content, media.strip().lower(), charset, etag, modified, cut=answer.cut)


def _resolved(at: Address, until: float) -> list[Ip]:
    """Every IP of a host. The system's look-up knows no time limit, so it runs beside a clock."""
    with suppress(ValueError):
        return [ipaddress.ip_address(at.host)]
    if _NUMERIC.fullmatch(at.host):
        # 2130706433, 0x7f.1: spellings of an IPv4 address that the system takes too.
        with suppress(OSError):
            return [ipaddress.IPv4Address(socket.inet_aton(at.host))]
    found: list[Ip] = []

    def look() -> None:
        try:
            for entry in socket.getaddrinfo(at.host, at.port, type=socket.SOCK_STREAM):
                ip = ipaddress.ip_address(str(entry[4][0]).partition("%")[0])
                if ip not in found:
                    found.append(ip)
        except (OSError, ValueError):
            return  # nothing found: said below

    looker = threading.Thread(target=look, daemon=True)
    looker.start()
    looker.join(max(0.1, min(15.0, until - time.monotonic())))
    if not found:
        raise InputError(
            f"the host {shown(at.host, 80)} cannot be found",
            place=str(at),
            remedy="check the address and the connection to the internet",
        )
    return list(found)


def _connection(at: Address, ip: Ip, wait: float) -> Any:
    from urllib3.connection import HTTPConnection, HTTPSConnection

    if at.scheme == "http":
        return HTTPConnection(str(ip), at.port, timeout=wait)
    return HTTPSConnection(
        str(ip), at.port, timeout=wait, ssl_context=ssl.create_default_context(), cert_reqs="CERT_REQUIRED",
        server_hostname=at.host, assert_hostname=at.host,
    )  # fmt: skip


@contextmanager
def _clock(connection: Any, until: float) -> Iterator[None]:
    """Close a connection when its time is over: a server that sends a byte now and then never runs into a timeout."""
    held: socket.socket | None = connection.sock

    def close() -> None:
        if held is not None:
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, until - time.monotonic()), close)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _body(
    response: Any,
    headers: Mapping[str, str],
    at: Address,
    until: float,
    most: int,
    seconds: float,
    cut: Callable[[bytes], bool] | None,
) -> tuple[bytes, bool]:
    """The body, unpacked bit by bit so that a small file cannot become a large one unseen."""
    unpack = _unpacker(headers.get("content-encoding", "").strip().lower(), at)
    promised = headers.get("content-length", "")
    whole = bytearray()
    came = 0

    def over(error: InputError) -> tuple[bytes, bool]:
        if cut is not None and whole and cut(bytes(whole[:4096])):
            return bytes(whole[:most]), True
        raise error

    while True:
        try:
            chunk = response.read1(_CHUNK)
        except Exception:
            if time.monotonic() >= until - 0.05:
                return over(_late(at, seconds))
            raise
        if not chunk:
            if time.monotonic() >= until:
                return over(_late(at, seconds))
            if promised.isdigit() and came < int(promised):
                raise OSError("the connection broke off in the middle")
            return bytes(whole), False
        came += len(chunk)
        whole += unpack(chunk, most - len(whole) + 1)
        if len(whole) > most:
            return over(_large(at, most))
        if time.monotonic() >= until:
            return over(_late(at, seconds))


def _unpacker(encoding: str, at: Address) -> Callable[[bytes, int], bytes]:
    if encoding in ("", "identity"):
        return lambda chunk, most: chunk[:most]
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise InputError(
            f"the page came packed as {shown(encoding, 20)}, which was not asked for",
            place=str(at),
            remedy="open it in a browser, save it, and read the file",
        )
    engine = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def unpack(chunk: bytes, most: int) -> bytes:
        # `max_length` leaves the rest packed; one byte beyond the limit is enough to know.
        return engine.decompress(engine.unconsumed_tail + chunk, max(1, most))

    return unpack


@contextmanager
def _told(at: Address, seconds: float, until: float) -> Iterator[None]:
    """Errors of the wire told as `InputError`."""
    from urllib3.exceptions import HTTPError

    try:
        yield
    except InputError:
        raise
    except ssl.SSLError as error:
        raise InputError(
            f"no safe connection could be made: {shown(str(error.reason or error), 80)}",
            place=str(at),
            remedy="check the address and this machine's clock and certificates",
        ) from None
    except zlib.error:
        cause = "the page came packed and does not unpack"
        raise InputError(cause, place=str(at), remedy="try again; else save it from a browser") from None
    except (OSError, HTTPError, ValueError, EOFError) as error:
        if time.monotonic() >= until - 0.05:
            raise _late(at, seconds) from None
        why = "it does not answer in time" if "timed out" in str(error).lower() else _short(error)
        raise InputError(
            f"the page could not be fetched: {why}", place=str(at), remedy="check the address; try again later"
        ) from None


def _short(error: Exception) -> str:
    if "IncompleteRead" in str(error):
        return "the connection broke off in the middle"
    words = str(error).split("Errno")[-1].strip(" ])")
    words = words.partition("] ")[2] or words
    return shown(words, 100) or type(error).__name__


def _late(at: Address, seconds: float) -> InputError:
    return InputError(
        f"the page took longer than {seconds:.0f} seconds",
        place=str(at),
        remedy="try again; else save it from a browser",
    )


def _large(at: Address, most: int) -> InputError:
    return InputError(
        f"the page is larger than {most / 2**20:.0f} MiB",
        place=str(at),
        remedy="save the part you want as text and read that",
    )
