"""Home to web addresses: one spelling for each, and which of them may be reached at all."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from ytterby.terms.errors import InputError, shown

_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|spm|share_token|from_source|mc_[ce]id|ref_src", re.IGNORECASE)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LONGEST = 4_000

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Address:
    """A web address taken apart."""

    scheme: str
    host: str
    """Lower case, ASCII (names of other scripts in their IDNA form)."""
    port: int
    target: str
    """Path and query, as they go on the wire."""

    @property
    def origin(self) -> tuple[str, int]:
        """Host and port."""
        return self.host, self.port

    @property
    def netloc(self) -> str:
        """Host, with the port where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.target}"


def is_address(source: str) -> bool:
    """Whether a source is written as an address of any scheme, rather than as a path.

    >>> is_address("https://example.org/x"), is_address("ftp://example.org"), is_address("C:/news.txt")
    (True, True, False)
    """
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", source) is not None


def address(url: str) -> Address:
    """An address, checked; raises `InputError` for another scheme than http and https, or what is no address."""
    place = shown(url, 160)
    if len(url) > _LONGEST or any(char <= " " or char == "\x7f" for char in url.strip()):
        raise InputError("this is not a web address", place=place, remedy="write https://host/path without blanks")
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        plain = host if ":" in host else host.encode("idna").decode("ascii").lower()
    except (ValueError, UnicodeError):
        raise InputError("this is not a web address", place=place, remedy="write https://host/path") from None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise InputError(
            f"addresses that begin with {shown(scheme, 20)}: are not opened",
            place=place,
            remedy="give an http or https address, or the path of a file",
        )
    if not plain:
        raise InputError("the address names no host", place=place, remedy="write https://host/path")
    if parts.username or parts.password:
        raise InputError(
            "the address carries a name or password",
            place=f"{scheme}://{plain}",
            remedy="leave them out of the address",
        )
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return Address(scheme, plain, port or _PORTS[scheme], path + (f"?{query}" if query else ""))


def canonical(url: str) -> str:
    """One spelling of an address: no fragment, no tracking, no default port; what is no address stays as it is.

    >>> canonical("HTTPS://Example.org:443/a?utm_source=x&id=2#top")
    'https://example.org/a?id=2'
    """
    try:
        parts = urlsplit(str(address(url)))
    except InputError:
        return url
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])]
    query = parts.query if len(kept) == parts.query.count("&") + 1 else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def joined(base: str, onward: str) -> str:
    """Where a redirect or link of the page `base` leads."""
    return urljoin(base, onward.strip())


def is_root(url: str) -> bool:
    """Whether an address names a site and no page of it."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def public(ip: Ip) -> bool:
    """Whether an IP address belongs to the open internet, also when it hides inside another.

    >>> [public(ipaddress.ip_address(one)) for one in ("8.8.8.8", "10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254")]
    [True, False, False, False]
    """
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return public(inner)
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)
